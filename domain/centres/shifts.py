"""When a support centre works: shifts in its own local time, written out as stretches of UTC.

A shift belongs to the date on which it starts and may end on the next day; a centre that closes on
public holidays does so for the shifts that start on one (GAP-11, GAP-12). The opening instant is open, the
closing instant is closed. A local time that does not exist moves forward by the gap, one that exists twice
is the first (GAP-01).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from domain.frozen import Frozen
from domain.policy import Shift, Weekday
from domain.time.local_time import LocalZone

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_WEEK = tuple(Weekday)


class OpenSpan(Frozen):
    """A stretch in which a centre works, `[opens_at, closes_at)` in UTC."""

    opens_at: datetime
    closes_at: datetime

    def has(self, at: datetime) -> bool:
        """Tell whether an instant (UTC) lies in it."""
        return self.opens_at <= at < self.closes_at


def open_spans(
    shifts: tuple[Shift, ...],
    zone: LocalZone,
    closed_on: frozenset[date],
    start: datetime,
    end: datetime,
) -> tuple[OpenSpan, ...]:
    """Write out when a centre is open between two instants (UTC), in order.

    Shifts that touch or overlap are one stretch, so that nobody hands a case on where the next shift of the
    same centre takes over. Stretches that reach beyond `start` or `end` are whole.
    """
    found = [
        span
        for shift in shifts
        for span in _of_shift(shift, zone, closed_on, start, end)
        if span.closes_at > start and span.opens_at < end
    ]
    return tuple(_joined(found))


def _of_shift(
    shift: Shift, zone: LocalZone, closed_on: frozenset[date], start: datetime, end: datetime
) -> Iterator[OpenSpan]:
    on, last = zone.to_local(start).date() - 2 * _DAY, zone.to_local(end).date() + _DAY
    while on <= last:
        if _WEEK[on.weekday()] in shift.days and on not in closed_on:
            opens_at, closes_at = _at(zone, on, shift.start), _at(zone, _last_day(on, shift), shift.end)
            if opens_at < closes_at:  # a shift inside the hour that a change of the clocks skips is none
                yield OpenSpan.made(opens_at=opens_at, closes_at=closes_at)
        on += _DAY


def _last_day(on: date, shift: Shift) -> date:
    return on if shift.end > shift.start else on + _DAY


def _at(zone: LocalZone, on: date, at: time) -> datetime:
    return zone.to_utc(datetime.combine(on, at))


def days(spans: Iterable[OpenSpan], break_up_to: timedelta) -> tuple[OpenSpan, ...]:
    """Join stretches of a centre to its days: what is no longer than `break_up_to` is a break.

    Elapsed time counts, as people who wait feel it: an hour's break is two where the clocks go back in it.
    """
    return tuple(_joined(spans, break_up_to))


def breaks(spans: Iterable[OpenSpan], break_up_to: timedelta) -> tuple[OpenSpan, ...]:
    """List the breaks between stretches of a centre, in order."""
    return tuple(
        OpenSpan(opens_at=before.closes_at, closes_at=after.opens_at)
        for before, after in pairwise(_joined(spans))
        if after.opens_at - before.closes_at <= break_up_to
    )


def _joined(spans: Iterable[OpenSpan], gap: timedelta = _NOTHING) -> Iterator[OpenSpan]:
    current: OpenSpan | None = None
    for span in sorted(spans, key=lambda span: (span.opens_at, span.closes_at)):
        if current is None:
            current = span
        elif span.opens_at - current.closes_at <= gap:
            closes_at = max(current.closes_at, span.closes_at)
            current = current.model_copy(update={"closes_at": closes_at})
        else:
            yield current
            current = span
    if current is not None:
        yield current


def without(spans: tuple[OpenSpan, ...], closed: tuple[OpenSpan, ...]) -> tuple[OpenSpan, ...]:
    """Take closed stretches out of open ones."""
    left = list(spans)
    for gap in closed:
        left = [part for span in left for part in _cut(span, gap)]
    return tuple(left)


def common(spans: tuple[OpenSpan, ...], closed: tuple[OpenSpan, ...]) -> tuple[OpenSpan, ...]:
    """List what open stretches and closed ones have in common."""
    pairs = (
        OpenSpan(opens_at=max(span.opens_at, gap.opens_at), closes_at=min(span.closes_at, gap.closes_at))
        for span in spans
        for gap in closed
    )
    return tuple(pair for pair in pairs if pair.opens_at < pair.closes_at)


def _cut(span: OpenSpan, gap: OpenSpan) -> Iterator[OpenSpan]:
    if gap.closes_at <= span.opens_at or gap.opens_at >= span.closes_at:
        yield span
        return
    if span.opens_at < gap.opens_at:
        yield span.model_copy(update={"closes_at": gap.opens_at})
    if gap.closes_at < span.closes_at:
        yield span.model_copy(update={"opens_at": gap.closes_at})
