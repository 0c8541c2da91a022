"""When an open case is silent: none of our people has brought it further for long."""

from datetime import datetime, timedelta

from domain.record import CaseRow
from domain.timeline import EntryKind

SILENT_AFTER = timedelta(days=1)
"""How long nobody of ours has acted on a case that counts as silent (ours)."""

PASSES_ON = frozenset(
    {
        EntryKind.SUBMITTED,
        EntryKind.HANDOFF_OFFERED,
        EntryKind.HANDOFF_ACCEPTED,
        EntryKind.HANDOFF_DECLINED,
        EntryKind.HANDED_OVER,
        EntryKind.BRIEFED,
        EntryKind.NEXT_ACTION_CONFIRMED,
        EntryKind.REASSIGNED,
        EntryKind.TERMS_CHANGED,
    }
)
"""What our people enter or pass on; it brings the customer no further, and counts for no act."""


def is_silent(row: CaseRow, acted_at: datetime | None, at: datetime) -> bool:
    """Tell whether a case is silent at an instant (UTC); `acted_at` is the last act of ours, if any."""
    return (acted_at or row.received_at) < at - SILENT_AFTER
