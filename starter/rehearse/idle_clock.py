"""Frees the skipping server's clock where nothing is left that it could wait for.

Part of the rehearsals. The server counts what its clock may not skip over, and now and then leaves one in the
count that is done with: the clock then goes at our own pace, for ever.

A sleep that was given up goes on inside the server and keeps what it took from the count; whoever then asks
again takes it twice. So there is one sleep, with patience enough.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import EventType, WorkflowExecutionStatus
from temporalio.api.testservice.v1 import SleepRequest, SleepResponse, UnlockTimeSkippingRequest
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

_LOOK_EVERY = 5.0  # s of real time between two looks at the clock
_STANDS = 2  # looks in a row: a machine that is only busy moves on meanwhile
_JUMPS_WITHIN = 0.5  # s of real time in which a clock that nothing holds has begun to skip
_PATIENCE = timedelta(minutes=15)
"""For one sleep. The SDK's own gives up after 30 s of a busy machine: `Timeout expired` where our clock was
first, `h2 protocol error: http2 error` where the server's was, which then resets the stream (1 in 12 [M]).
"""
_LONGEST_ATTEMPT = timedelta(seconds=30)
"""Of an activity of ours (workflows/delivery.py)."""

_RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
_TASKS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
)
_UNDER_WAY = _TASKS[:2]

Cases = Callable[[], Sequence[str]]
"""Called for the ids of the cases that may have something to do."""


async def sleep(
    env: WorkflowEnvironment, span: timedelta, cases: Cases, look_every: float = _LOOK_EVERY
) -> None:
    """Let the server skip over a span of its clock, also where the clock stands for no reason.

    What a case has to do is waited for. Raises: RPCError where the clock stands for a quarter of an hour.
    """
    sleeping = asyncio.ensure_future(skip(env, span))
    stood, seen = 0, await env.get_current_time()
    while not (await asyncio.wait({sleeping}, timeout=look_every))[0]:
        now = await env.get_current_time()
        stood = stood + 1 if now - seen < 2 * timedelta(seconds=look_every) else 0
        seen = now
        if stood >= _STANDS:
            await _free(env, sleeping, cases)
            stood = 0
    await sleeping


async def _free(env: WorkflowEnvironment, sleeping: asyncio.Future[SleepResponse], cases: Cases) -> None:
    """Take out of the count what is done with, one by one, until the clock jumps or a case is busy.

    Several are left where several were: each start that was refused leaves one [M].
    """
    seen = await env.get_current_time()
    while not await _is_any_busy(env.client, cases(), seen):
        await env.client.test_service.unlock_time_skipping(UnlockTimeSkippingRequest())
        await asyncio.wait({sleeping}, timeout=_JUMPS_WITHIN)
        before, seen = seen, await env.get_current_time()
        if sleeping.done() or seen - before > 2 * timedelta(seconds=_JUMPS_WITHIN):
            return


async def skip(env: WorkflowEnvironment, span: timedelta) -> SleepResponse:
    """Let the server skip over a span of its clock, however long a busy machine takes.

    Raises: RPCError after a quarter of an hour of ours.
    """
    until = await env.get_current_time() + span
    try:
        return await _asked_to_skip(env, span)
    except RPCError as error:
        if error.status is not RPCStatusCode.INTERNAL:  # so ends a call whose connection broke
            raise
    left = until - await env.get_current_time()
    return await _asked_to_skip(env, max(left, timedelta(0)))


async def _asked_to_skip(env: WorkflowEnvironment, span: timedelta) -> SleepResponse:
    request = SleepRequest()
    request.duration.FromTimedelta(span)
    return await env.client.test_service.unlock_time_skipping_with_sleep(request, timeout=_PATIENCE)


async def _is_any_busy(client: Client, cases: Sequence[str], now: datetime) -> bool:
    for case in cases:
        if await _is_busy(client, case, now):
            return True
    return False


async def _is_busy(client: Client, case: str, now: datetime) -> bool:
    """Tell whether a task or an activity of a case waits for a worker or is with one."""
    handle = client.get_workflow_handle(case)
    try:
        raw = (await handle.describe()).raw_description
        if raw.workflow_execution_info.status != _RUNNING:
            return False
        kinds = [event.event_type for event in (await handle.fetch_history()).events]
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    last = next((kind for kind in reversed(kinds) if kind in _TASKS), None)
    return any(_holds_the_clock(activity, now) for activity in raw.pending_activities) or last in _UNDER_WAY


def _holds_the_clock(activity: PendingActivityInfo, now: datetime) -> bool:
    """Tell whether an activity is with a worker or waits for one, rather than for its retry.

    This server calls started what waits for its retry, too.
    """
    began = activity.last_started_time.ToDatetime(UTC)
    return activity.attempt <= 1 or now - began <= _LONGEST_ATTEMPT
