"""What is left until a promise is due, in the unit that counts for it, and how near that is.

What has to be known of a case for it is kept apart (`Counted`), so that a list need not keep whole cases.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import Case
from domain.clocks import Clock
from domain.counting import Arithmetic, arithmetic
from domain.frozen import Frozen
from domain.lifecycle.promised import derived, target_of
from domain.time.calendar import (
    BusinessCalendar,
    business_dates_between,
    first_opening,
    open_time_between,
)

SOON_SHARE = 0.25
"""The share of the counted time that is left when a promise is soon due (ours)."""

NOW_WITHIN = timedelta(minutes=10)
"""What is left of the counted time when a promise has to be kept now (ours)."""


class Band(StrEnum):
    """How near a promise is; `missed` is past its due instant."""

    ON_TIME = "on_time"
    SOON = "soon"
    NOW = "now"
    MISSED = "missed"


class Counted(Frozen):
    """How a promise is counted: from `since` (UTC) on, by which calendar."""

    arithmetic: Arithmetic
    since: datetime
    calendar: BusinessCalendar


class Remaining(Frozen):
    """What is left at an instant: `left` of the time that counts, and of business `days` how many.

    `left` shrinks from `runs_from` to `runs_until` (UTC), the stretch that is open now or opens next, and
    again in the ones after. Past the due instant `left` is how late it is, in elapsed time.
    """

    arithmetic: Arithmetic
    band: Band
    left: timedelta
    days: int = 0
    runs_from: datetime
    runs_until: datetime


def counted(case: Case, clock: Clock) -> Counted | None:
    """Say how a running clock of a case is counted; None where it does not run."""
    running = case.clock(clock)
    if running is None:
        return None
    promise = derived(case, running)
    target = promise.target if promise else target_of(case, clock)
    since = promise.counted_from if promise else running.started_at
    return Counted(arithmetic=arithmetic(case, clock, target), since=since, calendar=case.terms.calendar)


def elapsed(since: datetime, due_at: datetime, at: datetime) -> Remaining:
    """Say what is left of time that counts whether anybody is open or not."""
    left = due_at - at
    band = _band(left, due_at - since)
    return Remaining(
        arithmetic=Arithmetic.ELAPSED, band=band, left=abs(left), runs_from=at, runs_until=max(due_at, at)
    )


def remaining(by: Counted, due_at: datetime, at: datetime) -> Remaining:
    """Say what is left at an instant (UTC) until a promise is due."""
    if by.arithmetic is Arithmetic.ELAPSED or at > due_at:
        return elapsed(by.since, due_at, at)
    left = open_time_between(by.calendar, at, due_at)
    opens, closes = first_opening(by.calendar, at, due_at) or (due_at, due_at)
    days = business_dates_between(by.calendar, at, due_at)
    return Remaining(
        arithmetic=by.arithmetic,
        band=_band(left, open_time_between(by.calendar, by.since, due_at)),
        left=left,
        days=days if by.arithmetic is Arithmetic.BUSINESS_DAYS else 0,
        runs_from=opens,
        runs_until=closes,
    )


def _band(left: timedelta, whole: timedelta) -> Band:
    if left < timedelta(0):
        return Band.MISSED
    if left <= NOW_WITHIN:
        return Band.NOW
    return Band.SOON if left <= whole * SOON_SHARE else Band.ON_TIME
