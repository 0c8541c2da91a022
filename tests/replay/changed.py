"""Workflows that were changed without care, under the name of the real one: what the gate has to catch.

Each does one thing a well-meant change might do. They are replayed only, never worked with.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RawValue

from workflows.case import SupportCase
from workflows.messages import WORKFLOW, CaseOutcome
from workflows.start_input import NOTHING


@workflow.defn(name=WORKFLOW)
class RecordsBeforeItTells(SupportCase):
    """The case store learns the news before those who are told of them are."""

    @workflow.init
    def __init__(self, raw: RawValue = NOTHING) -> None:
        super().__init__(raw)

    @workflow.run
    async def run(self, raw: RawValue = NOTHING) -> CaseOutcome:
        return await super().run(raw)

    async def _carry_out(self) -> None:
        await self._record.write(self._living())
        await super()._carry_out()


@workflow.defn(name=WORKFLOW)
class TellsTheCustomerTwice(SupportCase):
    """What was told is told once more."""

    @workflow.init
    def __init__(self, raw: RawValue = NOTHING) -> None:
        super().__init__(raw)

    @workflow.run
    async def run(self, raw: RawValue = NOTHING) -> CaseOutcome:
        return await super().run(raw)

    async def _carry_out(self) -> None:
        again = self._outbox.undelivered
        await super()._carry_out()
        self._outbox.put(again)
        await super()._carry_out()


@workflow.defn(name=WORKFLOW)
class ArmsAnotherTimer(SupportCase):
    """A second timer beside the one of the nearest deadline."""

    @workflow.init
    def __init__(self, raw: RawValue = NOTHING) -> None:
        super().__init__(raw)

    @workflow.run
    async def run(self, raw: RawValue = NOTHING) -> CaseOutcome:
        return await super().run(raw)

    async def _something_to_do(self) -> None:
        await workflow.sleep(timedelta(seconds=1))
        await super()._something_to_do()


CHANGED: tuple[type[SupportCase], ...] = (RecordsBeforeItTells, TellsTheCustomerTwice, ArmsAnotherTimer)
