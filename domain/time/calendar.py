"""Business calendars and their arithmetic: open time, and business days.

No zone database, no clock, no list of holidays may enter; all of it arrives as data. A day's spans are
wall-clock time, so an instant is open exactly when its local time lies in a span of its local date: over a
change of the clocks a span is shorter or longer in real time. The opening instant is open, the closing
instant is closed; every stretch is `[start, end)`. All instants are aware and come back in UTC, to the
microsecond.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from domain.frozen import Frozen
from domain.time.local_time import LocalDay, LocalZone, as_utc

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_ON = attrgetter("on")

LONGEST_CLOSURE = 3660
"""Dates without an opening after which a calendar is taken never to open: ten years (ours)."""


class Span(NamedTuple):
    """Open from `open_minute` to before `close_minute`, local minutes of the day; 1440 is its end."""

    open_minute: int
    close_minute: int


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    minutes = [minute for span in spans for minute in span]
    if any(span.open_minute >= span.close_minute for span in spans) or minutes != sorted(minutes):
        raise ValueError("spans of a day must be in order, each closing after it opens, none overlapping")
    if minutes and not 0 <= minutes[0] <= minutes[-1] <= 1440:
        raise ValueError("a span lies within one day: minutes 0 to 1440")
    return spans


def _ascending(holidays: tuple[date, ...]) -> tuple[date, ...]:
    if any(earlier >= later for earlier, later in pairwise(holidays)):
        raise ValueError("dates must be in order, each once")
    return holidays


Spans = Annotated[tuple[Span, ...], AfterValidator(_in_order)]


class SpecialDay(Frozen):
    """The spans of one date in place of its weekday's, breaks taken out; none: closed all day."""

    on: date
    spans: Spans


def _each_date_once(special: tuple[SpecialDay, ...]) -> tuple[SpecialDay, ...]:
    _ascending(tuple(day.on for day in special))
    return special


class BusinessCalendar(Frozen):
    """When a desk is open: weekly hours (Monday first), holidays and special days, in one zone.

    A holiday is closed, whatever else is said of its date. Nothing is cached on the model, for a copy with
    other holidays would carry the cache along.
    """

    name: str
    zone: LocalZone
    hours: Annotated[tuple[Spans, ...], Field(min_length=7, max_length=7)]
    holidays: Annotated[tuple[date, ...], AfterValidator(_ascending)] = ()
    special: Annotated[tuple[SpecialDay, ...], AfterValidator(_each_date_once)] = ()

    def is_holiday(self, on: date) -> bool:
        """Say whether a local date is a holiday."""
        index = bisect_left(self.holidays, on)
        return index < len(self.holidays) and self.holidays[index] == on

    def spans_on(self, on: date) -> tuple[Span, ...]:
        """Return when a local date is open; a date with any span is a business date."""
        if self.is_holiday(on):
            return ()
        if self.special:
            index = bisect_left(self.special, on, key=_ON)
            if index < len(self.special) and self.special[index].on == on:
                return self.special[index].spans
        return self.hours[on.weekday()]


class Boundary(StrEnum):
    """When a budget used up exactly at a closing instant is due: then (our own), or at the next opening."""

    CLOSE = "close"
    NEXT_OPEN = "next_open"


class Gap(StrEnum):
    """What a time between two spans of a date is to business days: within them, or outside (our own).

    Where it is outside, a start there rolls to the next opening, and so does what falls due in closed time.
    """

    INSIDE = "inside"
    OUTSIDE = "outside"


class CalendarNeverOpens(ValueError):
    """The calendar has no opening within ten years, so nothing can ever fall due by it."""

    def __init__(self, calendar: BusinessCalendar, after: date) -> None:
        super().__init__(
            f"calendar {calendar.name!r} has no opening within {LONGEST_CLOSURE} days after {after}; "
            "give it opening hours, or take fewer dates out of it"
        )


def is_open(calendar: BusinessCalendar, at: datetime) -> bool:
    """Say whether an instant is open."""
    local = calendar.zone.to_local(at)
    minute = local.hour * 60 + local.minute
    return any(opens <= minute < closes for opens, closes in calendar.spans_on(local.date()))


def next_opening(calendar: BusinessCalendar, at: datetime) -> datetime:
    """Return the first open instant from `at` on: `at` itself when it is open.

    Raises: CalendarNeverOpens.
    """
    return add_open_time(calendar, at, timedelta(0))


def add_open_time(
    calendar: BusinessCalendar,
    start: datetime,
    budget: timedelta,
    *,
    boundary: Boundary = Boundary.CLOSE,
) -> datetime:
    """Return the instant at which `budget` of open time after `start` has run.

    No budget is due at once, outside hours at the next opening. Raises: CalendarNeverOpens; ValueError for a
    budget below zero.
    """
    if budget < timedelta(0):
        raise ValueError(f"a budget of open time is not below zero: {budget}")
    for opens, closes in _openings(calendar, start):
        length = closes - opens
        if budget < length or (budget == length and boundary is Boundary.CLOSE):
            return opens + budget
        budget -= length
    raise CalendarNeverOpens(calendar, start.date())


def open_time_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """Return the open time in `[start, end)`, real time; zero when `end` is not after `start`."""
    total = timedelta(0)
    for opens, closes in _openings(calendar, start, as_utc(end)):
        total += closes - opens
    return total


def first_opening(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> tuple[datetime, datetime] | None:
    """Return the first open stretch in `[start, end)`, or None where all of it is closed."""
    return next(_openings(calendar, start, as_utc(end)), None)


def business_dates_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """Count the business dates after that of `start`, up to that of `end`, in local dates."""
    on, last = calendar.zone.to_local(start).date(), calendar.zone.to_local(end).date()
    return sum(bool(calendar.spans_on(on + days * _DAY)) for days in range(1, (last - on).days + 1))


def add_business_days(
    calendar: BusinessCalendar, start: datetime, days: int, *, gap: Gap = Gap.INSIDE
) -> datetime:
    """Return the instant `days` business dates after `start` (GAP-01).

    From within a business date (first opening to before last closing) it is due at the same local time; a
    local time that does not exist moves forward by the gap, one that exists twice is the first. From outside
    it first rolls to the next opening and is due at the opening of the last date. No days: `start`, or the
    opening. With `Gap.OUTSIDE` a start between two spans rolls too, to the later one, and a due instant in
    closed time to the next opening; one at closing stays. Raises: CalendarNeverOpens; ValueError for days
    below zero.
    """
    if days < 0:
        raise ValueError(f"business days are not below zero: {days}")
    if gap is Gap.OUTSIDE:
        return _open_or_closing(calendar, add_business_days(calendar, _out_of_gap(calendar, start), days))
    local = calendar.zone.to_local(start)
    on, minute = local.date(), local.hour * 60 + local.minute
    spans = calendar.spans_on(on)
    if spans and spans[0].open_minute <= minute < spans[-1].close_minute:
        if days == 0:
            return as_utc(start)
        return calendar.zone.to_utc(datetime.combine(_step(calendar, on, days), local.time()))
    if days == 0:
        return next_opening(calendar, start)
    opens_today = bool(spans) and minute < spans[0].open_minute
    last = _step(calendar, on, days if opens_today else days + 1)
    opens = calendar.spans_on(last)[0].open_minute * _MINUTE
    return calendar.zone.to_utc(datetime.combine(last, time.min) + opens)


def _out_of_gap(calendar: BusinessCalendar, start: datetime) -> datetime:
    """Return the opening after a gap of the day, and any other instant as it is."""
    local = calendar.zone.to_local(start)
    spans, minute = calendar.spans_on(local.date()), local.hour * 60 + local.minute
    in_gap = any(one.close_minute <= minute < other.open_minute for one, other in pairwise(spans))
    return next_opening(calendar, start) if in_gap else start


def _open_or_closing(calendar: BusinessCalendar, at: datetime) -> datetime:
    """Return an instant that is open or closes a span, else the next opening."""
    local = calendar.zone.to_local(at)
    since_midnight = local - datetime.combine(local.date(), time.min)
    closings = [span.close_minute * _MINUTE for span in calendar.spans_on(local.date())]
    return at if since_midnight in closings else next_opening(calendar, at)


def take_out(spans: tuple[Span, ...], breaks: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return what is left of a day's spans outside its breaks; empty pieces fall away."""
    left = list(spans)
    for away in breaks:
        pieces = [
            piece
            for span in left
            for piece in (
                Span(span.open_minute, min(span.close_minute, away.open_minute)),
                Span(max(span.open_minute, away.close_minute), span.close_minute),
            )
        ]
        left = [piece for piece in pieces if piece.open_minute < piece.close_minute]
    return tuple(left)


def within(day: LocalDay, span: Span) -> tuple[datetime, datetime]:
    """Return start and end (UTC) of the part of `span` in `day`; nothing when start >= end."""
    return (
        max(day.midnight + span.open_minute * _MINUTE, day.starts),
        min(day.midnight + span.close_minute * _MINUTE, day.ends),
    )


def _openings(
    calendar: BusinessCalendar, start: datetime, end: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Walk the open stretches in `[start, end)` in order; without end, until it looks hopeless."""
    idle = 0
    for day in calendar.zone.days_from(start):
        if idle > LONGEST_CLOSURE or (end is not None and day.starts >= end):
            return
        idle += 1
        for span in calendar.spans_on(day.on):
            opens, closes = within(day, span)
            if end is not None:
                closes = min(closes, end)
            if opens < closes:
                idle = 0
                yield opens, closes


def _step(calendar: BusinessCalendar, on: date, days: int) -> date:
    """Return the business date that is `days` (at least 1) business dates after `on`."""
    last = on
    while days:
        on += _DAY
        if calendar.spans_on(on):
            last, days = on, days - 1
        elif (on - last).days > LONGEST_CLOSURE:
            raise CalendarNeverOpens(calendar, last)
    return last
