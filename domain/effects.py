"""What must be told to whom, and the contracts of the activities that tell it.

Pure. An effect's id comes from its cause, `{case}/{request id | clock@due}/{kind}/{recipient}`, never from
a counter: it is the Message-ID of a mail, the id of a webhook and the idempotency key of whatever else
carries it, so that a retry repeats and never doubles. The activities are named here because workflows and
adapters must not know each other.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.facts import Facts
from domain.frozen import Frozen, Sparse

TELL_CUSTOMER = "tell_customer"
TELL_STAFF = "tell_staff"
TELL_VENDOR = "tell_vendor"
RECORD_CASE = "record_case"
COMPILE_TERMS = "compile_terms"
READ_ROSTER = "read_roster"


class EffectKind(StrEnum):
    """What is told; each has a template of the same name."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FIRST_RESPONSE = "first_response"
    STAFF_UPDATE = "staff_update"
    STATUS_UPDATE = "status_update"
    QUESTION = "question"
    INFORMATION_NEEDED = "information_needed"
    LEVEL_CHANGED = "level_changed"
    INTERVAL_AGREED = "interval_agreed"
    CUSTOMER_UPDATE_REMINDER = "customer_update_reminder"
    VALIDATION_REQUEST = "validation_request"
    CONFIRM_RESOLUTION = "confirm_resolution"
    CANNOT_SUPPORT = "cannot_support"
    REFERRAL = "referral"
    CASE_RESOLVED = "case_resolved"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    ESCALATION_CLOSURE = "escalation_closure"
    ESCALATION_DECLINED = "escalation_declined"
    VENDOR_UPDATE = "vendor_update"
    REVIEW_DECIDED = "review_decided"
    CONTACT_CHECK = "contact_check"
    REOPEN_TOO_LATE = "reopen_too_late"
    CSAT_SURVEY = "csat_survey"
    REASSIGNED = "reassigned"
    HANDOFF_OFFER = "handoff_offer"
    HANDOFF_NOTE = "handoff_note"
    HANDOFF_FAILED = "handoff_failed"
    CASE_ESCALATED = "case_escalated"
    CASE_ASSIGNED = "case_assigned"
    NEW_CASE = "new_case"
    WARNING = "warning"
    BREACH_NOTICE = "breach_notice"
    STALE_NOTICE = "stale_notice"
    CUSTOMER_REPLIED = "customer_replied"
    SCOPE_CHANGED = "scope_changed"
    CALL_CUSTOMER = "call_customer"
    LEVEL_REQUESTED = "level_requested"
    DELIVERY_FAILED = "delivery_failed"
    ESCALATION_REQUESTED = "escalation_requested"
    FOLLOW_UP_TASK = "follow_up_task"
    VENDOR_ANSWERED = "vendor_answered"
    VENDOR_SILENT = "vendor_silent"
    COVER_GAP = "cover_gap"
    REVIEW_REQUESTED = "review_requested"
    VENDOR_TICKET = "vendor_ticket"
    VENDOR_FOLLOW_UP = "vendor_follow_up"
    OUTAGE_DECLARED = "outage_declared"
    OUTAGE_NOTICE = "outage_notice"
    OUTAGE_RESOLVED = "outage_resolved"
    OUTAGE_ENDED = "outage_ended"
    BRIDGE_CALL = "bridge_call"
    SESSION_SCHEDULED = "session_scheduled"
    SESSION_REMINDER = "session_reminder"
    SESSION_CANCELLED = "session_cancelled"
    PLANNED_REQUEST_DUE = "planned_request_due"
    ROOT_CAUSE_REQUESTED = "root_cause_requested"
    ACCESS_REQUESTED = "access_requested"
    ACCESS_DENIED = "access_denied"
    INCIDENT_NOTICE = "incident_notice"
    INCIDENT_UPDATE_DUE = "incident_update_due"
    INCIDENT_UPDATE_MISSED = "incident_update_missed"
    LINKED_CASE = "linked_case"


class Recipient(StrEnum):
    """Who is told; who that is by name and address is settled when it is delivered, for our own side."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    ASSIGNEE = "assignee"
    TSS = "tss"
    SDM = "sdm"
    REGION = "region"
    VENDOR = "vendor"
    CASES = "cases"
    AUDIENCE = "audience"


class Lane(StrEnum):
    """What may hold up what: a stuck lane holds up nothing but itself."""

    CUSTOMER = "customer"
    STAFF = "staff"
    REGION = "region"
    CASES = "cases"
    VENDOR = "vendor"
    AUDIENCE = "audience"


_LANES = {
    Recipient.CUSTOMER: Lane.CUSTOMER,
    Recipient.CONTACT: Lane.CUSTOMER,
    Recipient.ASSIGNEE: Lane.STAFF,
    Recipient.TSS: Lane.STAFF,
    Recipient.SDM: Lane.STAFF,
    Recipient.REGION: Lane.REGION,
    Recipient.VENDOR: Lane.VENDOR,
    Recipient.CASES: Lane.CASES,
    Recipient.AUDIENCE: Lane.AUDIENCE,
}


class Channel(StrEnum):
    """How somebody is reached by us."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    VENDOR = "vendor"


class Address(Frozen):
    """Where somebody is reached: a mail address, an https URL, or a vendor by the name of his interface."""

    channel: Channel
    to: str


class Audience(Frozen):
    """A list of people of one tenant, by name; who is on it is looked up when it is told (GAP-27)."""

    tenant: str
    name: str


class Effect(Sparse):
    """One thing to tell one recipient.

    `addresses` are tried in order (empty for our own side: the adapter's directory answers at the moment
    of delivery); an `audience` is a list of which everybody is told. A centre is told by its own workers, or
    by any where `anywhere` says so. `rank` is the level's, 0 the most
    urgent: where many wait, it says who is told first. `thread` holds the references of earlier mails of the
    case, oldest first: effect ids of ours, and foreign Message-IDs in angle brackets. `language` and `zone`
    are the reader's.
    """

    id: str
    case_id: str
    case_number: str
    kind: EffectKind
    to: Recipient
    caused_at: datetime
    about: str | None = None
    region: str | None = None
    anywhere: bool = False
    rank: int | None = None
    addresses: tuple[Address, ...] = ()
    audience: Audience | None = None
    language: str = "en"
    zone: str = "UTC"
    thread: tuple[str, ...] = ()
    facts: Facts = Field(default_factory=Facts)

    @property
    def lane(self) -> Lane:
        """This will name the ordered stream the effect belongs to."""
        return Lane.STAFF if self.anywhere else _LANES[self.to]


class Delivery(Frozen):
    """The input of `tell_customer`, `tell_staff` and `tell_vendor`: effects of one lane, in order."""

    effects: tuple[Effect, ...]


class OutcomeStatus(StrEnum):
    """How telling somebody ended; anything else is tried again. `UNANSWERED`: no worker there took it."""

    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    UNANSWERED = "unanswered"


class Outcome(Frozen):
    """How one effect ended. `reason` says why a channel will never work (a refused address, say).

    `reference` is the number the vendor gave the ticket that was opened with him (RHIPE-41).
    """

    effect_id: str
    status: OutcomeStatus
    channel: Channel | None = None
    failed: tuple[Address, ...] = ()
    reason: str | None = None
    reference: str | None = None


class DeliveryReport(Frozen):
    """The output of the activities that tell: one outcome for each effect, in the same order."""

    outcomes: tuple[Outcome, ...]
