"""The gate: histories are replayed as a worker of the product would, with its sandbox and its converter.

A replay compares what the code would do now, command by command, with what was done then: which timers,
activities, markers and ends in which order. It does not compare what a mail says; the tests of the wording
and of the domain do.
"""

from collections.abc import Iterable

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from worker import sandbox
from workflows.case import SupportCase
from workflows.incident import MajorIncident


async def replay(histories: Iterable[WorkflowHistory], workflow: type[SupportCase] = SupportCase) -> None:
    """Raises: NondeterminismError, with what differs, for the first history that does not fit the code."""
    replayer = Replayer(
        workflows=[workflow, MajorIncident],
        workflow_runner=sandbox(),
        data_converter=pydantic_data_converter,
    )
    for history in histories:
        await replayer.replay_workflow(history)
