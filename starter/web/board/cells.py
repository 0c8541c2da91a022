"""A case as a row of the board shows it: the same texts drawn into a page and sent to one that is open.

A row that is sent has at most 1 KB, whatever is in it: long texts end with an ellipsis, in both.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from activities.plain_text import one_line
from domain.counting import Arithmetic
from domain.views.remaining import Band, Remaining
from starter.door.board import Line
from starter.door.plain import counted, span, words
from starter.web.board.wall_clock import day

_UNITS = {
    Arithmetic.ELAPSED: "",
    Arithmetic.COVERAGE: " of opening time",
    Arithmetic.BUSINESS_DAYS: " of opening time",
}
_BANDS = {Band.ON_TIME: "", Band.SOON: "soon", Band.NOW: "now", Band.MISSED: "missed"}
_TITLE, _NAME = 240, 72  # bytes


class Cells(NamedTuple):
    """The texts of a row, by short names, for each is sent often.

    `k` is its place in the order, as text that sorts. `left` seconds count down from `run` to `stop` (epoch)
    where `left` is not None; `unit` follows them.
    """

    n: str = ""
    k: str = ""
    title: str = ""
    company: str = ""
    level: str = ""
    rank: int = 0
    phase: str = ""
    owner: str = ""
    promise: str = ""
    clock: str = ""
    due: str = ""
    theirs: str = ""
    at: str = ""
    band: str = ""
    says: str = ""
    unit: str = ""
    left: int | None = None
    run: int = 0
    stop: int = 0


BLANK = Cells()
"""A row to be filled."""


def cells(line: Line, zone: ZoneInfo, now: datetime) -> Cells:
    """Write a row for somebody who reads a clock."""
    left, due = line.left, line.due_at
    counts = left is not None and not left.days
    customers = _zone(line.zone) if line.zone else None
    same = customers is None or due is None or _offset(due, customers) == _offset(due, zone)
    return Cells(
        n=line.number,
        k=_key(line),
        title=_cut(line.title, _TITLE),
        company=_cut(line.company, _NAME),
        level=_cut(line.level, 24),
        rank=line.rank,
        phase=words(line.phase),
        owner=_cut(line.owner or f"nobody, {line.centre}", _NAME),
        promise=words(line.promise) if line.promise else "nothing due",
        clock=line.promise or "",
        due=day(due, zone) if due else "",
        theirs="" if same or customers is None or due is None else day(due, customers),
        at=_iso(due),
        band=_BANDS[left.band] if left else "",
        says=says(left),
        unit=_UNITS[left.arithmetic] if left and left.band is not Band.MISSED else " late" if left else "",
        left=int(left.left.total_seconds()) if left and counts else None,
        run=int(left.runs_from.timestamp()) if left else 0,
        stop=int(left.runs_until.timestamp()) if left else 0,
    )


def says(left: Remaining | None) -> str:
    """Say what is left in the unit that counts: `2 h 10 min of opening time`, `3 business days`."""
    if left is None:
        return ""
    if left.band is Band.MISSED:
        return f"{span(left.left)} late"
    if left.days:
        return counted(left.days, "business day")
    return f"{span(left.left)}{_UNITS[left.arithmetic]}"


def _key(line: Line) -> str:
    place = line.place
    return f"{_stamp(place.owed_at)} {place.rank:02} {_stamp(place.received_at)} {place.case_id}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _cut(text: str, most: int) -> str:
    """Return a text in a line that takes at most so many bytes when it is sent."""
    line = one_line(text)
    if _size(line) <= most:
        return line
    while _size(line) > most - 3:
        line = line[: min(len(line) - 1, most)]
    return f"{line.rstrip()}…"


def _size(text: str) -> int:
    return len(text.encode()) + text.count('"') + text.count("\\")
