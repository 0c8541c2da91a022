"""Frees the skipping server's clock where nothing is left that it could wait for.

Part of the rehearsals. The server counts what its clock may not skip over, and now and then leaves one in the
count that is done with: the clock then goes at our own pace, for ever.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from temporalio.api.enums.v1 import EventType, WorkflowExecutionStatus
from temporalio.api.testservice.v1 import SleepRequest, UnlockTimeSkippingRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

_LOOK_EVERY = 5.0  # s of real time between two looks at the clock
_STANDS = 2  # looks in a row: a machine that is only busy moves on meanwhile
_PATIENCE = timedelta(minutes=15)  # for one sleep; the SDK's own gives up after 30 s of a busy machine
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
    """This will let the server skip over a span of its clock, also where the clock stands for no reason.

    What a case has to do is waited for. Raises: RPCError where the clock stands for a quarter of an hour.
    """
    request = SleepRequest()
    request.duration.FromTimedelta(span)
    server = env.client.test_service
    sleeping = asyncio.ensure_future(server.unlock_time_skipping_with_sleep(request, timeout=_PATIENCE))
    stood, seen = 0, await env.get_current_time()
    while not (await asyncio.wait({sleeping}, timeout=look_every))[0]:
        now = await env.get_current_time()
        stood = stood + 1 if now - seen < 2 * timedelta(seconds=look_every) else 0
        seen = now
        if stood >= _STANDS and not await _is_any_busy(env.client, cases()):
            await server.unlock_time_skipping(UnlockTimeSkippingRequest())
            stood = 0
    await sleeping


async def _is_any_busy(client: Client, cases: Sequence[str]) -> bool:
    for case in cases:
        if await _is_busy(client, case):
            return True
    return False


async def _is_busy(client: Client, case: str) -> bool:
    """This will tell whether a task or an activity of a case waits for a worker or is with one."""
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
    return bool(raw.pending_activities) or last in _UNDER_WAY
