"""Clocks that stand still for a while: open time outside of pauses.

A pause is `(from, to)`, aware instants, `[from, to)`; pauses come in any order and may overlap. Paused
time is measured on the clock's own calendar, so a pause outside hours costs nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.time.calendar import Boundary, BusinessCalendar, add_open_time, open_time_between

Pause = tuple[datetime, datetime]


def due_with_pauses(
    calendar: BusinessCalendar,
    start: datetime,
    budget: timedelta,
    pauses: Sequence[Pause],
    *,
    boundary: Boundary = Boundary.CLOSE,
) -> datetime:
    """Return the instant (UTC) at which `budget` of open time outside the pauses has run.

    A budget used up exactly where a pause begins is due there. No budget is due at the first instant that is
    open and not paused. Raises: CalendarNeverOpens; ValueError for a budget below zero.
    """
    at = start
    for begins, ends in sorted(pauses):
        if ends <= max(at, begins):
            continue
        if at < begins:
            due = add_open_time(calendar, at, budget, boundary=boundary)
            if due <= begins:
                return due
            budget -= open_time_between(calendar, at, begins)
        at = ends
    return add_open_time(calendar, at, budget, boundary=boundary)


def open_time_with_pauses(
    calendar: BusinessCalendar, start: datetime, end: datetime, pauses: Sequence[Pause]
) -> timedelta:
    """Return the open time in `[start, end)` outside the pauses; zero when `end` is not after."""
    at, total = start, timedelta(0)
    for begins, ends in sorted(pauses):
        if ends > max(at, begins):
            total += open_time_between(calendar, at, min(begins, end))
            at = ends
    return total + open_time_between(calendar, at, end)
