"""What our own people say about who has a case: among centres, and among themselves."""

from enum import StrEnum

from domain.brief import Brief, MaybeNote
from domain.messages.base import Message
from domain.messages.request import MaybeText
from domain.text import Line, Skill


class WriteBrief(Message, Brief):
    """Write down what whoever takes the case over has to know; a line that is left out stays as it was."""


class AcceptHandoff(Message):
    """Somebody of the centre it is offered to takes the case, as of the end of the giver's shift.

    `next_action` says what they do next, in the words of the brief or their own: so it is confirmed.
    """

    assignee: Line | None = None
    next_action: MaybeNote = None


class ConfirmNextAction(Message):
    """Say what you do next with a case you took over; without words it is what the brief says."""

    next_action: MaybeNote = None


class DeclineHandoff(Message):
    """The centre the case is offered to does not take it, and says why; the next one is asked."""

    reason: MaybeText = None


class HandOff(Message, Brief):
    """Hand the case to another centre now, by hand; `anyway`: also where it is closed.

    What whoever takes it over has to know may come along, as in a brief of its own.
    """

    to: Line
    reason: MaybeText = None
    anyway: bool = False


class StaffingNews(Message):
    """Who works where has changed: a centre was closed or opened by hand, or somebody has left the rota."""

    region: Line | None = None
    engineer: Line | None = None


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
    """The TSS or SDM takes a long or hard case themselves (RHIPE-43)."""

    reason: MaybeText = None


class Escalate(Message):
    """Pass the case on to the next tier, with what kind of problem it is (RHIPE-39, RHIPE-40)."""

    classification: MaybeText = None
    skill: Skill | None = None
    reason: MaybeText = None
