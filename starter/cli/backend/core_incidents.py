"""Major incidents asked of the core itself."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from domain.actor import Actor
from domain.incidents.record import Child
from domain.incidents.verbs import IncidentVerb
from domain.incidents.views import IncidentView
from domain.messages.base import Message
from domain.messages.incident import Declare
from starter.door import incidents
from starter.door.case_reader import find_for
from starter.door.incidents import SaidOfCases
from starter.door.permission import staff_only
from starter.door.session import Session
from workflows.incident_messages import IncidentReceipt


class CoreIncidents:
    """Asks the core, as one actor."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor

    async def declare(self, message: Declare) -> IncidentReceipt:
        """Declare an incident, or find it."""
        return await incidents.declare_incident(self._session, message)

    async def speak(self, incident: str, verb: IncidentVerb, message: Message) -> IncidentReceipt:
        """Say a verb, and wait for the receipt."""
        identity = await incidents.find_incident(self._session, incident)
        return await incidents.ask_incident(self._session, identity, verb, message, incident)

    async def speak_of(
        self, incident: str, cases: Sequence[str], said: SaidOfCases
    ) -> AsyncIterator[IncidentReceipt]:
        """Let cases join or leave: a receipt for each part of a long list."""
        ids = [await find_for(self._session, self._actor, case) for case in cases]
        identity = await incidents.find_incident(self._session, incident)
        async for receipt in incidents.say_in_parts(
            self._session, self._actor, identity, ids, said, incident
        ):
            yield receipt

    async def show(self, incident: str, *, with_cases: bool) -> tuple[IncidentView, Sequence[Child]]:
        """Read how an incident stands, and every case it has had."""
        staff_only(self._actor, "a major incident")
        identity = await incidents.find_incident(self._session, incident)
        view = await incidents.see_incident(self._session, identity)
        children = await incidents.see_children(self._session, identity, view.had) if with_cases else ()
        return view, children

    async def listed(self, limit: int, *, open_only: bool) -> list[dict[str, Any]]:
        """List incidents, the latest first."""
        return await incidents.list_incidents(self._session, self._actor, limit, open_only=open_only)
