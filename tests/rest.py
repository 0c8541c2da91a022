"""When a case has nothing to do: no task of its own, and no delivery on its first attempt.

And how the time-skipping server's clock is made to go on where nothing is left that it could wait for.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from starter.rehearse.idle_clock import sleep

PATIENCE = 150  # s: what is not at rest by then, even on a busy machine, never will be
_LOOKS = 1.5  # s of real time between two looks at the server's clock
_TASKS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
)


def unhurried(worker: Worker) -> Worker:
    """The worker without the SDK's 2 s for a step of a case, which a busy machine may need for a flood.

    A step that never ends is ended by the test's own time. The SDK's setting for it would also take the step
    out of its thread.
    """
    watched: Any = worker._workflow_worker
    watched._deadlock_timeout_seconds = None
    return worker


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
    """Lets so much time pass for these cases, as the rehearsals do."""
    known = [handle.id for handle in cases]
    await sleep(env, span, lambda: known, look_every=_LOOKS)
