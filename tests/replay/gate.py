"""The gate: histories are replayed as a worker of the product would, with its sandbox and its converter.

A replay compares what the code would do now, command by command, with what was done then: which timers,
activities, markers and ends in which order. It does not compare what a mail says; the tests of the wording
and of the domain do.
"""

import dataclasses
from collections.abc import AsyncIterator, Iterable

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from worker import sandbox
from workflows.case import SupportCase
from workflows.incident import MajorIncident
from workflows.payloads import LenientPayloads


async def replay(histories: Iterable[WorkflowHistory], workflow: type[SupportCase] = SupportCase) -> None:
    """Raises: NondeterminismError, with what differs, for the first history that does not fit the code."""
    async for wrong in replayed(histories, workflow):
        if wrong is not None:
            raise wrong


async def replayed(
    histories: Iterable[WorkflowHistory], workflow: type[SupportCase] = SupportCase
) -> AsyncIterator[Exception | None]:
    """What is wrong with each history in turn: None, or how it differs from what the code would do.

    In debug mode, which has no patience of 2 s for a step: a busy machine may need more.
    """
    replayer = Replayer(
        workflows=[workflow, MajorIncident],
        workflow_runner=sandbox(),
        data_converter=dataclasses.replace(pydantic_data_converter, payload_converter_class=LenientPayloads),
        debug_mode=True,
    )

    async def one_by_one() -> AsyncIterator[WorkflowHistory]:
        for history in histories:
            yield history

    async with replayer.workflow_replay_iterator(one_by_one()) as results:
        async for result in results:
            yield result.replay_failure
