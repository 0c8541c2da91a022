"""Public holidays as dates written down, one JSON file a calendar.

This room may read its own files. The library that knows holidays may not enter: `policies.holiday_snapshot`
asks it when the files are made, so that an upgrade of it is a change to review and never a promise moved.
"""

import hashlib
import json
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from domain.frozen import Frozen

NO_HOLIDAYS = "none"
"""The calendar that has no holidays; it is always there and covers every year."""


class CalendarUnknown(ValueError):
    """No table of holidays has that name."""


class HolidayTableInvalid(ValueError):
    """A table is not what the snapshot wrote; corrections belong in overlay.toml."""


class HolidayTable(Frozen):
    """The holidays of one calendar: local dates in order, known for `years` (first and last, inclusive).

    `source` says who named them, and how the dates can be recognised.
    """

    name: str
    dates: tuple[date, ...]
    years: tuple[int, int]
    source: str


def _in_order(days: dict[date, str]) -> dict[date, str]:
    if list(days) != sorted(days):
        raise ValueError("the days must be in order")
    return days


class Snapshot(Frozen):
    """One file: every holiday with its name, and what the dates were made from."""

    calendar: str
    first_year: int
    last_year: int
    made_by: str
    corrected: tuple[date, ...] = Field(default=(), description="the dates the overlay changed")
    sha256: str
    days: Annotated[dict[date, str], AfterValidator(_in_order)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.sha256 != digest(self.days):
            raise ValueError("sha256: not the digest of these dates; correct overlay.toml and make it anew")
        return self


def digest(days: dict[date, str]) -> str:
    """This will return the SHA-256 (hex) of the dates, one ISO date a line; names do not count."""
    return hashlib.sha256("".join(f"{day.isoformat()}\n" for day in sorted(days)).encode()).hexdigest()


def calendar_names() -> tuple[str, ...]:
    """This will name every calendar there is, `none` first."""
    tables = (entry.name for entry in files(__package__).iterdir() if entry.name.endswith(".json"))
    return (NO_HOLIDAYS, *sorted(name.removesuffix(".json") for name in tables))


@lru_cache(maxsize=64)
def holiday_table(name: str) -> HolidayTable:
    """This will return the holidays of one calendar.

    Raises: CalendarUnknown, naming the known ones; HolidayTableInvalid for a file changed by hand.
    """
    if name == NO_HOLIDAYS:
        return HolidayTable(name=name, dates=(), years=(date.min.year, date.max.year), source="no holidays")
    # The list of names is asked first: a name becomes a path, and nothing but a name may become one.
    if name not in calendar_names():
        raise CalendarUnknown(f"unknown calendar {name!r}; known are {', '.join(calendar_names())}")
    return _table(name, files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))


def _table(name: str, text: str) -> HolidayTable:
    try:
        snapshot = Snapshot.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise HolidayTableInvalid(f"holiday_tables/{name}.json: {error}") from error
    except ValidationError as error:
        faults = "; ".join(fault["msg"] for fault in error.errors())
        raise HolidayTableInvalid(f"holiday_tables/{name}.json: {faults}") from error
    return HolidayTable(
        name=name,
        dates=tuple(snapshot.days),
        years=(snapshot.first_year, snapshot.last_year),
        source=f"{snapshot.made_by}, sha256 {snapshot.sha256[:12]}",
    )
