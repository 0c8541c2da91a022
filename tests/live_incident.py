"""A major incident seen from outside: what can be said to it and read from it, by the doors' own core."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from temporalio.client import WorkflowHandle

from domain.actor import Actor
from domain.incidents.record import Child, incident_id
from domain.incidents.views import IncidentView
from domain.messages.incident import Declare
from starter.door import engine, incidents
from tests.live_case import LiveCase, caused_by_us
from workflows.incident_messages import IncidentReceipt

if TYPE_CHECKING:
    from tests.desk import Desk


class LiveIncident:
    """One incident by its reference, through every run of its workflow."""

    def __init__(self, desk: "Desk", reference: str) -> None:
        self.desk = desk
        self.reference = f"{desk.number}/{reference}"
        self.id = incident_id("desk", self.reference)
        # First, for its cases have something to do once it has come to rest.
        desk.cases.insert(0, LiveCase(desk, self.id))

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.desk.client.get_workflow_handle(self.id)

    async def declare(self, actor: Actor, **fields: Any) -> IncidentReceipt:
        """By update with start, as the door does. Raises: Fault."""
        said = {"title": "No mail anywhere", "text": "We look into it.", "reference": self.reference}
        request = {"actor": actor, "request_id": str(uuid4()), **said, **fields}
        # Unread, for it is the incident's to refuse what is no message.
        return await incidents.declare_incident(self.desk.session, Declare.model_construct(**request))

    async def say(
        self, verb: str, actor: Actor, *, update_id: str | None = None, **fields: Any
    ) -> IncidentReceipt:
        """An update, answered; then everything it caused is done, in the cases too. Raises: Fault."""
        receipt = await self.ask(verb, {"actor": actor, **fields}, update_id=update_id)
        await self.desk.rest()
        return receipt

    async def ask(self, verb: str, payload: Any, *, update_id: str | None = None) -> IncidentReceipt:
        """An update with any payload, answered, and nothing waited for. Raises: Fault."""
        return await engine.update(self.desk.session, self.id, verb, payload, IncidentReceipt, id_=update_id)

    async def caused(self) -> list[str]:
        """The kinds of the events we caused in its history."""
        return caused_by_us((await self.handle.fetch_history()).events)

    async def view(self) -> IncidentView:
        return await incidents.see_incident(self.desk.session, self.id)

    async def children(self) -> dict[str, Child]:
        had = (await self.view()).had
        rows = await incidents.see_children(self.desk.session, self.id, had)
        return {child.case_id: child for child in rows}
