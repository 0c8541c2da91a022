"""Cases asked of an API: neither the engine nor the case store is needed here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from pydantic import BaseModel

from activities.store.case_list import CaseFilter
from activities.store.case_search import Found, FoundCase, Search
from domain.actor import Actor, Tier
from domain.clocks import Clock
from domain.messages.base import Message
from domain.messages.request import Submit
from domain.record import CaseRow
from domain.tenants import TenantRecord
from domain.timeline import TimelineEntry
from domain.verbs import Verb
from domain.views.as_of import CaseAsOf, CustomerAsOf
from domain.views.customer import CustomerView
from domain.views.explain import Explanation
from domain.views.staff import CaseView
from starter.cli.backend.client import ApiClient, read
from starter.cli.backend.protocol import CasePath, Events, Handed, Shown, Why
from starter.cli.backend.receipts import answer_in, receipt_in
from starter.cli.logins import needs_desk
from starter.door.as_of import ListAsOf
from starter.door.case_lists import Queue
from starter.door.case_lookup import as_named, id_of_reference
from starter.door.faults import not_found
from starter.door.handoff_list import Accepted, accept_each
from starter.door.permission import is_customer_view, staff_only
from starter.door.speak import Answer, Said
from starter.web.api.headers import NUMBER, SOURCE
from starter.web.api.resources import CASE_RESOURCES
from workflows.messages import Receipt

T = TypeVar("T", bound=BaseModel)
_NOUNS = {verb: noun for noun, verb in CASE_RESOURCES.items()}


class ApiCases:
    """Asks an API, as whom its key speaks for."""

    def __init__(self, api: ApiClient, actor: Actor) -> None:
        self._api = api
        self._actor = actor

    async def find(self, case: str, tenant: str | None = None, source: str = "desk") -> str:
        """Return the number or the id of the case that is meant; whether it is there is seen later."""
        named = as_named(case) if tenant is None else id_of_reference(tenant, source, case)
        if not named or "/" in named:
            raise not_found(named)
        return named

    async def speak(self, case: str, said: Said) -> Answer:
        """Say a verb, and wait for the receipt."""
        return answer_in(self._api, await self._said(case, said, said.request_id or str(uuid4())))

    async def hand_over(self, case: str, said: Said) -> Handed:
        """Say a verb without waiting."""
        key = said.request_id or str(uuid4())
        record = self._api.record(await self._said(case, said, key, waits=False))
        return Handed(str(record["case_id"]), key, record.get("warning_texts", {}))

    async def open(self, request: Submit) -> Receipt:
        """Open a case, or find it."""
        return receipt_in(self._api, await self._opened(request), Receipt)

    async def open_without_waiting(self, request: Submit) -> str:
        """Hand a request over; return the id of its case."""
        return str(self._api.record(await self._opened(request, waits=False))["case_id"])

    async def known_tenant(self, name: str) -> TenantRecord | None:
        """Return nothing: the directory is the desk's own, which sees to the name as the case is opened."""
        return None

    async def show(self, case: str, *, as_customer: bool = False) -> Shown:
        """Read a case as whoever speaks sees it, or as its customer does."""
        answer = await self._api.get("cases", case, **({"as": "customer"} if as_customer else {}))
        record = self._api.record(answer)
        view: CaseView | CustomerView
        if as_customer or is_customer_view(self._actor):
            view = self._read(CustomerView, record)
        else:
            view = self._read(CaseView, record)
        version = answer.headers.get("etag", "").strip('"')
        return Shown(view, answer.headers.get(SOURCE, ""), int(version) if version.isdecimal() else 0)

    async def timeline(self, case: str) -> Events:
        """Read everything that happened to a case."""
        answer = await self._api.get("cases", case, "timeline")
        record = self._api.record(answer)
        entries = [self._read(TimelineEntry, entry) for entry in record["entries"]]
        return Events(record["number"], answer.headers.get(SOURCE, ""), entries)

    async def explain(self, case: str, clock: Clock) -> Why:
        """Tell why a clock is due when it is."""
        answer = await self._api.get("cases", case, "explanations", clock.value)
        why = self._read(Explanation, self._api.record(answer))
        return Why(answer.headers.get(NUMBER, case), answer.headers.get(SOURCE, ""), why)

    async def handoffs(self, case: str) -> CasePath:
        """Read how a case went from centre to centre."""
        record = self._api.record(await self._api.get("cases", case, "handoffs"))
        steps = [self._read(TimelineEntry, entry) for entry in record.pop("steps")]
        return CasePath(**record, steps=steps)

    async def listed(self, wanted: CaseFilter) -> tuple[CaseRow, ...]:
        """List cases, the nearest promise first."""
        pages = self._api.pages("cases", rows="cases", limit=wanted.limit, **_narrowed(wanted))
        return tuple([self._read(CaseRow, row) async for page in pages for row in page["cases"]])

    async def queue(self, region: str, levels: Sequence[str], tier: Tier | None, limit: int) -> Queue:
        """List the open cases of a centre and those offered to it."""
        params = {"level": list(levels), "tier": tier}
        pages = [
            page
            async for page in self._api.pages("regions", region, "queue", rows="cases", limit=limit, **params)
        ]
        rows = tuple(self._read(CaseRow, row) for page in pages for row in page["cases"])
        written_at = pages[0]["written_at"]
        return Queue(pages[0]["region"], rows, written_at and datetime.fromisoformat(written_at))

    async def show_as_of(
        self, case: str, at: datetime, *, as_customer: bool = False
    ) -> CaseAsOf | CustomerAsOf:
        """Read a case as it stood."""
        whom = {"as": "customer"} if as_customer else {}
        record = self._api.record(await self._api.get("cases", case, as_of=at.isoformat(), **whom))
        if as_customer or is_customer_view(self._actor):
            return self._read(CustomerAsOf, record)
        return self._read(CaseAsOf, record)

    async def listed_as_of(self, wanted: CaseFilter, at: datetime) -> ListAsOf:
        """List cases as they stood."""
        asked = _narrowed(wanted) | {"as_of": at.isoformat()}
        return await self._past("cases", limit=wanted.limit, **asked)

    async def queue_as_of(
        self, region: str, at: datetime, levels: Sequence[str], tier: Tier | None, limit: int
    ) -> ListAsOf:
        """List what a centre had and was offered."""
        asked = {"level": list(levels), "tier": tier, "as_of": at.isoformat()}
        return await self._past("regions", region, "queue", limit=limit, **asked)

    async def _past(self, *path: str, limit: int, **asked: Any) -> ListAsOf:
        pages = [page async for page in self._api.pages(*path, rows="cases", limit=limit, **asked)]
        rows = tuple(self._read(CaseRow, row) for page in pages for row in page["cases"])
        return ListAsOf(datetime.fromisoformat(asked["as_of"]), rows, pages[0]["unknown"])

    async def search(self, wanted: Search) -> Found:
        """Find cases by what somebody knows of them."""
        asked = {"text": wanted.text, "tenant": wanted.tenant, "open": wanted.open_only}
        whole = wanted.offset + wanted.limit
        pages = [page async for page in self._api.pages("search", rows="cases", limit=whole, **asked)]
        found = [self._read(FoundCase, one) for page in pages for one in page["cases"]]
        return self._read(Found, {**pages[0], "cases": found[wanted.offset :]})

    async def accept_list(
        self, region: str, levels: Sequence[str], assignee: str | None, request_id: str | None
    ) -> "list[Accepted]":
        """Accept the cases that are offered to a centre."""
        staff_only(self._actor, "the list of a centre")
        offered = CaseFilter(offered_to=region, levels=tuple(levels), limit=1000)
        said = Said(Verb.ACCEPT_HANDOFF, {"assignee": assignee})

        async def accept(row: CaseRow, part: str) -> Receipt:
            return (await self.speak(row.case_id, said._replace(request_id=part))).receipt

        return await accept_each(await self.listed(offered), request_id or str(uuid4()), accept)

    async def _said(self, case: str, said: Said, key: str, *, waits: bool = True) -> httpx.Response:
        noun = _NOUNS.get(said.verb)
        if noun is None:
            raise needs_desk(self._api.login, said.verb.value)
        return await self._api.post("cases", case, noun, fields=said.fields, key=key, waits=waits)

    async def _opened(self, request: Submit, *, waits: bool = True) -> httpx.Response:
        key = request.request_id or str(uuid4())
        return await self._api.post("cases", fields=unstamped(request), key=key, waits=waits)

    def _read(self, kind: type[T], record: Any) -> T:
        return read(kind, record, self._api.login.url)


def unstamped(message: Message) -> dict[str, Any]:
    """Return what a message says, without what the door sets; a brought stamp is the API's to refuse."""
    brought = {"received_at"} if getattr(message, "imported", False) else set()
    return message.model_dump(mode="json", exclude=set(Message.model_fields) - brought, exclude_unset=True)


def _narrowed(wanted: CaseFilter) -> dict[str, Any]:
    """Write a filter as the API reads it."""
    same = {name: getattr(wanted, name) for name in ("tenant", "region", "offered_to", "tier", "assignee")}
    return {
        **same,
        "phase": [phase.value for phase in wanted.phases],
        "level": list(wanted.levels),
        "unassigned": wanted.unassigned,
        "policy": wanted.policy,
        "open": wanted.open_only,
        "breached": wanted.breached_only,
        "overdue": wanted.overdue_at is not None,
        "due_before": wanted.due_before and wanted.due_before.isoformat(),
        "text": wanted.text,
    }
