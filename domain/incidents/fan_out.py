"""The contract of the activity that carries a notice of a major incident to its cases.

The names stand here because workflows and adapters must not know each other.
"""

from enum import StrEnum

from domain.effects import Effect
from domain.frozen import Frozen
from domain.messages.incident import IncidentNews

FAN_OUT = "fan_out"
ASK_FOR_NOTICE = "incident_notice"
"""The query by which a case says how its customer would be told."""


class ChildEnd(StrEnum):
    """How a notice ended for one case: it heard, it is over, or another incident has it."""

    HEARD = "heard"
    OVER = "over"
    ELSEWHERE = "elsewhere"


class NoticeWanted(Frozen):
    """What a case answers before it is told: the mail its customer would get, or why there is none.

    Neither `end` nor `effect`: it is to be told, and tells its customer itself.
    """

    end: ChildEnd | None = None
    effect: Effect | None = None


class Broadcast(Frozen):
    """The input of `fan_out`: one notice, and at most 500 of the cases it is for, in their order."""

    news: IncidentNews
    children: tuple[str, ...]


class BroadcastReport(Frozen):
    """The output of `fan_out`: who is over or elsewhere; everybody else has heard."""

    over: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
