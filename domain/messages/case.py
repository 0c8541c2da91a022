"""What may be said to a case: one frozen record for each verb.

Every message carries who speaks and when it was received. `received_at` (UTC) is stamped by the
door; without it the moment of handling counts. `request_id` is the sender's own and makes a repetition
harmless; without it the engine's id of the update counts.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, ValidationInfo

from domain.messages.base import CustomerMessage, Instant, Message
from domain.messages.request import (
    MAX_LINKED_BYTES,
    MAX_REQUEST_BYTES,
    Availability,
    Contact,
    Files,
    MaybeLine,
    MaybeText,
    ProvideInformation,
    Requester,
    Submit,
)
from domain.messages.staffing import (
    AcceptHandoff,
    Claim,
    DeclineHandoff,
    Escalate,
    HandOff,
    Reassign,
    ReassignReason,
    TakeOwnership,
)
from domain.policy import Duration
from domain.text import Identifier, Line, Text, is_incoming

__all__ = [
    "MAX_LINKED_BYTES",
    "MAX_REQUEST_BYTES",
    "AcceptHandoff",
    "AddNote",
    "AgreeInterval",
    "Availability",
    "ChangeLevel",
    "Claim",
    "Close",
    "Contact",
    "DeclineHandoff",
    "Escalate",
    "HandOff",
    "Instant",
    "Message",
    "PostUpdate",
    "ProvideInformation",
    "Reassign",
    "ReassignReason",
    "RecomputeTerms",
    "Reopen",
    "Reply",
    "Requester",
    "Resolve",
    "Respond",
    "Submit",
    "TakeOwnership",
    "TrackElsewhere",
    "Triage",
    "UpdateScope",
    "ValidateResolution",
    "WaitForCustomer",
]


class Triage(Message):
    """The first rating of a request that came in with its channel's default level (RHIPE-15)."""

    impact: Line
    urgency: Line
    reason: MaybeText = None
    users_affected_percent: float | None = None
    workaround: bool | None = None
    outage: bool = False


class Respond(Message):
    """The initial response: a person has begun to work and says so (RHIPE-14).

    A case that has an owner stays theirs, unless the speaker takes it (`take`) or names who does.
    """

    text: Text
    assignee: Line | None = None
    take: bool = False


class PostUpdate(Message):
    """News for the customer, and files they may have; the cadence restarts with it."""

    text: Text
    attachments: Files = ()


class WaitForCustomer(Message):
    """A question to the customer; until the answer comes the case waits for them."""

    text: Text


MessageId = Annotated[str, Field(pattern=r"^<[!-;=?-~]{1,250}>$")]
"""How a mail is named in the head of another, in angle brackets."""

_MESSAGE_ID = TypeAdapter(MessageId)


def _unless_odd(value: object, info: ValidationInfo) -> object:
    """Leave out what could not stand in the head of our mail; a reply that was refused for it stays so."""
    if not is_incoming(info):
        return value
    try:
        return _MESSAGE_ID.validate_python(value.strip() if isinstance(value, str) else value)
    except ValidationError:
        return None


class Reply(CustomerMessage):
    """What the customer says. To a resolved case: `accepts` true closes it, false takes it back to work.

    `message_id` is the Message-ID of their mail, so that ours thread with it; one that is none is left out,
    for it is no fault of theirs.
    """

    text: Text
    accepts: bool | None = None
    message_id: Annotated[MessageId | None, BeforeValidator(_unless_odd)] = None
    attachments: Files = ()


class ChangeLevel(CustomerMessage):
    """Another level: named, or by impact and urgency.

    Staff give a reason (RHIPE-12); a requester whose word counts gives what their policy asks for, such as a
    new statement of the business impact (DED-19). `channel` is how their wish came, where it was not the one
    of their request (O365-14).
    """

    level: Line | None = None
    channel: MaybeLine = None
    impact: Line | None = None
    urgency: Line | None = None
    reason: MaybeText = None
    business_impact: MaybeText = None
    outage: bool = False


class AgreeInterval(Message):
    """How often the customer is told news of an advisory case, as agreed with them (DED-27)."""

    every: Duration


class UpdateScope(CustomerMessage):
    """The problem has grown, or its impact has changed (O365-25). `worse` asks for a look at the level."""

    text: Text
    business_impact: MaybeText = None
    users_affected: int | None = Field(default=None, ge=1)
    worse: bool = False


class TrackElsewhere(Message):
    """The case is also tracked in another system, under a reference there (O365-26)."""

    system: Identifier
    external_ref: Identifier


class ValidateResolution(Message):
    """The solution is to be validated before the case is resolved (DED-33, DED-35).

    The customer is asked, with the text; `validated`: they have said so already, on a call for example.
    """

    text: Text
    validated: bool = False


class AddNote(CustomerMessage):
    """A note. Internal ones are for our own people, and so are their files; a requester's comment is never
    internal (RHIPE-03).
    """

    text: Text
    internal: bool = True
    attachments: Files = ()


class Resolve(Message):
    """The problem is solved, by a resolution or a workaround (`kind`); the cause may be named (CONF-14)."""

    kind: Line | None = None
    text: Text
    root_cause: MaybeText = None


class Close(CustomerMessage):
    """The case ends; `reason` is one of RHIPE-34's."""

    reason: Line | None = None
    text: Text | None = None


class Reopen(CustomerMessage):
    """The problem is back; within the reopen window it is the same case (RHIPE-36)."""

    reason: MaybeText = None


class RecomputeTerms(Message):
    """Hold the case to the terms of today's policy and calendar, on purpose (GAP-22).

    `in_bulk`: every open case of a policy is told so at once, and nobody has acted on this one.
    """

    reason: Text
    in_bulk: bool = False
