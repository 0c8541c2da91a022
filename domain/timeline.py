"""What happened to a case, entry by entry, in the order of its numbers.

Pure. The case itself keeps the last few entries, shortened; the case store keeps every one whole.
"""

from datetime import datetime
from enum import StrEnum

from domain.frozen import Frozen


class EntryKind(StrEnum):
    """What kind of thing happened."""

    SUBMITTED = "submitted"
    TRIAGED = "triaged"
    RESPONDED = "responded"
    UPDATED = "updated"
    STATUS_SENT = "status_sent"
    QUESTION_ASKED = "question_asked"
    REPLIED = "replied"
    INFORMATION_PROVIDED = "information_provided"
    LEVEL_CHANGED = "level_changed"
    LEVEL_REQUESTED = "level_requested"
    SCOPE_UPDATED = "scope_updated"
    INTERVAL_AGREED = "interval_agreed"
    TRACKED_ELSEWHERE = "tracked_elsewhere"
    CUSTOMER_UPDATE_LAPSED = "customer_update_lapsed"
    CONFIRMATION_ASKED = "confirmation_asked"
    VALIDATION_ASKED = "validation_asked"
    VALIDATED = "validated"
    SCOPE_DECIDED = "scope_decided"
    ENTITLEMENT_CHECKED = "entitlement_checked"
    HANDOFF_OFFERED = "handoff_offered"
    HANDOFF_ACCEPTED = "handoff_accepted"
    HANDOFF_DECLINED = "handoff_declined"
    HANDOFF_SKIPPED = "handoff_skipped"
    HELD = "held"
    HANDED_OVER = "handed_over"
    REASSIGNED = "reassigned"
    ESCALATED = "escalated"
    SKILL_NOT_AVAILABLE = "skill_not_available"
    NOTED = "noted"
    WARNED = "warned"
    BREACHED = "breached"
    KEPT_LATE = "kept_late"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    REOPEN_DECLINED = "reopen_declined"
    ARCHIVED = "archived"
    DELIVERY_FAILED = "delivery_failed"
    NOT_UNDERSTOOD = "not_understood"
    TERMS_CHANGED = "terms_changed"


class TimelineEntry(Frozen):
    """One entry. `number` starts at 1 and has no gaps; `at` is UTC and never goes back.

    `internal` entries are for our own people. `text` may be shortened in the case itself and never in
    the case store.
    """

    number: int
    at: datetime
    kind: EntryKind
    by: str
    internal: bool = False
    text: str | None = None
    about: str | None = None
    due_at: datetime | None = None
    late_seconds: int | None = None
    count: int | None = None
