"""Writes a case into the case store: the activity of the record lane.

This room only joins the contract to the store; it may run as a local activity, for the store is ours.
"""

from temporalio import activity

from activities.case_store import CaseStore
from domain.effects import RECORD_CASE
from domain.record import RecordBatch, RecordReceipt


class Recording:
    """This will record cases in one store."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store

    @activity.defn(name=RECORD_CASE)
    async def record_case(self, batch: RecordBatch) -> RecordReceipt:
        """This will write the batch, and say which version the store holds; a failed store is tried again."""
        return RecordReceipt(version=await self._store.record(batch))
