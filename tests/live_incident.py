"""A major incident seen from outside: what can be said to it and read from it, by the engine's client."""

from typing import TYPE_CHECKING, Any

from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from domain.actor import Actor
from domain.incident import Child, incident_id
from domain.incidents.views import IncidentView
from tests.live_case import LiveCase, _refuse
from workflows.incident_messages import INCIDENT_WORKFLOW, IncidentFile, IncidentReceipt

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
        """By update with start, as the door does. Raises: Refused."""
        said = {"title": "No mail anywhere", "text": "We look into it.", "reference": self.reference}
        start: Any = WithStartWorkflowOperation(
            INCIDENT_WORKFLOW,
            IncidentFile(),
            id=self.id,
            task_queue=self.desk.queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )
        with self.desk.env.auto_time_skipping_disabled():
            try:
                return await self.desk.client.execute_update_with_start_workflow(
                    "declare",
                    {"actor": actor, **said, **fields},
                    start_workflow_operation=start,
                    result_type=IncidentReceipt,
                )
            except WorkflowUpdateFailedError as error:
                _refuse(error)

    async def say(
        self, verb: str, actor: Actor, *, update_id: str | None = None, **fields: Any
    ) -> IncidentReceipt:
        """An update, answered; then everything it caused is done, in the cases too. Raises: Refused."""
        receipt = await self.ask(verb, {"actor": actor, **fields}, update_id=update_id)
        await self.desk.rest()
        return receipt

    async def ask(self, verb: str, *payloads: Any, update_id: str | None = None) -> IncidentReceipt:
        """An update with any payload, answered, and nothing waited for. Raises: Refused."""
        try:
            return await self.handle.execute_update(
                verb, args=list(payloads), id=update_id, result_type=IncidentReceipt
            )
        except WorkflowUpdateFailedError as error:
            _refuse(error)

    async def view(self) -> IncidentView:
        return await self.handle.query("view", result_type=IncidentView)

    async def children(self) -> dict[str, Child]:
        rows = await self.handle.query("children", 0, result_type=tuple[Child, ...])
        return {child.case_id: child for child in rows}
