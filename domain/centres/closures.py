"""Why a desk was closed: what a person is shown when a due time is explained.

The closed stretches are the complement of the calendar's open ones, to the instant.
"""

from datetime import date, datetime
from enum import StrEnum

from domain.frozen import Frozen
from domain.time.calendar import BusinessCalendar, Span, take_out, within
from domain.time.local_time import as_utc

_WHOLE_DAY = (Span(0, 1440),)


class ClosedReason(StrEnum):
    """Why: outside the weekday's hours, a weekday without any, a holiday, or hours taken out of one date."""

    OUTSIDE_HOURS = "outside_hours"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SPECIAL = "special"


_BY_DATE = frozenset({ClosedReason.HOLIDAY, ClosedReason.SPECIAL})
"""Each date has its own story; nights and weekends run together."""


class ClosedSpan(Frozen):
    """Closed from `start` to before `end`, UTC; `on` is the local date on which it begins."""

    start: datetime
    end: datetime
    reason: ClosedReason
    on: date


def closed_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> tuple[ClosedSpan, ...]:
    """Return the closed stretches of `[start, end)` in order, for explaining a due time.

    Adjoining stretches are one row when their reason is the same, but a holiday and a special day stay with
    their date.
    """
    rows: list[ClosedSpan] = []
    start, end = as_utc(start), as_utc(end)
    for day in calendar.zone.days_from(start):
        if day.starts >= end:
            break
        for span, reason in _closed_on(calendar, day.on):
            begins, ends = within(day, span)
            if begins < min(ends, end):
                _append(rows, ClosedSpan(start=begins, end=min(ends, end), reason=reason, on=day.on))
    return tuple(rows)


def _append(rows: list[ClosedSpan], row: ClosedSpan) -> None:
    if rows and _run_together(rows[-1], row):
        rows[-1] = rows[-1].model_copy(update={"end": row.end})
    else:
        rows.append(row)


def _run_together(earlier: ClosedSpan, later: ClosedSpan) -> bool:
    if earlier.end != later.start or earlier.reason is not later.reason:
        return False
    return earlier.on == later.on or later.reason not in _BY_DATE


def _closed_on(calendar: BusinessCalendar, on: date) -> list[tuple[Span, ClosedReason]]:
    """Return the closed minutes of a date: special is what the weekday's own hours had open."""
    if calendar.is_holiday(on):
        return [(span, ClosedReason.HOLIDAY) for span in _WHOLE_DAY]
    usual, spans = calendar.hours[on.weekday()], calendar.spans_on(on)
    never = ClosedReason.OUTSIDE_HOURS if usual else ClosedReason.WEEKEND
    pieces = [(span, ClosedReason.SPECIAL) for span in take_out(usual, spans)]
    return sorted(pieces + [(span, never) for span in take_out(_WHOLE_DAY, usual + spans)])
