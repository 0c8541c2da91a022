"""Effect to activity: every timeout and retry policy in one table.

What talks to the outside is a regular activity; only our own quick writes are local ones: a local activity
that hangs holds up answers and timers, and it can leave before its cause is on disk.
"""

from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from temporalio import exceptions, workflow
from temporalio.common import Priority, RetryPolicy, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    TimeoutType,
    WorkflowAlreadyStartedError,
)

from domain.effects import (
    RECALL_CASE,
    RECORD_CASE,
    TELL_CUSTOMER,
    TELL_STAFF,
    TELL_VENDOR,
    Delivery,
    DeliveryReport,
    Effect,
    Lane,
    Outcome,
    OutcomeStatus,
)
from domain.messages.case import Submit
from domain.record import RecallRequest, Recollection, RecordBatch, RecordReceipt
from domain.refused_request import NOTE_REFUSED, RefusedNote, RefusedNoted, RefusedRequest
from domain.waiting import (
    KEEP_WAITING,
    READ_WAITING,
    WaitingBatch,
    WaitingFound,
    WaitingKept,
    WaitingWanted,
)
from workflows.messages import CASE_POLICY, CASE_TENANT, WORKFLOW, new_case, region_queue, urgency

T = TypeVar("T")


class Limits(NamedTuple):
    """How long one attempt may take, how long we try at all, and how the waits between attempts grow."""

    attempt: timedelta
    altogether: timedelta | None
    first_wait: timedelta
    longest_wait: timedelta


_OUTSIDE = Limits(timedelta(seconds=30), timedelta(hours=24), timedelta(seconds=2), timedelta(minutes=5))
_RECORD = Limits(timedelta(seconds=10), None, timedelta(seconds=1), timedelta(minutes=1))
_RECALL = Limits(timedelta(seconds=10), timedelta(minutes=10), timedelta(seconds=1), timedelta(seconds=10))
"""Nothing can be promised before a recollection, and without one everything counts as said now (ours)."""

RECORD_AT_ONCE = timedelta(seconds=1)  # house rule: one local attempt of a second, then a regular activity

_ACTIVITIES = {
    Lane.CUSTOMER: TELL_CUSTOMER,
    Lane.STAFF: TELL_STAFF,
    Lane.REGION: TELL_STAFF,
    Lane.VENDOR: TELL_VENDOR,
    Lane.AUDIENCE: TELL_CUSTOMER,
}

REGION_ANSWERS = timedelta(seconds=20)
"""How long news waits for a worker of its centre, and how long they may take; a dark centre costs no more.

One that dies with news in hand costs it twice: the attempt runs out, and then nobody takes the next.
"""


def _priority(effect: Effect) -> Priority:
    """Let an urgent offer overtake a queue of others; tenants take turns as at the start of the case."""
    return Priority.default if effect.rank is None else Priority(priority_key=urgency(effect.rank))


def _retry(limits: Limits) -> RetryPolicy:
    return RetryPolicy(initial_interval=limits.first_wait, maximum_interval=limits.longest_wait)


async def tell(lane: Lane, effects: tuple[Effect, ...], since: datetime | None = None) -> tuple[Outcome, ...]:
    """Tell the effects of one lane; those we gave up on come back as undeliverable.

    `since` is when they were first tried, perhaps by an earlier run: a turn-over gives them no more time. A
    centre is told by its own workers, and comes back as unanswered where none of them is there.
    """
    queue = region_queue(effects[0].region or "") if lane is Lane.REGION else None
    return await _tell(_ACTIVITIES[lane], effects, queue, since)


def _time_left(since: datetime | None) -> timedelta | None:
    """Return how long we go on trying: always long enough for another attempt or two."""
    if _OUTSIDE.altogether is None or since is None:
        return _OUTSIDE.altogether
    return max(_OUTSIDE.altogether - (workflow.now() - since), _OUTSIDE.longest_wait)


async def _tell(
    name: str, effects: tuple[Effect, ...], queue: str | None, since: datetime | None
) -> tuple[Outcome, ...]:
    kinds = ", ".join(dict.fromkeys(effect.kind.replace("_", " ") for effect in effects))
    try:
        report: DeliveryReport = await workflow.execute_activity(
            name,
            Delivery(effects=effects),
            result_type=DeliveryReport,
            start_to_close_timeout=REGION_ANSWERS if queue else _OUTSIDE.attempt,
            task_queue=queue,
            schedule_to_start_timeout=REGION_ANSWERS if queue else None,
            schedule_to_close_timeout=REGION_ANSWERS * 4 if queue else _time_left(since),
            retry_policy=_retry(_OUTSIDE),
            priority=_priority(effects[0]) if queue else Priority.default,
            summary=kinds,
        )
    except ActivityError as error:
        reason = f"gave up: {error.cause or error}"[:300]
        status = OutcomeStatus.UNANSWERED if _nobody_took(error) else OutcomeStatus.UNDELIVERABLE
        return tuple(Outcome(effect_id=effect.id, status=status, reason=reason) for effect in effects)
    return report.outcomes


def _nobody_took(error: ActivityError) -> bool:
    """Tell whether no worker is there: none began in time, or none ever said why it failed."""
    cause = error.cause
    if isinstance(cause, exceptions.TimeoutError) and cause.type is TimeoutType.SCHEDULE_TO_START:
        return True
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    return cause is None


async def ask_our_own(name: str, asked: object, answer: type[T], summary: str) -> T:
    """Ask an activity that reads only what is ours and quick: a local one.

    Where that fails, a regular one goes on trying, on whichever worker can. Any failure is meant, not
    ActivityError alone: see `_at_once`.
    """
    found: T
    try:
        found = await workflow.execute_local_activity(
            name,
            asked,
            result_type=answer,
            start_to_close_timeout=timedelta(seconds=2),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except FailureError:
        found = await workflow.execute_activity(
            name,
            asked,
            result_type=answer,
            start_to_close_timeout=timedelta(seconds=20),
            retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
            summary=summary,
        )
    return found


async def _at_once(name: str, asked: object, answer: type[T]) -> T | None:
    """Ask our own store once, within a second; None where it did not answer.

    Any failure is meant, not ActivityError alone: a local activity that raised fails with its bare
    ApplicationError, and one that ran out of time is a bare TimeoutError at a replay (both measured).
    """
    try:
        found: T = await workflow.execute_local_activity(
            name,
            asked,
            result_type=answer,
            schedule_to_close_timeout=RECORD_AT_ONCE,
            start_to_close_timeout=RECORD_AT_ONCE,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except FailureError:
        return None
    return found


async def record_at_once(batch: RecordBatch) -> RecordReceipt | None:
    """Write to our own store within a second and return its answer, or None where there was none."""
    return await _at_once(RECORD_CASE, batch, RecordReceipt)


async def keep_waiting(batch: WaitingBatch) -> bool:
    """Let our own store keep what waits to be told, within a second; False where it did not."""
    return await _at_once(KEEP_WAITING, batch, WaitingKept) is not None


async def read_waiting(wanted: WaitingWanted) -> WaitingFound:
    """Read the next of what our own store keeps, however long it is away."""
    return await ask_our_own(READ_WAITING, wanted, WaitingFound, "read what waits to be told")


async def note_refused(request: RefusedRequest, notice: str | None = None) -> bool:
    """Keep a refused request in our own store, however long that is away; True where its sender is told."""
    note = RefusedNote(request=request, notice=notice)
    answer = await _patiently(NOTE_REFUSED, note, RefusedNoted, _RECORD, "refused request")
    return answer.tell


async def record_patiently(batch: RecordBatch) -> RecordReceipt:
    """Write to our own store however long it is away, and return its answer."""
    return await _patiently(RECORD_CASE, batch, RecordReceipt, _RECORD, "case record, catching up")


async def recall(request: RecallRequest) -> Recollection:
    """Ask our own store how a life stands there; nothing, where it is away for ten minutes."""
    if (found := await _at_once(RECALL_CASE, request, Recollection)) is not None:
        return found
    summary = "how the case was recorded, after a reset"
    try:
        return await _patiently(RECALL_CASE, request, Recollection, _RECALL, summary)
    except ActivityError:
        return Recollection()


async def _patiently(name: str, asked: object, answer: type[T], limits: Limits, summary: str) -> T:
    answered: T = await workflow.execute_activity(
        name,
        asked,
        result_type=answer,
        start_to_close_timeout=limits.attempt,
        schedule_to_close_timeout=limits.altogether,
        retry_policy=_retry(limits),
        summary=summary,
    )
    return answered


async def open_linked(case_id: str, request: Submit, title: str) -> None:
    """Start the linked case as a workflow of its own; one that exists already is left alone."""
    try:
        await workflow.start_child_workflow(
            WORKFLOW,
            new_case(request),
            id=case_id,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            search_attributes=_own_attributes(),
            static_summary=title,
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("the linked case exists already", extra={"linked_case": case_id})


def _own_attributes() -> TypedSearchAttributes:
    """Pass on whose case it is and under which policy; the rest the new case says itself."""
    known = workflow.info().typed_search_attributes.search_attributes
    return TypedSearchAttributes([pair for pair in known if pair.key in (CASE_TENANT, CASE_POLICY)])
