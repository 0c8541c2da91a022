"""Whether the engine answers, and when somebody last asked it for work: said before one waits in vain."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.service import RPCError

from starter.door.faults import unreachable
from starter.door.session import Session, utc_now
from workflows.messages import QUEUE, region_queue

_ENGINE_WITHIN = 1.0  # s; a page does not wait for longer (ours)

ASKS_WITHIN = timedelta(seconds=90)
"""How long a worker that is there may not have asked for work (ours): it waits a minute for each answer."""

_CASES = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
_NOTICES = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY


async def has_workers(session: Session, centre: str) -> bool:
    """Tell whether a worker of a centre takes work. Raises: Fault (unreachable)."""
    asked_at = await _asked_at(session, region_queue(centre), _NOTICES)
    return asked_at is not None and is_at_work(asked_at)


async def cases_asked_at(session: Session) -> datetime | None:
    """Return when a worker last asked for work on cases (UTC, the engine's clock); None where none is known.

    Raises: Fault (unreachable).
    """
    return await _asked_at(session, QUEUE, _CASES)


def is_at_work(asked_at: datetime) -> bool:
    """Tell whether a worker that last asked at an instant is still there."""
    return utc_now() - asked_at <= ASKS_WITHIN


async def _asked_at(session: Session, queue: str, kind: "TaskQueueType.ValueType") -> datetime | None:
    try:
        async with asyncio.timeout(_ENGINE_WITHIN):
            client = await session.client()
            request = DescribeTaskQueueRequest(
                namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
            )
            pollers = (await client.workflow_service.describe_task_queue(request)).pollers
    except (TimeoutError, RPCError):
        raise unreachable(session.where()) from None
    return max((one.last_access_time.ToDatetime(UTC) for one in pollers), default=None)
