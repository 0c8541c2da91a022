"""What one case did in a rehearsal, entry by entry, at the instants of the log; only to compare engines.

Part of the rehearsals.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from domain.frozen import Frozen
from domain.timeline import TimelineEntry
from starter.rehearse.case_record import CaseRecord


class CaseTimeline(Frozen):
    """The entries of one case (UTC, the log's own time), where it ended, and its notices by kind."""

    case_id: str
    reference: str
    phase: str
    level: str
    region: str
    entries: tuple[TimelineEntry, ...]
    told: dict[str, int]


def timeline_of(record: CaseRecord, told: Mapping[str, int], shift: timedelta) -> CaseTimeline:
    """Write down what a case did whose clock was `shift` ahead of the log's."""
    row = record.row
    return CaseTimeline(
        case_id=row.case_id,
        reference=row.reference,
        phase=row.phase.value,
        level=row.level,
        region=row.region,
        entries=tuple(_moved(record.timeline(), shift)),
        told=dict(sorted(told.items())),
    )


def _moved(entries: Iterable[TimelineEntry], shift: timedelta) -> Iterable[TimelineEntry]:
    for entry in entries:
        yield entry.model_copy(update={"at": entry.at - shift, "due_at": _back(entry.due_at, shift)})


def _back(at: datetime | None, shift: timedelta) -> datetime | None:
    return None if at is None else at - shift
