"""What happened to a case, entry by entry, in the order of its numbers.

The case itself keeps the last few entries, shortened; the case store keeps every one whole.
"""

from datetime import datetime
from enum import StrEnum

from domain.actor import ActorKind, Door, Role
from domain.frozen import Frozen


class EntryKind(StrEnum):
    """What kind of thing happened."""

    SUBMITTED = "submitted"
    IMPORTED = "imported"
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
    REFERRED = "referred"
    CONTACTED = "contacted"
    ENTITLEMENT_CHECKED = "entitlement_checked"
    HANDOFF_OFFERED = "handoff_offered"
    HANDOFF_ACCEPTED = "handoff_accepted"
    HANDOFF_DECLINED = "handoff_declined"
    HANDOFF_SKIPPED = "handoff_skipped"
    HELD = "held"
    HANDED_OVER = "handed_over"
    BRIEFED = "briefed"
    NEXT_ACTION_CONFIRMED = "next_action_confirmed"
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
    SURVEY_SUGGESTED = "survey_suggested"
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
    CANCEL_ASKED = "cancel_asked"
    ENGINE_RESET = "engine_reset"
    INCIDENT_NEWS = "incident_news"
    TERMS_CHANGED = "terms_changed"
    OUTAGE_DECLARED = "outage_declared"
    OUTAGE_NOTIFIED = "outage_notified"
    AUDIENCE_MISSING = "audience_missing"
    BRIDGE_STARTED = "bridge_started"
    OUTAGE_RESOLVED = "outage_resolved"
    OUTAGE_ENDED = "outage_ended"


AUTOMATIC = "automatic"
THANKS = "thanks"
KEPT_ONLY = frozenset({AUTOMATIC, THANKS})
"""What an entry is about that changed nothing: a machine's answer, or mere thanks."""


class TimelineEntry(Frozen):
    """One entry. `number` starts at 1 and has no gaps; `at` is UTC and never goes back, but to
    what lies before an import.

    `internal` entries are for our own people. `text` may be shortened in the case itself and never in
    the case store. `by_kind`, `by_role` and `door` say who spoke, and through which door; `request_id` is
    that of the message it comes from. Entries of earlier versions lack them.
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
    by_kind: ActorKind | None = None
    by_role: Role | None = None
    door: Door | None = None
    request_id: str | None = None
