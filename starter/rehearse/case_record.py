"""What one case has reported in a rehearsal, whichever engine it lives on.

Part of the rehearsals.
"""

from collections.abc import Iterable

from domain.case import Case
from domain.record import CaseRow, RecordBatch
from domain.timeline import TimelineEntry


class CaseRecord:
    """What one case has reported: its latest row, what the first said, every entry, its last whole record."""

    def __init__(
        self, row: CaseRow, *, first_level: str | None = None, first_region: str | None = None
    ) -> None:
        self.row = row
        self.first_level = first_level or row.level
        self.first_region = first_region or row.region
        self.whole: Case | None = None
        self.entries: dict[int, TimelineEntry] = {}

    def take(self, batch: RecordBatch) -> None:
        """Keep a batch, whatever order batches come in."""
        if batch.row.version >= self.row.version:
            self.row = batch.row
            self.whole = batch.case or self.whole
        self.entries.update((entry.number, entry) for entry in batch.entries)

    def take_late(self, entries: Iterable[TimelineEntry]) -> None:
        """Keep entries that came without a batch: those of a case that was over, or that has no workflow."""
        self.entries.update((entry.number, entry) for entry in entries)

    def timeline(self) -> tuple[TimelineEntry, ...]:
        """List every entry in order."""
        return tuple(self.entries[number] for number in sorted(self.entries))
