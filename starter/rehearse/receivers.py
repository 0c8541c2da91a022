"""What stands at the far end of a rehearsal: it takes every effect and record of a case, and keeps count.

Part of the rehearsals. Registered under the contracts of `domain.effects`; nothing is sent to anybody.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from temporalio import activity

from activities.terms import TermsActivities
from domain.case import Case
from domain.effects import (
    COMPILE_TERMS,
    RECORD_CASE,
    TELL_CUSTOMER,
    TELL_STAFF,
    Delivery,
    DeliveryReport,
    Outcome,
    OutcomeStatus,
)
from domain.record import CaseRow, RecordBatch, RecordReceipt
from domain.terms import TermsAnswer, TermsRequest, shift_terms
from domain.timeline import TimelineEntry


class CaseRecord:
    """What one case has reported: its latest row, its first level, every entry, its last whole record."""

    def __init__(self, first: CaseRow) -> None:
        self.row = first
        self.first_level = first.level
        self.whole: Case | None = None
        self.entries: dict[int, TimelineEntry] = {}

    def take(self, batch: RecordBatch) -> None:
        """This will keep a batch, whatever order batches come in."""
        if batch.row.version >= self.row.version:
            self.row = batch.row
            self.whole = batch.case or self.whole
        self.entries.update((entry.number, entry) for entry in batch.entries)

    def take_late(self, entries: tuple[TimelineEntry, ...]) -> None:
        """This will keep what was decided about the case after its workflow was over."""
        self.entries.update((entry.number, entry) for entry in entries)

    def timeline(self) -> tuple[TimelineEntry, ...]:
        """This will list every entry in order."""
        return tuple(self.entries[number] for number in sorted(self.entries))


class Receivers:
    """The activities of a rehearsal. Terms are compiled for the instant of the log, then shifted."""

    def __init__(self, weeks: int) -> None:
        self._weeks = weeks
        self._terms = TermsActivities()
        self.records: dict[str, CaseRecord] = {}
        self.told: Counter[str] = Counter()

    @property
    def all(self) -> list[Callable[..., object]]:
        """This will list them for a worker."""
        return [self.tell_customer, self.tell_staff, self.record_case, self.compile_terms]

    @activity.defn(name=TELL_CUSTOMER)
    async def tell_customer(self, delivery: Delivery) -> DeliveryReport:
        """This will take what the customer is told."""
        return self._taken(delivery)

    @activity.defn(name=TELL_STAFF)
    async def tell_staff(self, delivery: Delivery) -> DeliveryReport:
        """This will take what our side is told."""
        return self._taken(delivery)

    def _taken(self, delivery: Delivery) -> DeliveryReport:
        self.told.update(effect.kind.value for effect in delivery.effects)
        return DeliveryReport(
            outcomes=tuple(
                Outcome(effect_id=effect.id, status=OutcomeStatus.DELIVERED) for effect in delivery.effects
            )
        )

    @activity.defn(name=RECORD_CASE)
    async def record_case(self, batch: RecordBatch) -> RecordReceipt:
        """This will take the news of a case."""
        record = self.records.setdefault(batch.row.case_id, CaseRecord(batch.row))
        record.take(batch)
        return RecordReceipt(version=record.row.version)

    @activity.defn(name=COMPILE_TERMS)
    async def compile_terms(self, request: TermsRequest) -> TermsAnswer:
        """This will compile the terms of the log's own time, holidays and all, and shift them."""
        original = request.model_copy(update={"at": request.at - timedelta(weeks=self._weeks)})
        answer = await self._terms.compile_terms(original)
        if answer.terms is None:
            return answer
        return TermsAnswer(terms=shift_terms(answer.terms, self._weeks))
