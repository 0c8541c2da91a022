"""A case seen from outside: what can be said to it and read from it, with the engine's own client."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Never

from pydantic import BaseModel
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError

from activities.ledger import LedgerEntry
from domain.actor import Actor
from domain.clocks import Clock
from domain.customer_view import CustomerView
from domain.explain import Explanation
from domain.messages import Submit
from domain.naming import case_number
from domain.timeline import EntryKind, TimelineEntry
from domain.views import CaseView, DeadlineView
from workflows.messages import WORKFLOW, CaseFile, CaseOutcome, Receipt, RefusalDetails

if TYPE_CHECKING:
    from tests.desk import Desk


class Refused(Exception):
    """The case said no; `details` is what a caller sees of it."""

    def __init__(self, details: RefusalDetails) -> None:
        super().__init__(f"{details.code}: {details.reason}")
        self.code = details.code
        self.details = details


class LiveCase:
    """One case by its id, through every run of its workflow."""

    def __init__(self, desk: "Desk", identity: str) -> None:
        self.desk = desk
        self.id = identity

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """A handle that follows the case when it turns over."""
        return self.desk.client.get_workflow_handle(self.id)

    # --- opening ---------------------------------------------------------------------------------------

    def _start(self, file: CaseFile | None = None) -> dict[str, Any]:
        return {
            "arg": file or CaseFile(),
            "id": self.id,
            "task_queue": self.desk.queue,
            "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
            "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            "static_summary": case_number(self.id),
        }

    async def submit(self, request: Submit | dict[str, Any]) -> Receipt:
        """By update: the way that answers. Raises: Refused."""
        start: Any = WithStartWorkflowOperation(WORKFLOW, **self._start())
        with self.desk.env.auto_time_skipping_disabled():
            try:
                return await self.desk.client.execute_update_with_start_workflow(
                    "submit", request, start_workflow_operation=start, result_type=Receipt
                )
            except WorkflowUpdateFailedError as error:
                _refuse(error)

    async def hand_in(self, request: Any) -> None:
        """By signal: the way that is on disk once it was taken."""
        await self.desk.client.start_workflow(
            WORKFLOW, start_signal="submit", start_signal_args=[request], **self._start()
        )
        await self.desk.rest()

    async def start(self, file: CaseFile) -> None:
        """By the argument of the start, as a linked case is."""
        await self.desk.client.start_workflow(WORKFLOW, **self._start(file))
        await self.desk.rest()

    # --- speaking --------------------------------------------------------------------------------------

    async def say(self, verb: str, actor: Actor, *, update_id: str | None = None, **fields: Any) -> Receipt:
        """An update, answered; then everything it caused is done. Raises: Refused."""
        receipt = await self.ask(verb, {"actor": actor, **fields}, update_id=update_id)
        await self.desk.rest()
        return receipt

    async def ask(self, verb: str, *payloads: Any, update_id: str | None = None) -> Receipt:
        """An update with any payload, answered, and nothing waited for. Raises: Refused."""
        try:
            return await self.handle.execute_update(
                verb, args=[_plain(one) for one in payloads], id=update_id, result_type=Receipt
            )
        except WorkflowUpdateFailedError as error:
            _refuse(error)

    async def tell(self, verb: str, actor: Actor, **fields: Any) -> None:
        """A signal, taken; then everything it caused is done."""
        await self.send(verb, {"actor": actor, **fields})
        await self.desk.rest()

    async def send(self, verb: str, *payloads: Any) -> None:
        """A signal with any payload, and nothing waited for."""
        await self.handle.signal(verb, args=[_plain(one) for one in payloads])

    # --- reading ---------------------------------------------------------------------------------------

    async def view(self) -> CaseView:
        view: CaseView = await self._query("view", result_type=CaseView)
        return view

    async def customer_view(self) -> CustomerView:
        view: CustomerView = await self._query("customer_view", result_type=CustomerView)
        return view

    async def deadlines(self) -> tuple[DeadlineView, ...]:
        rows: tuple[DeadlineView, ...] = await self._query("deadlines", result_type=tuple[DeadlineView, ...])
        return rows

    async def explain(self, clock: str) -> Explanation:
        answer: Explanation = await self._query("explain", clock, result_type=Explanation)
        return answer

    async def _query(self, name: str, *args: Any, result_type: Any) -> Any:
        try:
            return await self.handle.query(name, args=args, result_type=result_type)
        except WorkflowQueryFailedError as error:
            raise AssertionError(f"{name} was not answered: {error}") from error

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

    async def outcome(self) -> CaseOutcome:
        """The result of a case that is over. Raises: Refused where its opening was."""
        handle = self.desk.client.get_workflow_handle(self.id, result_type=CaseOutcome)
        try:
            return await handle.result()
        except WorkflowFailureError as error:
            _refuse(error)


def _plain(payload: Any) -> Any:
    if isinstance(payload, dict):
        return {
            name: value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value
            for name, value in payload.items()
        }
    return payload


def _refuse(error: WorkflowUpdateFailedError | WorkflowFailureError) -> Never:
    cause = error.cause
    assert isinstance(cause, ApplicationError), repr(cause)
    details = RefusalDetails.model_validate(cause.details[0]) if cause.details else None
    assert details is not None, f"{cause.type}: {cause.message}"
    assert cause.type == details.code
    raise Refused(details) from error
