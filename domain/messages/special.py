"""What may be said of remote sessions, a diagnosis, a root cause and a visit: one record for each verb.

The rules are in the chapters of `domain.lifecycle` of the same names.
"""

from domain.messages.base import CustomerMessage, Instant, Message
from domain.messages.request import MaybeLine, MaybeText
from domain.policy import Zone
from domain.sessions import SessionMode
from domain.text import Line, Text


class ScheduleSession(CustomerMessage):
    """A remote session from `start` to `end`, told in the IANA `zone`; said again it moves the session."""

    start: Instant
    end: Instant
    zone: Zone | None = None
    mode: SessionMode | None = None
    text: MaybeText = None


class CancelSession(CustomerMessage):
    """The session that was agreed on does not take place, and why."""

    reason: MaybeText = None


class StartSession(Message):
    """The engineer connects. `consent`: the customer has granted it, in this mode (RHIPE-26)."""

    consent: bool = False
    mode: SessionMode | None = None
    consent_by: MaybeLine = None


class EndSession(Message):
    """The engineer has disconnected; `text` says what was done."""

    text: MaybeText = None


class Diagnose(Message):
    """What staff have found to be the cause, as one of the policy's categories (WEST-03 to WEST-05).

    `outcome` ends a case in which the best effort was made: `referred`, or one the rule of scope names.
    """

    finding: Line
    text: Text
    outcome: MaybeLine = None


class Contacted(CustomerMessage):
    """The department the case was passed on to has contacted the customer; `who` of them (RHIPE-31)."""

    who: MaybeLine = None
    text: MaybeText = None


class RequestRootCause(CustomerMessage):
    """An analysis of what caused a problem that is solved; where it is charged, with the quote accepted."""

    charge_accepted: bool = False
    quote_ref: MaybeLine = None
    text: MaybeText = None


class VisitorCheckedIn(Message):
    """Somebody has come to the site. `arrived_at` is when; without it, the instant of receipt (DED-39)."""

    arrived_at: Instant | None = None
    id_valid: bool = False
    visitor: MaybeLine = None
