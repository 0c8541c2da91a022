"""The clocks of a case as a picture: promises, warnings, what was missed, and handoffs along the sun.

Drawn on the server in units of its own; the same is told as a table (`Happening`), by the same rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.centres.shifts import OpenSpan
from domain.timeline import EntryKind, TimelineEntry
from domain.views.staff import CaseView
from starter.door.plain import words

LEFT, WIDTH, ROW, HEAD = 170, 1000, 26, 34
"""Units: where the axis begins, where it ends, the height of a row, and of the head with the hours."""

_BACK, _AHEAD, _AROUND = timedelta(days=3), timedelta(days=4), timedelta(hours=1)
"""How far the picture reaches around now (ours): a week end and the promises of an urgent case fit."""

_STEPS = tuple(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24))
_MOST_TICKS = 9

_HAPPENED = {
    EntryKind.WARNED: "warned",
    EntryKind.BREACHED: "breached",
    EntryKind.KEPT_LATE: "kept",
    EntryKind.CUSTOMER_UPDATE_LAPSED: "breached",
    EntryKind.RESPONDED: "said",
    EntryKind.UPDATED: "said",
    EntryKind.STATUS_SENT: "said",
    EntryKind.QUESTION_ASKED: "said",
    EntryKind.RESOLVED: "said",
    EntryKind.REPLIED: "heard",
    EntryKind.HANDOFF_OFFERED: "handoff",
    EntryKind.HANDOFF_ACCEPTED: "handoff",
    EntryKind.HANDOFF_DECLINED: "handoff",
    EntryKind.HANDED_OVER: "handoff",
    EntryKind.REASSIGNED: "handoff",
}
_OF_CLOCKS = frozenset({"warned", "breached", "kept"})
_ROWS = {"handoff": "handoffs", "said": "said to them", "heard": "heard from them"}


@dataclass(frozen=True)
class Happening:
    """One instant of a row: what it marks, in a word that is a class of the picture, and in words."""

    at: datetime
    row: str
    mark: str
    words: str


@dataclass(frozen=True)
class Bar:
    """A stretch of a row, `[x, x + width)` in units."""

    x: int
    width: int
    words: str


@dataclass(frozen=True)
class Row:
    """One row of the picture; `y` is its middle."""

    label: str
    y: int
    is_centre: bool
    bars: tuple[Bar, ...]
    marks: tuple[tuple[int, Happening], ...]


@dataclass(frozen=True)
class Tick:
    """A line of the axis, and what stands at its head."""

    x: int
    words: str


@dataclass(frozen=True)
class Picture:
    """The picture, and every happening in order, also those before and after what is drawn."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    now: int | None
    height: int
    happenings: tuple[Happening, ...]
    earlier: int
    later: int


@dataclass(frozen=True)
class _Axis:
    first: datetime
    last: datetime

    def has(self, at: datetime) -> bool:
        return self.first <= at <= self.last

    def x(self, at: datetime) -> int:
        at = min(max(at, self.first), self.last)
        return LEFT + round((WIDTH - LEFT) * ((at - self.first) / (self.last - self.first)))


def window(view: CaseView, entries: Iterable[TimelineEntry], now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when the picture reaches (UTC); of a case that rests, around its end."""
    dues = [at for row in view.deadlines for at in (row.due_at, row.missed_at) if at is not None]
    last_word = max((entry.at for entry in entries), default=view.received_at)
    middle = now if dues else min(now, last_word)
    first = max(min(view.received_at, middle), middle - _BACK)
    last = min(max([middle, *dues]), middle + _AHEAD)
    around = max((last - first) / 20, _AROUND)
    return first - around, last + around


def picture(
    view: CaseView,
    entries: Iterable[TimelineEntry],
    open_at: dict[str, tuple[OpenSpan, ...]],
    now: datetime,
    zone: ZoneInfo,
) -> Picture:
    """Draw the clocks of a case as of `now`; the axis is told by the clock of `zone`."""
    entries = tuple(entries)
    axis = _Axis(*window(view, entries, now))
    happenings = tuple(sorted(_happenings(view, entries, now), key=lambda one: one.at))
    labels = dict.fromkeys(one.row for one in happenings if one.row != "now")
    rows = [*_sun(open_at, axis), *(_row(label, view, happenings, axis, now) for label in labels)]
    placed = tuple(
        Row(row.label, HEAD + ROW * index + ROW // 2, row.is_centre, row.bars, row.marks)
        for index, row in enumerate(rows)
    )
    return Picture(
        rows=placed,
        ticks=tuple(_ticks(axis, zone)),
        now=axis.x(now) if axis.has(now) else None,
        height=HEAD + ROW * len(placed) + 8,
        happenings=happenings,
        earlier=sum(one.at < axis.first for one in happenings),
        later=sum(one.at > axis.last for one in happenings),
    )


def _happenings(view: CaseView, entries: tuple[TimelineEntry, ...], now: datetime) -> Iterator[Happening]:
    yield Happening(view.received_at, _ROWS["heard"], "heard", "received")
    yield Happening(now, "now", "now", "now")
    for entry in entries:
        mark = _HAPPENED.get(entry.kind)
        if mark in _OF_CLOCKS:
            yield Happening(entry.at, words(entry.about), mark, f"{words(entry.about)} {words(entry.kind)}")
        elif mark is not None:
            yield Happening(entry.at, _ROWS[mark], mark, f"{words(entry.kind)} by {entry.by}")
    for row in view.deadlines:
        name = words(row.clock)
        if row.warn_at is not None:
            yield Happening(row.warn_at, name, "warning", f"{name}: warning")
        if row.due_at is not None:
            yield Happening(row.due_at, name, "due", f"{name} due, {row.rule}")


def _sun(open_at: dict[str, tuple[OpenSpan, ...]], axis: _Axis) -> Iterator[Row]:
    for name, spans in open_at.items():
        bars = tuple(_bar(one.opens_at, one.closes_at, f"{words(name)} is open", axis) for one in spans)
        yield Row(words(name), 0, True, tuple(bar for bar in bars if bar.width), ())


def _bar(since: datetime, until: datetime, said: str, axis: _Axis) -> Bar:
    return Bar(axis.x(since), axis.x(until) - axis.x(since), said)


def _row(label: str, view: CaseView, happenings: tuple[Happening, ...], axis: _Axis, now: datetime) -> Row:
    """Draw what happens in one row; a clock that runs is a bar from its start to its due instant."""
    bars = tuple(
        _bar(one.started_at, one.due_at or now, f"{label}: {one.rule}", axis)
        for one in view.deadlines
        if words(one.clock) == label
    )
    marks = tuple((axis.x(one.at), one) for one in happenings if one.row == label and axis.has(one.at))
    return Row(label, 0, False, bars, marks)


def _ticks(axis: _Axis, zone: ZoneInfo) -> Iterator[Tick]:
    """Mark whole hours of a local clock, or whole days: at most nine."""
    length = axis.last - axis.first
    step = next((one for one in _STEPS if length / one <= _MOST_TICKS), _STEPS[-1])
    midnight = axis.first.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for count in range(int(length / step) + int(timedelta(days=2) / step)):
        local = (midnight + count * step).replace(tzinfo=zone)
        if axis.has(local) and axis.x(local) < WIDTH - 30:
            yield Tick(axis.x(local), f"{local:%a %d}" if local.hour == 0 else f"{local:%H:%M}")
