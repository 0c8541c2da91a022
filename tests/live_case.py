"""A case seen from outside: what can be said to it and read from it, by the core every door shares.

What is said goes by the core's floor as it is, without the stamps of a door: a test says when something was
received, or the case takes the server's time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WithStartWorkflowOperation, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from activities.store.ledger import LedgerEntry
from bench.stage import caused
from domain.actor import Actor
from domain.clocks import Clock
from domain.effects import RECORD_CASE
from domain.messages.case import Submit
from domain.timeline import EntryKind, TimelineEntry
from domain.views.customer import CustomerView
from domain.views.explain import Explanation
from domain.views.staff import CaseView, DeadlineView
from starter.door import case_reader, engine, opening
from tests.people import ANA
from workflows.messages import QUEUE, WORKFLOW, CaseFile, CaseOutcome, Receipt, new_case

if TYPE_CHECKING:
    from tests.desk import Desk


class LiveCase:
    """One case by its id, through every run of its workflow."""

    def __init__(self, desk: "Desk", identity: str) -> None:
        self.desk = desk
        self.id = identity

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """A handle that follows the case when it turns over; it says what no door would."""
        return self.desk.client.get_workflow_handle(self.id)

    # --- opening ---------------------------------------------------------------------------------------

    async def submit(self, request: Submit | dict[str, Any]) -> Receipt:
        """By update: the way that answers. What is no request yet goes past the door. Raises: Fault."""
        if isinstance(request, Submit):
            known = {"request_id": request.request_id or str(uuid4())}
            return await opening.submit(self.desk.session, request.model_copy(update=known))
        return await self.submit_past_the_door(request)

    async def submit_past_the_door(
        self,
        request: Any,
        again: WorkflowIDReusePolicy = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    ) -> Receipt:
        """By update with any payload, as somebody with the engine's own client would. Raises: Fault."""
        start = WithStartWorkflowOperation(
            WORKFLOW,
            new_case(),
            id=self.id,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=again,
        )
        return await engine.update_with_start(self.desk.session, start, "submit", request, Receipt, id_=None)

    async def hand_in(self, request: Submit) -> None:
        """By signal: the way that is on disk once it was taken. Raises: Fault."""
        await opening.submit_without_waiting(self.desk.session, request)
        await self.desk.rest()

    async def start(self, file: CaseFile) -> None:
        """By the argument of the start, as a linked case is."""
        client = await self.desk.session.client()
        await client.start_workflow(WORKFLOW, file, id=self.id, task_queue=QUEUE)
        await self.desk.rest()

    # --- speaking --------------------------------------------------------------------------------------

    async def say(self, verb: str, actor: Actor, *, update_id: str | None = None, **fields: Any) -> Receipt:
        """An update, answered; then everything it caused is done. Raises: Fault."""
        receipt = await self.ask(verb, {"actor": actor, **fields}, update_id=update_id)
        await self.desk.rest()
        return receipt

    async def ask(self, verb: str, payload: Any, *, update_id: str | None = None) -> Receipt:
        """An update with any payload, answered, and nothing waited for. Raises: Fault."""
        return await engine.update(self.desk.session, self.id, verb, payload, Receipt, id_=update_id)

    async def tell(self, verb: str, actor: Actor, **fields: Any) -> None:
        """A signal, taken; then everything it caused is done."""
        await self.send(verb, {"actor": actor, **fields})
        await self.desk.rest()

    async def send(self, verb: str, payload: Any) -> None:
        """A signal with any payload, and nothing waited for."""
        await engine.signal(self.desk.session, self.id, verb, payload)

    # --- reading ---------------------------------------------------------------------------------------

    async def _seen(self) -> case_reader.Seen:
        return await case_reader.see(self.desk.session, ANA, self.id)

    async def view(self) -> CaseView:
        return (await self._seen()).view

    async def customer_view(self) -> CustomerView:
        return await case_reader.see_as_customer(self.desk.session, ANA, await self._seen())

    async def explain(self, clock: str) -> Explanation:
        return await case_reader.see_why(self.desk.session, ANA, await self._seen(), Clock(clock))

    async def deadlines(self) -> tuple[DeadlineView, ...]:
        return (await self.view()).deadlines

    async def due(self, clock: Clock) -> datetime:
        """The due instant of a clock that runs."""
        found = [row.due_at for row in await self.deadlines() if row.clock is clock]
        assert found, f"{clock} does not run"
        assert found[0] is not None, f"{clock} was missed"
        return found[0]

    async def timeline(self) -> tuple[TimelineEntry, ...]:
        """The whole timeline as the case store has it; it must be without gaps and never go back."""
        entries = await self.desk.adapters.store.timeline(self.id)
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
        return entries

    async def entries(self, kind: EntryKind) -> list[TimelineEntry]:
        return [entry for entry in await self.timeline() if entry.kind is kind]

    async def told(self, kind: str | None = None) -> list[LedgerEntry]:
        """What the ledger says was told, of one kind or of all."""
        rows = await self.desk.adapters.store.deliveries(self.id)
        return [row for row in rows if kind in (None, row.kind)]

    async def events(self, kind: "EventType.ValueType | None" = None) -> list[HistoryEvent]:
        """The history of the run that is the newest now."""
        events = (await self.handle.fetch_history()).events
        return [event for event in events if kind in (None, event.event_type)]

    async def caused(self) -> list[str]:
        """The kinds of the events we caused in the history of the newest run."""
        return caused_by_us(await self.events())

    async def outcome(self) -> CaseOutcome:
        """The result of a case that is over. Raises: Fault where its opening was refused."""
        handle = self.desk.client.get_workflow_handle(self.id, result_type=CaseOutcome)
        try:
            return await handle.result()
        except WorkflowFailureError as error:
            raise engine.refused(error) from None


def caused_by_us(events: Sequence[HistoryEvent]) -> list[str]:
    """The kinds of the events that we cause, leaving out a record that had to be written by an activity.

    It is one where the disk took more than a second, and the machine's doing.
    """
    patient = {
        event.event_id
        for event in events
        if event.activity_task_scheduled_event_attributes.activity_type.name == RECORD_CASE
    }
    return caused(event for event in events if not patient & _activity(event))


def _activity(event: HistoryEvent) -> set[int]:
    """Which activity an event is about: the id of the event that scheduled it, and its own."""
    ended = (
        event.activity_task_started_event_attributes,
        event.activity_task_completed_event_attributes,
        event.activity_task_failed_event_attributes,
        event.activity_task_timed_out_event_attributes,
    )
    return {event.event_id, *(one.scheduled_event_id for one in ended)}
