"""What may be said to a case: one frozen record for each verb.

Pure. Every message carries who speaks and when it was received. `received_at` (UTC) is stamped by the
door; without it the moment of handling counts. `request_id` is the sender's own and makes a repetition
harmless; without it the engine's id of the update counts.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from domain.actor import Actor, Verb
from domain.frozen import Frozen
from domain.policy import Zone
from domain.text import Line, Text


def _utc(value: datetime) -> datetime:
    # Beside the ends of the calendar a change of zone overflows, which is no error pydantic would report.
    if not 1970 < value.year < 9999:
        raise ValueError("an instant lies in the years 1971 to 9998")
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with its offset, kept in UTC."""

MAX_REQUEST_BYTES = 16 * 1024
MAX_LINKED_BYTES = 20 * 1024  # a linked case carries the request of its parent, and why it came


class Message(Frozen):
    """What every message has."""

    actor: Actor
    received_at: Instant | None = None
    request_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/+=-]{1,100}$")] | None = None


class Availability(Frozen):
    """When a contact can be reached, in local time of an IANA zone, `HH:MM`."""

    zone: Zone
    start: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    end: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Contact(Frozen):
    """Whom we talk to; at least one way to reach him is needed for updates to arrive."""

    name: Line
    role: Line | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ()./-]{3,40}$")] | None = None
    email: Annotated[Line, Field(pattern=r"^[^@\s<>\",;:\\\[\]()]{1,64}@[A-Za-z0-9.-]{1,190}$")] | None = None
    webhook: Annotated[str, Field(pattern=r"^https?://[!#-;=?-~]{1,500}$")] | None = None
    availability: Availability | None = None


class Requester(Frozen):
    """Who asked for help."""

    name: Line
    role: Line | None = None
    organisation: Line | None = None


class Submit(Message):
    """A request for help. The same `tenant`, `source` and `reference` are one case however often they come.

    Where the policy rates by impact and urgency (RHIPE-11) staff give both; a requester's own rating is
    kept as a wish. Fields the policy requires may be missing; then the policy says what happens.
    """

    tenant: Line
    source: Line = "desk"
    reference: Line
    policy: Line = "rhipe-csp"
    plan: Line | None = None
    region: Line | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    zone: Zone | None = None
    calendar: Line | None = None
    channel: Line = "phone"
    language: Line = "en"
    title: Line | None = None
    requester: Requester | None = None
    contact: Contact | None = None
    category: Line | None = None
    product: Line | None = None
    impact: Line | None = None
    urgency: Line | None = None
    users_affected_percent: float | None = None
    workaround: bool | None = None
    partner_legal_name: Line | None = None
    tenant_company: Line | None = None
    tenant_domain: Line | None = None
    explanation: Text | None = None
    screenshots: tuple[Line, ...] = Field(default=(), max_length=20)
    affected_users: Line | tuple[Line, ...] | None = None
    troubleshooting_steps: tuple[Line, ...] | None = Field(default=None, max_length=20)
    error_messages: tuple[Line, ...] = Field(default=(), max_length=20)
    linked_to: Line | None = None


class Triage(Message):
    """The first rating of a request that came in with its channel's default level (RHIPE-15)."""

    impact: Line
    urgency: Line
    reason: Text | None = None
    users_affected_percent: float | None = None
    workaround: bool | None = None


class Respond(Message):
    """The initial response: a person has begun to work and says so (RHIPE-14)."""

    text: Text
    assignee: Line | None = None


class PostUpdate(Message):
    """News for the customer; the cadence restarts with it."""

    text: Text


class WaitForCustomer(Message):
    """A question to the customer; until the answer comes the case waits for him."""

    text: Text


class Reply(Message):
    """What the customer says. To a resolved case: `accepts` true closes it, false takes it back to work.

    `message_id` is the Message-ID of his mail, so that ours thread with it.
    """

    text: Text
    accepts: bool | None = None
    message_id: Annotated[str, Field(pattern=r"^<[!-;=?-~]{1,250}>$")] | None = None


class ProvideInformation(Message):
    """What was missing at intake; fields not given stay as they are."""

    contact: Contact | None = None
    partner_legal_name: Line | None = None
    tenant_company: Line | None = None
    tenant_domain: Line | None = None
    explanation: Text | None = None
    affected_users: Line | tuple[Line, ...] | None = None
    troubleshooting_steps: tuple[Line, ...] | None = Field(default=None, max_length=20)
    screenshots: tuple[Line, ...] | None = Field(default=None, max_length=20)
    error_messages: tuple[Line, ...] | None = Field(default=None, max_length=20)


class ChangeLevel(Message):
    """Another level: named, or by impact and urgency; staff give a reason (RHIPE-12)."""

    level: Line | None = None
    impact: Line | None = None
    urgency: Line | None = None
    reason: Text | None = None
    business_impact: Text | None = None


class AddNote(Message):
    """A note. Internal ones are for our own people; a requester's comment is never internal (RHIPE-03)."""

    text: Text
    internal: bool = True


class Resolve(Message):
    """The problem is solved, by a resolution or a workaround (`kind`)."""

    kind: Line | None = None
    text: Text


class Close(Message):
    """The case ends; `reason` is one of RHIPE-34's."""

    reason: Line | None = None
    text: Text | None = None


class Reopen(Message):
    """The problem is back; within the reopen window it is the same case (RHIPE-36)."""

    reason: Text


class RecomputeTerms(Message):
    """Hold the case to the terms of today's policy and calendar, on purpose (GAP-22)."""

    reason: Text


MODELS: dict[Verb, type[Message]] = {
    Verb.SUBMIT: Submit,
    Verb.TRIAGE: Triage,
    Verb.RESPOND: Respond,
    Verb.POST_UPDATE: PostUpdate,
    Verb.WAIT_FOR_CUSTOMER: WaitForCustomer,
    Verb.REPLY: Reply,
    Verb.PROVIDE_INFORMATION: ProvideInformation,
    Verb.CHANGE_LEVEL: ChangeLevel,
    Verb.ADD_NOTE: AddNote,
    Verb.RESOLVE: Resolve,
    Verb.CLOSE: Close,
    Verb.REOPEN: Reopen,
    Verb.RECOMPUTE_TERMS: RecomputeTerms,
}
"""Which record each verb is said with."""
