"""What must be told to whom, and the contracts of the activities that tell it.

Pure. An effect's id comes from its cause, `{case}/{request id | clock@due}/{kind}/{recipient}`, never from
a counter: it is the Message-ID of a mail, the id of a webhook and the idempotency key of whatever else
carries it, so that a retry repeats and never doubles. The activities are named here because workflows and
adapters must not know each other.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.frozen import Frozen
from domain.timeline import TimelineEntry

TELL_CUSTOMER = "tell_customer"
TELL_STAFF = "tell_staff"
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
    REOPEN_TOO_LATE = "reopen_too_late"
    CSAT_SURVEY = "csat_survey"
    REASSIGNED = "reassigned"
    HANDOFF_OFFER = "handoff_offer"
    HANDOFF_NOTE = "handoff_note"
    HANDOFF_FAILED = "handoff_failed"
    CASE_ESCALATED = "case_escalated"
    NEW_CASE = "new_case"
    WARNING = "warning"
    BREACH_NOTICE = "breach_notice"
    STALE_NOTICE = "stale_notice"
    CUSTOMER_REPLIED = "customer_replied"
    SCOPE_CHANGED = "scope_changed"
    CALL_CUSTOMER = "call_customer"
    LEVEL_REQUESTED = "level_requested"
    DELIVERY_FAILED = "delivery_failed"
    LINKED_CASE = "linked_case"


class Recipient(StrEnum):
    """Who is told; who that is by name and address is settled when it is delivered, for our own side."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    ASSIGNEE = "assignee"
    TSS = "tss"
    SDM = "sdm"
    REGION = "region"
    CASES = "cases"


class Lane(StrEnum):
    """What may hold up what: a stuck lane holds up nothing but itself."""

    CUSTOMER = "customer"
    STAFF = "staff"
    REGION = "region"
    CASES = "cases"


_LANES = {
    Recipient.CUSTOMER: Lane.CUSTOMER,
    Recipient.CONTACT: Lane.CUSTOMER,
    Recipient.ASSIGNEE: Lane.STAFF,
    Recipient.TSS: Lane.STAFF,
    Recipient.SDM: Lane.STAFF,
    Recipient.REGION: Lane.REGION,
    Recipient.CASES: Lane.CASES,
}


class Channel(StrEnum):
    """How somebody is reached by us."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Address(Frozen):
    """Where somebody is reached: a mail address or an https URL."""

    channel: Channel
    to: str


class ClockFact(Frozen):
    """One running clock: due when (UTC)."""

    clock: str
    due_at: datetime


class Facts(Frozen):
    """What a template may say. All instants UTC; `text` is what a person wrote, at most 8 KiB.

    `text_entry` is the timeline entry that holds the text; an effect that had to wait long carries the
    entry only, and the adapter reads the text from the case store. `stale` marks a status with no news by a
    person (GAP-07), `history` is what happened last, for whoever takes a case up again (O365-23).
    `refer_to` and `how` say whom to ask instead, `links` where customers help themselves.
    """

    title: str = ""
    text: str | None = None
    text_entry: int | None = None
    by: str | None = None
    level: str | None = None
    level_name: str | None = None
    phase: str | None = None
    clock: str | None = None
    due_at: datetime | None = None
    next_update_at: datetime | None = None
    waiting_since: datetime | None = None
    reopen_until: datetime | None = None
    auto_close_at: datetime | None = None
    received_at: datetime | None = None
    owner: str | None = None
    reason: str | None = None
    advice: str | None = None
    missing: tuple[str, ...] = ()
    count: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    linked_case: str | None = None
    linked_number: str | None = None
    links: tuple[str, ...] = ()
    stale: bool = False
    refer_to: str | None = None
    how: str | None = None
    phone: str | None = None
    has_sla: bool = True
    history: tuple[TimelineEntry, ...] = ()
    clocks: tuple[ClockFact, ...] = ()
    contact: str | None = None


class Effect(Frozen):
    """One thing to tell one recipient.

    `addresses` are tried in order (empty for our own side: the adapter's directory answers at the moment
    of delivery). `rank` is the level's, 0 the most urgent: where many wait, it says who is told first.
    `thread` holds the references of earlier mails of the case, oldest first: effect ids of ours, and foreign
    Message-IDs in angle brackets. `language` and `zone` are the reader's.
    """

    id: str
    case_id: str
    case_number: str
    kind: EffectKind
    to: Recipient
    caused_at: datetime
    about: str | None = None
    region: str | None = None
    rank: int | None = None
    addresses: tuple[Address, ...] = ()
    language: str = "en"
    zone: str = "UTC"
    thread: tuple[str, ...] = ()
    facts: Facts = Field(default_factory=Facts)

    @property
    def lane(self) -> Lane:
        """This will name the ordered stream the effect belongs to."""
        return _LANES[self.to]


class Delivery(Frozen):
    """The input of `tell_customer` and `tell_staff`: effects of one lane, in order."""

    effects: tuple[Effect, ...]


class OutcomeStatus(StrEnum):
    """How telling somebody ended; anything else is tried again."""

    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


class Outcome(Frozen):
    """How one effect ended. `reason` says why a channel will never work (a refused address, say)."""

    effect_id: str
    status: OutcomeStatus
    channel: Channel | None = None
    failed: tuple[Address, ...] = ()
    reason: str | None = None


class DeliveryReport(Frozen):
    """The output of `tell_customer` and `tell_staff`: one outcome for each effect, in the same order."""

    outcomes: tuple[Outcome, ...]
