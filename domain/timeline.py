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
    RESOLVER_GROUP_ASSIGNED = "resolver_group_assigned"
    ESCALATION_REQUESTED = "escalation_requested"
    ESCALATION_DECLINED = "escalation_declined"
    ESCALATED_TO_VENDOR = "escalated_to_vendor"
    VENDOR_TICKET_OPENED = "vendor_ticket_opened"
    VENDOR_TICKET_FAILED = "vendor_ticket_failed"
    VENDOR_FOLLOWED_UP = "vendor_followed_up"
    VENDOR_ANSWERED = "vendor_answered"
    VENDOR_FOUND = "vendor_found"
    VENDOR_CONTACTED = "vendor_contacted"
    VENDOR_NOT_CONTACTED = "vendor_not_contacted"
    CONTACT_CHECKED = "contact_checked"
    MAIN_CONTACT_CHANGED = "main_contact_changed"
    REVIEW_REQUESTED = "review_requested"
    REVIEW_DECIDED = "review_decided"
    COVER_GAP = "cover_gap"
    NOTED = "noted"
    WARNED = "warned"
    BREACHED = "breached"
    KEPT_LATE = "kept_late"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    REOPEN_DECLINED = "reopen_declined"
    ARCHIVED = "archived"
    SURVEY_ANSWERED = "survey_answered"
    SESSION_SCHEDULED = "session_scheduled"
    SESSION_REMINDED = "session_reminded"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_STARTED = "session_started"
    SESSION_ENDED = "session_ended"
    DIAGNOSED = "diagnosed"
    PLANNED = "planned"
    PLANNED_START = "planned_start"
    ROOT_CAUSE_FOUND = "root_cause_found"
    ROOT_CAUSE_REQUESTED = "root_cause_requested"
    ACCESS_REQUESTED = "access_requested"
    VISITOR_ADMITTED = "visitor_admitted"
    ACCESS_DENIED = "access_denied"
    DELIVERY_FAILED = "delivery_failed"
    NOT_UNDERSTOOD = "not_understood"
    INCIDENT_NEWS = "incident_news"
    TERMS_CHANGED = "terms_changed"
    OUTAGE_DECLARED = "outage_declared"
    OUTAGE_NOTIFIED = "outage_notified"
    AUDIENCE_MISSING = "audience_missing"
    BRIDGE_STARTED = "bridge_started"
    OUTAGE_RESOLVED = "outage_resolved"
    OUTAGE_ENDED = "outage_ended"


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
