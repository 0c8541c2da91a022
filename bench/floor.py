"""The floor: a workflow without any policy that takes the same messages and causes the same effects.

It is told beforehand what will happen, so it arms no timer in vain; what the product costs above it is the
price of deciding. It uses the same means: the same activities, the same record lane, the same upserts.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from domain.effects import RECORD_CASE, Delivery, DeliveryReport
    from domain.frozen import Frozen
    from domain.record import RecordBatch, RecordReceipt
    from workflows.messages import CASE_PHASE, CASE_POLICY, CASE_RANK, CASE_REGION, CASE_TENANT, Receipt


class Beat(Frozen):
    """One activation: it comes by a message, or at an offset from the start; then these things are done."""

    at: timedelta | None = None
    tell: tuple[tuple[str, Delivery], ...] = ()
    phase: str | None = None
    batch: RecordBatch | None = None


class Script(Frozen):
    """All activations of one case, in order, and the receipt every message is answered with."""

    beats: tuple[Beat, ...]
    receipt: Receipt


@workflow.defn
class Floor:
    """Plays a script: waits for the next beat and does what it says."""

    @workflow.init
    def __init__(self, script: Script) -> None:
        self._script = script
        self._heard = 0
        self._played = 0
        self._under_way: set[asyncio.Task[None]] = set()

    @workflow.run
    async def run(self, script: Script) -> int:
        """End with the last beat; returns how many there were."""
        start = workflow.info().start_time
        messages = 0
        for beat in script.beats:
            if beat.at is None:
                messages += 1
                expected = messages
                await workflow.wait_condition(lambda expected=expected: self._heard >= expected)  # type: ignore[misc]
            else:
                await workflow.sleep(start + beat.at - workflow.now(), summary="beat")
            await self._play(beat)
            if beat.at is None:
                self._played += 1
        await workflow.wait_condition(lambda: not self._under_way)
        return len(script.beats)

    @workflow.update
    async def say(self, text: str) -> Receipt:
        """Take any message; answered once its beat was played."""
        self._heard += 1
        mine = self._heard
        await workflow.wait_condition(lambda: self._played >= mine)
        return self._script.receipt

    async def _play(self, beat: Beat) -> None:
        for name, delivery in beat.tell:
            task = asyncio.create_task(self._tell(name, delivery))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if beat.phase == "received":
            workflow.upsert_search_attributes(
                [
                    CASE_TENANT.value_set("floor"),
                    CASE_POLICY.value_set("floor"),
                    CASE_RANK.value_set(1),
                    CASE_PHASE.value_set(beat.phase),
                    CASE_REGION.value_set("floor"),
                ]
            )
        elif beat.phase is not None:
            workflow.upsert_search_attributes([CASE_PHASE.value_set(beat.phase)])
        if beat.batch is not None:
            await workflow.execute_local_activity(
                RECORD_CASE,
                beat.batch,
                result_type=RecordReceipt,
                schedule_to_close_timeout=timedelta(seconds=1),
                retry_policy=RetryPolicy(maximum_attempts=1),
            )

    @staticmethod
    async def _tell(name: str, delivery: Delivery) -> None:
        await workflow.execute_activity(
            name,
            delivery,
            result_type=DeliveryReport,
            start_to_close_timeout=timedelta(seconds=30),
            summary="told",
        )
