"""The kinds of promise and when each falls due: which instant the case waits for next.

Pure. A clock is a kind of promise, a deadline its instant for one case. Deadlines are inclusive: what is
received at the due instant is in time.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from domain.calendar import add_business_days, add_open_time
from domain.frozen import Frozen
from domain.policy import Target
from domain.terms import Terms


class Clock(StrEnum):
    """The kinds of promise; where several fall due at one instant they are settled in this order."""

    INITIAL_RESPONSE = "initial_response"
    TRIAGE = "triage"
    UPDATE = "update"
    CUSTOMER_UPDATE = "customer_update"
    CONFIRMATION = "confirmation"
    VENDOR_CONTACT_CHECK = "vendor_contact_check"
    VENDOR_FOLLOW_UP = "vendor_follow_up"
    AUTO_CLOSE = "auto_close"
    REOPEN_WINDOW = "reopen_window"
    HANDOFF = "handoff"
    OFFER = "offer"
    CONTACT_NOTICE = "contact_notice"
    SESSION_REMINDER = "session_reminder"
    PLANNED_START = "planned_start"
    OUTAGE_NOTIFICATION = "outage_notification"
    STALE = "stale"
    TERMS_RENEWAL = "terms_renewal"


HOUSEKEEPING = frozenset(
    {
        Clock.HANDOFF,
        Clock.OFFER,
        Clock.CONTACT_NOTICE,
        Clock.SESSION_REMINDER,
        Clock.PLANNED_START,
        Clock.STALE,
        Clock.TERMS_RENEWAL,
    }
)
"""Clocks by which we work; they are promised to nobody, so no list of promises has them."""

_ORDER = {clock: rank for rank, clock in enumerate(Clock)}


class RunningClock(Frozen):
    """One clock of one case. `due_at` is None once it was missed and only waits to be kept late.

    `warn_at` is None where no warning is due any more. `fires_at` is later than `due_at` only for the
    archive, which leaves a margin for a reopening received in time. `rule` says in words what was promised.
    """

    clock: Clock
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None = None
    fires_at: datetime | None = None
    missed_at: datetime | None = None
    every: timedelta | None = None
    rule: str = ""

    def last_due_by(self, until: datetime) -> datetime:
        """This will name a repeating clock's last due instant at or before `until`, its first at least."""
        assert self.due_at is not None
        assert self.every is not None
        return self.due_at + max((until - self.due_at) // self.every, 0) * self.every

    @property
    def wakes_at(self) -> datetime | None:
        """This will name the next instant at which something has to be done about this clock."""
        return self.warn_at or self.fires_at or self.due_at


class Deadline(Frozen):
    """An instant the case waits for: a warning or a due instant of one clock."""

    clock: Clock
    at: datetime
    is_warning: bool

    @property
    def summary(self) -> str:
        """This will name the timer in the Temporal UI."""
        name = self.clock.replace("_", " ")
        return f"{name}: warning" if self.is_warning else name


def next_deadline(clocks: Iterable[RunningClock]) -> Deadline | None:
    """This will name the one instant to wait for, or None where nothing is promised."""
    best: RunningClock | None = None
    best_at: datetime | None = None
    for running in clocks:
        at = running.warn_at or running.fires_at or running.due_at
        if at is None:
            continue
        if best_at is None or at < best_at or (at == best_at and best is not None and _first(running, best)):
            best, best_at = running, at
    if best is None or best_at is None:
        return None
    return Deadline(clock=best.clock, at=best_at, is_warning=best.warn_at is not None)


def _first(one: RunningClock, other: RunningClock) -> bool:
    return _ORDER[one.clock] < _ORDER[other.clock]


def due(terms: Terms, start: datetime, target: Target) -> datetime:
    """This will name the instant at which a target promised at `start` (UTC) falls due.

    Business days step the calendar's business dates at the same local time; hours run always, or only in
    the plan's coverage where the plan covers hours (RHIPE-05, RHIPE-13). A budget used up exactly at
    closing is due at closing.
    """
    if target.business_days is not None:
        return add_business_days(terms.calendar, start, target.business_days)
    assert target.within is not None
    if terms.hours_in_coverage:
        return add_open_time(terms.calendar, start, target.within)
    return start + target.within


def warning_at(terms: Terms, start: datetime, due_at: datetime) -> datetime | None:
    """This will name the instant of the one warning before `due_at`.

    75 % of the way, and at least 10 minutes before (policy fields, assumed); None where the span is too
    short for that.
    """
    informing = terms.rules.informing
    at = min(start + (due_at - start) * informing.warn_at_share, due_at - informing.warn_before_at_least)
    at = at.replace(microsecond=0)
    return at if at > start else None


def run_target(terms: Terms, clock: Clock, start: datetime, target: Target) -> RunningClock:
    """This will start a clock towards a target, with its warning."""
    due_at = due(terms, start, target)
    return RunningClock(
        clock=clock,
        started_at=start,
        due_at=due_at,
        warn_at=warning_at(terms, start, due_at),
        rule=str(target),
    )
