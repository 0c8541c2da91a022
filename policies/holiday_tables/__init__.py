"""Public holidays as dates written down, one JSON file a calendar: ours, and a company's own.

This room may read files and one environment variable, `SUNRELAY_CALENDAR_DIR`. The library that knows
holidays may not enter: `policies.holiday_snapshot` asks it when the files are made, so that an upgrade of it
is a change to review and never a promise moved.
"""

import json
import os
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from domain.frozen import Frozen
from domain.policy import Weekday
from domain.time.calendar import Span
from domain.time.plan_week import PartDay
from policies.holiday_tables.snapshot import MayCome, Snapshot, digest

__all__ = [
    "CALENDAR_DIR",
    "NO_HOLIDAYS",
    "CalendarUnknown",
    "HolidayTable",
    "HolidayTableInvalid",
    "MayCome",
    "Snapshot",
    "calendar_names",
    "digest",
    "holiday_table",
    "own_calendar_names",
    "read_calendar",
]

CALENDAR_DIR = "SUNRELAY_CALENDAR_DIR"
"""Names the directory of a company's own calendars; one of them goes before ours of the same name."""

NO_HOLIDAYS = "none"
"""The calendar that has no holidays; it is always there and covers every year."""

_WEEK = tuple(Weekday)

_NONE = Snapshot(
    calendar=NO_HOLIDAYS,
    first_year=date.min.year,
    last_year=date.max.year,
    made_by="no holidays",
    sha256=digest({}),
    days={},
)


class CalendarUnknown(ValueError):
    """No table of holidays has that name."""


class HolidayTableInvalid(ValueError):
    """A table is not what the snapshot wrote, or the directory of own tables is none."""


class HolidayTable(Frozen):
    """The holidays of one calendar: local dates in order, known for `years` (first and last, inclusive).

    `source` says who named them, and how the dates can be recognised. `weekend` are weekdays, Monday is 0;
    None where the calendar does not say. `part_days` are in order.
    """

    name: str
    dates: tuple[date, ...]
    years: tuple[int, int]
    source: str
    weekend: tuple[int, ...] | None = None
    part_days: tuple[PartDay, ...] = ()


def calendar_names() -> tuple[str, ...]:
    """Name every calendar there is, ours and own, `none` first. Raises: HolidayTableInvalid."""
    return (NO_HOLIDAYS, *sorted(_sources().keys() - {NO_HOLIDAYS}))


def own_calendar_names() -> tuple[str, ...]:
    """Name the calendars read from the company's own directory. Raises: HolidayTableInvalid."""
    own = _own_directory()
    return () if own is None else tuple(sorted(name for name, _ in _tables(own)))


def holiday_table(name: str) -> HolidayTable:
    """Return the holidays of one calendar.

    Raises: as `read_calendar`.
    """
    snapshot = read_calendar(name)
    made_by = snapshot.made_by
    return HolidayTable(
        name=name,
        dates=tuple(snapshot.days),
        years=(snapshot.first_year, snapshot.last_year),
        source=made_by if snapshot is _NONE else f"{made_by}, sha256 {snapshot.sha256[:12]}",
        weekend=None if snapshot.weekend is None else tuple(_WEEK.index(day) for day in snapshot.weekend),
        part_days=tuple(
            PartDay(on=day, closed=tuple(Span(*map(_minute, span)) for span in part.closed))
            for day, part in snapshot.part_days.items()
        ),
    )


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def read_calendar(name: str) -> Snapshot:
    """Read the whole file of one calendar.

    Raises: CalendarUnknown, naming the known ones; HolidayTableInvalid for a file changed by hand, one that
    is named otherwise than it says, one that takes the name `none`, or a directory that is none.
    """
    sources = _sources()
    if name == NO_HOLIDAYS:
        if name in sources:
            raise HolidayTableInvalid(f"none.json: {name!r} is the calendar without holidays; rename it")
        return _NONE
    # The list of names is asked first: a name becomes a path, and nothing but a name may become one.
    if name not in sources:
        known = ", ".join(calendar_names())
        raise CalendarUnknown(f"unknown calendar {name!r}; known are {known}")
    return _snapshot(name, _text(sources[name]))


def _sources() -> dict[str, Traversable]:
    own = _own_directory()
    return dict(_tables(files(__package__))) | (dict(_tables(own)) if own is not None else {})


def _own_directory() -> Path | None:
    """Refuse an overlay that cannot be read.

    Raises: HolidayTableInvalid: to go on with ours alone could be to count on the wrong holidays.
    """
    if not (named := os.environ.get(CALENDAR_DIR)):
        return None
    if not (own := Path(named)).is_dir():
        raise HolidayTableInvalid(f"{CALENDAR_DIR}: {named} is not a directory")
    return own


def _tables(room: Traversable) -> Iterator[tuple[str, Traversable]]:
    for entry in room.iterdir():
        if entry.name.endswith(".json"):
            yield entry.name.removesuffix(".json"), entry


def _text(source: Traversable) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise HolidayTableInvalid(f"{source.name}: {error}") from error


@lru_cache(maxsize=64)
def _snapshot(name: str, text: str) -> Snapshot:
    try:
        snapshot = Snapshot.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise HolidayTableInvalid(f"{name}.json: {error}") from error
    except ValidationError as error:
        raise HolidayTableInvalid(f"{name}.json: {'; '.join(_told(error))}") from error
    if snapshot.calendar != name:
        raise HolidayTableInvalid(f"{name}.json: calendar: it says {snapshot.calendar!r}")
    return snapshot


def _told(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in one["loc"])
        told = one["msg"].removeprefix("Value error, ")
        yield f"{path}: {told}" if path else told
