"""The bare engine: a workflow that plays beats, activities that do nothing, and the process of both."""

import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RawValue, SearchAttributeKey
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

with workflow.unsafe.imports_passed_through():
    from bench.real import beats

QUEUE = "bench-bare"
CACHED = 2000
SANDBOXED = "SUNRELAY_BENCH_BARE_SANDBOX"
"""The variable by which the process is told to run in the SDK's sandbox."""

_ATTRIBUTES = [
    SearchAttributeKey.for_keyword(name) for name in ("CasePhase", "CaseTenant", "CasePolicy", "CaseRegion")
]
_LATER = timedelta(hours=4)
_EMPTY = beats.unpacked("")


@workflow.defn
class Bare:
    """Does what a case of ours does at its opening, at each message, and when its first timer fires."""

    @workflow.init
    def __init__(self, wakes_at: float) -> None:
        self._wakes_at = wakes_at
        self._heard = 0
        self._timer: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[Any]] = set()

    @workflow.run
    async def run(self, _wakes_at: float) -> None:
        """Live for ever, as the bench ends before it."""
        while True:
            await workflow.wait_condition(lambda: self._timer is not None and self._timer.done())
            self._timer, self._wakes_at = None, 0
            await self._play(beats.played().due)

    @workflow.update
    async def say(self, _raw: RawValue) -> RawValue:
        """Take any message: the first one opens."""
        self._heard += 1
        beat = beats.played().opening if self._heard == 1 else beats.played().message
        await self._play(beat)
        return RawValue(beats.unpacked(beat.answer))

    async def _play(self, beat: beats.Beat) -> None:
        for number in beat.upserts:
            workflow.upsert_search_attributes([key.value_set("bare") for key in _ATTRIBUTES[:number]])
        for task in beat.regular:
            doing = asyncio.create_task(self._do(task))
            self._under_way.add(doing)
            doing.add_done_callback(self._under_way.discard)
        for task in beat.local:
            await workflow.execute_local_activity(
                task.name, RawValue(_EMPTY), result_type=RawValue, start_to_close_timeout=timedelta(seconds=5)
            )
        if beat.timers:
            if self._timer is not None:
                self._timer.cancel()
            wait = (
                timedelta(seconds=self._wakes_at - workflow.now().timestamp()) if self._wakes_at else _LATER
            )
            self._timer = asyncio.create_task(workflow.sleep(wait, summary="beat"))

    @staticmethod
    async def _do(task: beats.Task) -> None:
        await workflow.execute_activity(
            task.name,
            RawValue(beats.unpacked(task.given)),
            result_type=RawValue,
            start_to_close_timeout=timedelta(seconds=30),
            summary="told",
        )


@activity.defn(dynamic=True)
async def nothing(_given: Sequence[RawValue]) -> RawValue:
    """Do nothing, and answer as ours did."""
    return RawValue(_RESULTS[activity.info().activity_type])


_RESULTS: dict[str, Any] = {}


async def main() -> None:
    """Work until told to stop."""
    known = beats.played()
    for beat in (known.opening, known.message, known.due):
        for task in (*beat.local, *beat.regular):
            _RESULTS[task.name] = beats.unpacked(task.result)
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    sandboxed = os.environ.get(SANDBOXED) == "1"
    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[Bare],
        activities=[nothing],
        workflow_runner=SandboxedWorkflowRunner() if sandboxed else UnsandboxedWorkflowRunner(),
        max_cached_workflows=CACHED,
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with worker:
        await stop.wait()
    await asyncio.sleep(0.5)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main())
    os._exit(0)
