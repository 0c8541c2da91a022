"""Effect to activity: every timeout and retry policy in one table.

What talks to the outside is a regular activity; only our own quick writes are local ones: a local activity
that hangs holds up answers and timers, and it can leave before its cause is on disk.
"""

from datetime import timedelta
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
from domain.messages import Submit
from domain.record import RecordBatch, RecordReceipt
from workflows.messages import CASE_POLICY, CASE_TENANT, WORKFLOW, CaseFile, region_queue

T = TypeVar("T")


class Limits(NamedTuple):
    """How long one attempt may take, how long we try at all, and how the waits between attempts grow."""

    attempt: timedelta
    altogether: timedelta | None
    first_wait: timedelta
    longest_wait: timedelta


_LIMITS = {
    TELL_CUSTOMER: Limits(
        timedelta(seconds=30), timedelta(hours=24), timedelta(seconds=2), timedelta(minutes=5)
    ),
    TELL_STAFF: Limits(
        timedelta(seconds=30), timedelta(hours=24), timedelta(seconds=2), timedelta(minutes=5)
    ),
    TELL_VENDOR: Limits(
        timedelta(seconds=30), timedelta(hours=24), timedelta(seconds=2), timedelta(minutes=5)
    ),
    RECORD_CASE: Limits(timedelta(seconds=10), None, timedelta(seconds=1), timedelta(minutes=1)),
}
RECORD_AT_ONCE = timedelta(seconds=1)  # house rule: one local attempt of a second, then a regular activity

_ACTIVITIES = {
    Lane.CUSTOMER: TELL_CUSTOMER,
    Lane.STAFF: TELL_STAFF,
    Lane.REGION: TELL_STAFF,
    Lane.VENDOR: TELL_VENDOR,
    Lane.AUDIENCE: TELL_CUSTOMER,
}

REGION_ANSWERS = timedelta(seconds=20)
"""How long news waits for a worker of its centre, and how long he may take; a dark centre costs no more.

One that dies with news in hand costs it twice: the attempt runs out, and then nobody takes the next.
"""


_LEAST_URGENT = 5
"""Temporal has five priorities, 1 the most urgent; ranks below the fifth share the last."""


def _priority(effect: Effect) -> Priority:
    """This will let an urgent offer overtake a queue of others: rank 0 is priority 1."""
    if effect.rank is None:
        return Priority.default
    return Priority(priority_key=min(effect.rank + 1, _LEAST_URGENT))


def _retry(limits: Limits) -> RetryPolicy:
    return RetryPolicy(initial_interval=limits.first_wait, maximum_interval=limits.longest_wait)


async def tell(lane: Lane, effects: tuple[Effect, ...]) -> tuple[Outcome, ...]:
    """This will tell the effects of one lane; those we gave up on come back as undeliverable.

    A centre is told by its own workers, and comes back as unanswered where none of them is there.
    """
    queue = region_queue(effects[0].region or "") if lane is Lane.REGION else None
    return await _tell(_ACTIVITIES[lane], effects, queue)


async def _tell(name: str, effects: tuple[Effect, ...], queue: str | None = None) -> tuple[Outcome, ...]:
    limits = _LIMITS[name]
    kinds = ", ".join(dict.fromkeys(effect.kind.replace("_", " ") for effect in effects))
    try:
        report: DeliveryReport = await workflow.execute_activity(
            name,
            Delivery(effects=effects),
            result_type=DeliveryReport,
            start_to_close_timeout=REGION_ANSWERS if queue else limits.attempt,
            task_queue=queue,
            schedule_to_start_timeout=REGION_ANSWERS if queue else None,
            schedule_to_close_timeout=REGION_ANSWERS * 4 if queue else limits.altogether,
            retry_policy=_retry(limits),
            priority=_priority(effects[0]) if queue else Priority.default,
            summary=kinds,
        )
    except ActivityError as error:
        reason = f"gave up: {error.cause or error}"[:300]
        status = OutcomeStatus.UNANSWERED if _nobody_took(error) else OutcomeStatus.UNDELIVERABLE
        return tuple(Outcome(effect_id=effect.id, status=status, reason=reason) for effect in effects)
    return report.outcomes


def _nobody_took(error: ActivityError) -> bool:
    """This will tell whether no worker is there: none began in time, or none ever said why it failed."""
    cause = error.cause
    if isinstance(cause, exceptions.TimeoutError) and cause.type is TimeoutType.SCHEDULE_TO_START:
        return True
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    return cause is None


async def ask_our_own(name: str, asked: object, answer: type[T], summary: str) -> T:
    """This will ask an activity that reads only what is ours and quick: a local one.

    Where that fails, a regular one goes on trying, on whichever worker can. Any failure is meant, not
    ActivityError alone: see `record_at_once`.
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


async def record_at_once(batch: RecordBatch) -> int | None:
    """This will write to our own store within a second and return its version, or None where it did not.

    Any failure is meant, not ActivityError alone: a local activity that raised fails with its bare
    ApplicationError, and one that ran out of time is a bare TimeoutError at a replay (both measured).
    """
    try:
        receipt: RecordReceipt = await workflow.execute_local_activity(
            RECORD_CASE,
            batch,
            result_type=RecordReceipt,
            schedule_to_close_timeout=RECORD_AT_ONCE,
            start_to_close_timeout=RECORD_AT_ONCE,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except FailureError:
        return None
    return receipt.version


async def record_patiently(batch: RecordBatch) -> int:
    """This will write to our own store however long it is away."""
    limits = _LIMITS[RECORD_CASE]
    receipt: RecordReceipt = await workflow.execute_activity(
        RECORD_CASE,
        batch,
        result_type=RecordReceipt,
        start_to_close_timeout=limits.attempt,
        retry_policy=_retry(limits),
        summary="case record, catching up",
    )
    return receipt.version


async def open_linked(case_id: str, request: Submit, title: str) -> None:
    """This will start the linked case as a workflow of its own; one that exists already is left alone."""
    try:
        await workflow.start_child_workflow(
            WORKFLOW,
            CaseFile(request=request),
            id=case_id,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            search_attributes=_own_attributes(),
            static_summary=title,
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("the linked case exists already", extra={"linked_case": case_id})


def _own_attributes() -> TypedSearchAttributes:
    """This will pass on whose case it is and under which policy; the rest the new case says itself."""
    known = workflow.info().typed_search_attributes.search_attributes
    return TypedSearchAttributes([pair for pair in known if pair.key in (CASE_TENANT, CASE_POLICY)])
