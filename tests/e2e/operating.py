"""What operators do with the engine's own tools, and what tells that it went well."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent

from tests.e2e.station import Station
from tests.live_case import LiveCase
from tests.people import ANA
from tests.servers import TEMPORAL

SPEAKER = ANA.model_dump(mode="json", exclude_none=True)
_FAILED = (EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED, EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT)
_BY_A_RESET = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW


async def operate(station: Station, what: str, *options: str) -> None:
    """What an operator types: `temporal workflow ...`."""
    command = [str(TEMPORAL), "workflow", what, "--address", station.server.address, *options]
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=PIPE)
    _, err = await process.communicate()
    assert process.returncode == 0, err.decode()


async def has_turned_over(case: LiveCase) -> bool:
    (started, *_) = await case.events()
    return bool(started.workflow_execution_started_event_attributes.continued_execution_run_id)


async def troubles(case: LiveCase) -> list[HistoryEvent]:
    """Tasks that failed, but for the one a reset ends."""
    failed = [event for event in await case.events() if event.event_type in _FAILED]
    return [event for event in failed if event.workflow_task_failed_event_attributes.cause != _BY_A_RESET]
