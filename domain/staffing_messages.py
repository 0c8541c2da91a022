"""What our own people say about who has a case: among centres, and among themselves. Pure."""

from enum import StrEnum

from domain.message import Message
from domain.request import MaybeText
from domain.text import Line


class AcceptHandoff(Message):
    """Somebody of the centre it is offered to takes the case, as of the end of the giver's shift."""

    assignee: Line | None = None


class DeclineHandoff(Message):
    """The centre the case is offered to does not take it, and says why; the next one is asked."""

    reason: MaybeText = None


class HandOff(Message):
    """Hand the case to another centre now, by hand."""

    to: Line
    reason: MaybeText = None


class Claim(Message):
    """Take a case nobody has: the first who claims it has it."""


class ReassignReason(StrEnum):
    """Why a case goes to somebody else (RHIPE-37)."""

    HOLIDAY = "holiday"
    SICK_LEAVE = "sick_leave"
    SHIFT_CHANGE = "shift_change"
    SENIOR_ENGINEER = "senior_engineer"
    HANDOFF = "handoff"


class Reassign(Message):
    """Give the case to somebody else of our staff; the customer is told whom to contact (RHIPE-37)."""

    assignee: Line
    reason: ReassignReason


class TakeOwnership(Message):
    """The TSS or SDM takes a long or hard case himself (RHIPE-43)."""

    reason: MaybeText = None


class Escalate(Message):
    """Pass the case on to the next tier, with what kind of problem it is (RHIPE-39, RHIPE-40)."""

    classification: MaybeText = None
    skill: Line | None = None
    reason: MaybeText = None
