"""What must be told to whom, and the contracts of the activities that tell it.

An effect's id comes from its cause, `{case}/{request id | clock@due}/{kind}/{recipient}`, never from
a counter: it is the Message-ID of a mail, the id of a webhook and the idempotency key of whatever else
carries it, so that a retry repeats and never doubles. The activities are named here because workflows and
adapters must not know each other.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.customer_promise import CustomerPromise
from domain.facts import Facts
from domain.frozen import Frozen, Sparse

TELL_CUSTOMER = "tell_customer"
TELL_STAFF = "tell_staff"
TELL_VENDOR = "tell_vendor"
RECORD_CASE = "record_case"
RECALL_CASE = "recall_case"
COMPILE_TERMS = "compile_terms"
READ_ROSTER = "read_roster"
LOOK_UP_TENANT = "look_up_tenant"


class EffectKind(StrEnum):
    """What is told; each has a template of the same name."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FIRST_RESPONSE = "first_response"
    RESPONSE_LATE = "response_late"
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
    HANDOFF_DIGEST = "handoff_digest"
    CASE_ESCALATED = "case_escalated"
    CASE_ASSIGNED = "case_assigned"
    COLLEAGUE_RESPONDED = "colleague_responded"
    NEW_CASE = "new_case"
    WARNING = "warning"
    BREACH_NOTICE = "breach_notice"
    STILL_MISSED = "still_missed"
    STALE_NOTICE = "stale_notice"
    CUSTOMER_REPLIED = "customer_replied"
    CUSTOMER_CHANGED = "customer_changed"
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
    INTERNAL_REFERRAL = "internal_referral"
    ACCESS_DENIED = "access_denied"
    INCIDENT_NOTICE = "incident_notice"
    CANCEL_ASKED = "cancel_asked"
    INCIDENT_CANCEL_ASKED = "incident_cancel_asked"
    INCIDENT_UPDATE_DUE = "incident_update_due"
    INCIDENT_UPDATE_MISSED = "incident_update_missed"
    LINKED_CASE = "linked_case"
    REQUEST_REFUSED = "request_refused"


class Recipient(StrEnum):
    """Who is told; who that is by name and address is settled when it is delivered, for our own side."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    ASSIGNEE = "assignee"
    TSS = "tss"
    SDM = "sdm"
    REGION = "region"
    DEPARTMENT = "department"
    VENDOR = "vendor"
    CASES = "cases"
    AUDIENCE = "audience"

    @property
    def is_outside(self) -> bool:
        """True where it is nobody of our own who reads it."""
        return self in (Recipient.CUSTOMER, Recipient.CONTACT, Recipient.VENDOR, Recipient.AUDIENCE)


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
    Recipient.DEPARTMENT: Lane.STAFF,
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
    """Where somebody is reached: a mail address, an https URL, or a vendor by the name of their interface."""

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
    by any where `anywhere` says so; what `gathers` may go in one mail with what else a shift end brings its
    reader. `rank` is the level's, 0 the most urgent: where many wait, it says who is told first. `thread`
    holds the references of earlier mails of the case, oldest first: effect ids of ours, and foreign
    Message-IDs in angle brackets. `language` and `zone`
    are the customer's; `reads_in` is the zone of the one of us who reads it, where delivery knows it. By
    `policy` and `plan`, the customer's `country` and the `support_type` it is looked up how the reader
    reaches us; they are None in what was caused before 0.3, and the last two before 0.4. `promise` is what it
    promises the customer.
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
    gathers: bool = False
    rank: int | None = None
    addresses: tuple[Address, ...] = ()
    audience: Audience | None = None
    language: str = "en"
    zone: str = "UTC"
    reads_in: str | None = None
    thread: tuple[str, ...] = ()
    policy: str | None = None
    plan: str | None = None
    country: str | None = None
    support_type: str | None = None
    promise: CustomerPromise | None = None
    facts: Facts = Field(default_factory=Facts)

    @property
    def lane(self) -> Lane:
        """The ordered stream the effect belongs to."""
        return Lane.STAFF if self.anywhere else _LANES[self.to]


def says_the_same(one: str, other: str, kind: EffectKind) -> bool:
    """Tell by the ids of two effects of a kind whether one thing is told twice, to two of us by their roles.

    What is for one centre by name says other things than what is for another.
    """
    (cause, _, to), (other_cause, _, other_to) = (name.rpartition(f"/{kind}/") for name in (one, other))
    return cause == other_cause and ":" not in to + other_to


def said_by(effect: Effect) -> str:
    """Return what all effects share that say one thing to several of us: case, cause and kind.

    What is for one centre by name says it alone.
    """
    said, _, to = effect.id.rpartition(f"/{effect.kind}/")
    return effect.id if not said or ":" in to else f"{said}/{effect.kind}"


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

    `reference` is the number the vendor gave the ticket that was opened with them (RHIPE-41). `gathered` is
    with how many others it went in one mail.
    """

    effect_id: str
    status: OutcomeStatus
    channel: Channel | None = None
    failed: tuple[Address, ...] = ()
    reason: str | None = None
    reference: str | None = None
    gathered: int = 0


class DeliveryReport(Frozen):
    """The output of the activities that tell: one outcome for each effect, in the same order."""

    outcomes: tuple[Outcome, ...]
