"""Writes a case into the case store and reads back how it stands there: the activities of the record lane.

This room only joins the contracts to the store; both may run as local activities, for the store is ours.
"""

from temporalio import activity

from activities.store.case_store import AnotherLife, CaseStore
from domain.effects import RECALL_CASE, RECORD_CASE
from domain.record import RecallRequest, Recollection, RecordBatch, RecordReceipt


class Recording:
    """Records cases in one store."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store

    @activity.defn(name=RECORD_CASE)
    async def record_case(self, batch: RecordBatch) -> RecordReceipt:
        """Write the batch, and say which version the store holds; a failed store is tried again."""
        try:
            version = await self._store.record(batch)
        except AnotherLife as found:
            return RecordReceipt(version=0, earlier=found.life, run=_run())
        return RecordReceipt(version=version, run=_run(), keeps=True, keeps_moments=True, keeps_lateness=True)

    @activity.defn(name=RECALL_CASE)
    async def recall_case(self, request: RecallRequest) -> Recollection:
        """Say how a life of a case stands in the store; a failed store is tried again."""
        found = await self._store.files.recall(request)
        return found.model_copy(update={"run": _run()})


def _run() -> str | None:
    """Name the run of the case that asks: a reset gives it another one, and keeps the answers it had."""
    return activity.info().workflow_run_id if activity.in_activity() else None
