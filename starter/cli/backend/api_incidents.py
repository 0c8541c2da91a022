"""Major incidents asked of an API."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

from domain.incidents.record import Child
from domain.incidents.verbs import IncidentVerb
from domain.incidents.views import IncidentView
from domain.messages.base import Message
from domain.messages.incident import AT_A_TIME, Declare
from starter.cli.backend.api_cases import unstamped
from starter.cli.backend.client import ApiClient, read
from starter.cli.backend.receipts import receipt_in
from starter.door.incidents import SaidOfCases, as_named
from starter.web.api.resources import INCIDENT_RESOURCES
from workflows.incident_messages import IncidentReceipt

_NOUNS = {verb: noun for noun, verb in INCIDENT_RESOURCES.items()}


class ApiIncidents:
    """Asks an API, as whom its key speaks for."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api

    async def declare(self, message: Declare) -> IncidentReceipt:
        """Declare an incident, or find it."""
        return await self._posted("incidents", fields=unstamped(message), request_id=message.request_id)

    async def speak(self, incident: str, verb: IncidentVerb, message: Message) -> IncidentReceipt:
        """Say a verb, and wait for the receipt."""
        path = ("incidents", as_named(incident), _NOUNS[verb])
        return await self._posted(*path, fields=unstamped(message), request_id=message.request_id)

    async def speak_of(
        self, incident: str, cases: Sequence[str], said: SaidOfCases
    ) -> AsyncIterator[IncidentReceipt]:
        """Let cases join or leave: a receipt for each part of a long list."""
        whole, path = said.request_id or str(uuid4()), ("incidents", as_named(incident), _NOUNS[said.verb])
        for part, start in enumerate(range(0, len(cases), AT_A_TIME)):
            fields = {**said.fields, "cases": list(cases[start : start + AT_A_TIME])}
            yield await self._posted(*path, fields=fields, request_id=f"{whole}/{part}" if part else whole)

    async def show(self, incident: str, *, with_cases: bool) -> tuple[IncidentView, Sequence[Child]]:
        """Read how an incident stands, and every case it has had."""
        record = self._api.record(await self._api.get("incidents", as_named(incident)))
        url = self._api.login.url
        children = [read(Child, one, url) for one in record["cases"]] if with_cases else ()
        return read(IncidentView, record["incident"], url), children

    async def listed(self, limit: int, *, open_only: bool) -> list[dict[str, Any]]:
        """List incidents, the latest first."""
        record = self._api.record(await self._api.get("incidents", limit=limit, open=open_only))
        found: list[dict[str, Any]] = record["incidents"]
        return found

    async def _posted(self, *path: str, fields: dict[str, Any], request_id: str | None) -> IncidentReceipt:
        answer = await self._api.post(*path, fields=fields, key=request_id or str(uuid4()))
        return receipt_in(self._api, answer, IncidentReceipt)
