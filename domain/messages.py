"""What may be said to a case: one frozen record for each verb.

Pure. Every message carries who speaks and when it was received. `received_at` (UTC) is stamped by the
door; without it the moment of handling counts. `request_id` is the sender's own and makes a repetition
harmless; without it the engine's id of the update counts.
"""

from typing import Annotated

from pydantic import Field

from domain.actor import Verb
from domain.incident_messages import IncidentNews
from domain.message import Instant, Message
from domain.outage_messages import OUTAGE_MODELS
from domain.policy import Duration
from domain.request import (
    MAX_LINKED_BYTES,
    MAX_REQUEST_BYTES,
    Availability,
    Contact,
    MaybeText,
    ProvideInformation,
    Requester,
    Submit,
)
from domain.special_messages import SPECIAL
from domain.staffing_messages import (
    AcceptHandoff,
    Claim,
    DeclineHandoff,
    Escalate,
    HandOff,
    Reassign,
    ReassignReason,
    TakeOwnership,
)
from domain.survey import AnswerSurvey
from domain.text import Line, Text
from domain.vendor_messages import VENDOR_MODELS

__all__ = [
    "MAX_LINKED_BYTES",
    "MAX_REQUEST_BYTES",
    "MODELS",
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


class ChangeLevel(Message):
    """Another level: named, or by impact and urgency.

    Staff give a reason (RHIPE-12); a requester whose word counts gives what his policy asks for, such as a
    new statement of the business impact (DED-19).
    """

    level: Line | None = None
    impact: Line | None = None
    urgency: Line | None = None
    reason: MaybeText = None
    business_impact: MaybeText = None
    outage: bool = False


class AgreeInterval(Message):
    """How often the customer is told news of an advisory case, as agreed with him (DED-27)."""

    every: Duration


class UpdateScope(Message):
    """The problem has grown, or its impact has changed (O365-25). `worse` asks for a look at the level."""

    text: Text
    business_impact: MaybeText = None
    users_affected: int | None = Field(default=None, ge=1)
    worse: bool = False


class TrackElsewhere(Message):
    """The case is also tracked in another system, under a reference there (O365-26)."""

    system: Line
    external_ref: Line


class ValidateResolution(Message):
    """The solution is to be validated before the case is resolved (DED-33, DED-35).

    The customer is asked, with the text; `validated`: he has said so already, on a call for example.
    """

    text: Text
    validated: bool = False


class AddNote(Message):
    """A note. Internal ones are for our own people; a requester's comment is never internal (RHIPE-03)."""

    text: Text
    internal: bool = True


class Resolve(Message):
    """The problem is solved, by a resolution or a workaround (`kind`); the cause may be named (CONF-14)."""

    kind: Line | None = None
    text: Text
    root_cause: MaybeText = None


class Close(Message):
    """The case ends; `reason` is one of RHIPE-34's."""

    reason: Line | None = None
    text: Text | None = None


class Reopen(Message):
    """The problem is back; within the reopen window it is the same case (RHIPE-36)."""

    reason: MaybeText = None


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
    Verb.AGREE_INTERVAL: AgreeInterval,
    Verb.UPDATE_SCOPE: UpdateScope,
    Verb.TRACK_ELSEWHERE: TrackElsewhere,
    Verb.ADD_NOTE: AddNote,
    Verb.ACCEPT_HANDOFF: AcceptHandoff,
    Verb.DECLINE_HANDOFF: DeclineHandoff,
    Verb.HAND_OFF: HandOff,
    Verb.CLAIM: Claim,
    Verb.REASSIGN: Reassign,
    Verb.TAKE_OWNERSHIP: TakeOwnership,
    Verb.ESCALATE: Escalate,
    Verb.VALIDATE_RESOLUTION: ValidateResolution,
    Verb.RESOLVE: Resolve,
    Verb.CLOSE: Close,
    Verb.REOPEN: Reopen,
    Verb.ANSWER_SURVEY: AnswerSurvey,
    Verb.INCIDENT_NEWS: IncidentNews,
    Verb.RECOMPUTE_TERMS: RecomputeTerms,
    **SPECIAL,
    **OUTAGE_MODELS,
    **VENDOR_MODELS,
}
"""Which record each verb is said with."""
