"""When a case has nothing to do: no task of its own, and no delivery on its first attempt.

And how the time-skipping server's clock is made to go on where nothing is left that it could wait for.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.testservice.v1 import UnlockTimeSkippingRequest
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

PATIENCE = 60  # s: what is not at rest by then never will be
_A_STAND = 3.0  # s of real time in which the server's clock went no further than ours
_GAVE_UP = "Timeout expired"
_TRIES = 3
_TASKS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
)


async def at_rest(handle: WorkflowHandle[Any, Any]) -> None:
    """Waits until a case has done all there is to do; a delivery that waits for its retry may wait."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while await is_busy(handle):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"{handle.id} does not come to rest: {await _last_steps(handle)}")
        await asyncio.sleep(0.01)


async def is_busy(handle: WorkflowHandle[Any, Any]) -> bool:
    """True while a task or the first attempt of a delivery is under way."""
    try:
        if await has_task(handle):
            return True  # asked before and after: a task may end, or begin, between two looks
        raw = (await handle.describe()).raw_description
        if any(activity.attempt <= 1 for activity in raw.pending_activities):
            return True  # a later attempt is one that failed before, and waits most of its time
        return await has_task(handle)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False  # it was never opened


async def _last_steps(handle: WorkflowHandle[Any, Any]) -> str:
    """The last events of the history, and why a task failed; for whoever reads a failed test."""
    events = (await handle.fetch_history()).events
    told = [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in events[-12:]]
    failures = [
        event.workflow_task_failed_event_attributes.failure.message
        for event in events
        if event.HasField("workflow_task_failed_event_attributes")
    ]
    return f"{told} {failures[-1:]}"


async def has_task(handle: WorkflowHandle[Any, Any]) -> bool:
    """True while a task of the workflow waits for a worker or is with one."""
    kinds = [event.event_type for event in (await handle.fetch_history()).events]
    return next((kind for kind in reversed(kinds) if kind in _TASKS), None) in _TASKS[:2]


async def let_pass(
    env: WorkflowEnvironment, span: timedelta, cases: Iterable[WorkflowHandle[Any, Any]]
) -> None:
    """Lets so much time pass for these cases, asking again where the server gave up after 30 s of ours."""
    known, until = list(cases), await env.get_current_time() + span
    for tries_left in reversed(range(_TRIES)):
        try:
            return await _sleep(env, span, known)
        except RPCError as error:
            span = until - await env.get_current_time()
            if not tries_left or error.message != _GAVE_UP:
                raise
        if span <= timedelta(0):
            return None
    return None


async def _sleep(env: WorkflowEnvironment, span: timedelta, known: list[WorkflowHandle[Any, Any]]) -> None:
    """Sleeps on the server's clock, also where it forgot that nothing holds it.

    It counts what may not be skipped over, and now and then leaves one in the count that is done with. That
    is taken out again, but only while no case has anything to do: what waits for us still stands, and fails.
    """
    sleeping = asyncio.create_task(env.sleep(span))
    seen = await env.get_current_time()
    while not (await asyncio.wait({sleeping}, timeout=_A_STAND))[0]:
        now = await env.get_current_time()
        stood = now - seen < 2 * timedelta(seconds=_A_STAND)
        if stood and not any([await is_busy(handle) for handle in known]):
            await env.client.test_service.unlock_time_skipping(UnlockTimeSkippingRequest())
        seen = now
    await sleeping
