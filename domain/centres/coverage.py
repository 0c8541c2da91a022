"""How many centres are open at every instant: gaps, overlaps, and the weeks in which clocks change.

All instants are UTC and exact, so nothing shorter than a minute is lost either.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from domain.centres.shifts import OpenSpan
from domain.frozen import Frozen
from domain.time.local_time import LocalZone, as_utc

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


class Stretch(Frozen):
    """From `since` until before `until` (UTC) exactly these centres are open, in the policy's order."""

    since: datetime
    until: datetime
    open: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        """Whether no centre is open."""
        return not self.open

    @property
    def is_overlap(self) -> bool:
        """Whether more than one centre is open."""
        return len(self.open) > 1

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since


class Recurrence(Frozen):
    """A stretch that comes again every 24 hours: the first of them, and how many days running."""

    first: Stretch
    days: int

    @property
    def last_since(self) -> datetime:
        """When the last of them begins (UTC)."""
        return self.first.since + (self.days - 1) * _DAY


class ClockChange(Frozen):
    """At `at` (UTC) the clocks of a zone are put on by `seconds`; back where that is negative."""

    at: datetime
    zone: str
    seconds: int


class Week(Frozen):
    """One week from Monday 00:00 UTC, or what the period has of it, and the clocks that change in it."""

    monday: date
    gaps: timedelta
    overlaps: timedelta
    fewest_open: int
    clock_changes: tuple[ClockChange, ...]


def coverage(hours: Mapping[str, Sequence[OpenSpan]], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """Cut `[start, end)` (UTC) into stretches in which the same centres are open.

    The stretches of one centre must not overlap, as `domain.centres.shifts.open_spans` has them.
    """
    opens: dict[datetime, set[str]] = {}
    closes: dict[datetime, set[str]] = {}
    for name, spans in hours.items():
        for span in spans:
            if span.closes_at > start and span.opens_at < end:
                opens.setdefault(max(span.opens_at, start), set()).add(name)
                closes.setdefault(span.closes_at, set()).add(name)
    points = sorted({start, end, *opens, *(at for at in closes if at < end)})
    now: set[str] = set()
    found: list[Stretch] = []
    for since, until in pairwise(points):
        now = (now - closes.get(since, set())) | opens.get(since, set())
        _add(found, Stretch(since=since, until=until, open=tuple(name for name in hours if name in now)))
    return tuple(found)


def _add(found: list[Stretch], stretch: Stretch) -> None:
    """Lengthen the last stretch where nothing changes: a centre may close and open at once."""
    if found and found[-1].open == stretch.open:
        found[-1] = found[-1].model_copy(update={"until": stretch.until})
    else:
        found.append(stretch)


def recurring(stretches: Sequence[Stretch]) -> tuple[Recurrence, ...]:
    """Put together what is the same 24 hours later, in order of the first; none is left out."""
    running: dict[tuple[time, timedelta, tuple[str, ...]], Recurrence] = {}
    found: list[Recurrence] = []
    for stretch in stretches:
        key = (stretch.since.time(), stretch.length, stretch.open)
        before = running.get(key)
        if before is not None and before.last_since + _DAY == stretch.since:
            running[key] = before.model_copy(update={"days": before.days + 1})
        else:
            if before is not None:
                found.append(before)
            running[key] = Recurrence(first=stretch, days=1)
    found.extend(running.values())
    return tuple(sorted(found, key=lambda one: one.first.since))


def clock_changes(zones: Sequence[LocalZone], start: datetime, end: datetime) -> tuple[ClockChange, ...]:
    """List when clocks change in `[start, end)` (UTC), in order of time; a zone counts once."""
    found = {
        (change.at, zone.name): change.seconds - before.seconds
        for zone in zones
        for before, change in pairwise(zone.changes)
        if start <= change.at < end
    }
    return tuple(
        ClockChange(at=at, zone=name, seconds=seconds) for (at, name), seconds in sorted(found.items())
    )


def weeks(stretches: Sequence[Stretch], changes: Sequence[ClockChange]) -> tuple[Week, ...]:
    """Sum stretches up by week, Monday to Sunday of UTC; they must be without holes, in order."""
    return tuple(_weeks(stretches, changes))


def _weeks(stretches: Sequence[Stretch], changes: Sequence[ClockChange]) -> Iterator[Week]:
    if not stretches:
        return
    monday = _monday(stretches[0].since)
    while monday < stretches[-1].until:
        following = monday + 7 * _DAY
        parts = [(one, _shared(one, monday, following)) for one in stretches]
        inside = [(one, length) for one, length in parts if length > _NOTHING]
        yield Week(
            monday=monday.date(),
            gaps=sum((length for one, length in inside if one.is_gap), _NOTHING),
            overlaps=sum((length for one, length in inside if one.is_overlap), _NOTHING),
            fewest_open=min(len(one.open) for one, _ in inside),
            clock_changes=tuple(change for change in changes if monday <= change.at < following),
        )
        monday = following


def _monday(at: datetime) -> datetime:
    at = as_utc(at)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - day.weekday() * _DAY


def _shared(stretch: Stretch, since: datetime, until: datetime) -> timedelta:
    return min(stretch.until, until) - max(stretch.since, since)
