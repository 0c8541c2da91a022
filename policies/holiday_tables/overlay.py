"""What the library of holidays does not know, written by hand in `overlay.toml`, and how it is laid over.

Part of the tables of holidays; for the tool that makes them, the running product reads none of it. An entry
that has no effect is refused, so that what an upgrade of the library made superfluous does not stay.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, ValidationError

from domain.frozen import Frozen
from domain.policy import Weekday
from policies.holiday_tables.snapshot import Clock, MayCome, PartDay


class OverlayInvalid(ValueError):
    """The overlay cannot be read, or an entry has no effect."""


class Entry(Frozen):
    """What every entry says: for which calendar, and why we say so."""

    calendar: str
    reason: str = Field(min_length=20)

    @property
    def why(self) -> str:
        """The reason on one line."""
        return " ".join(self.reason.split())


class Addition(Entry):
    """A holiday the library does not have; a doubtful one counts, and its reason says why it is doubted."""

    date: date
    name: str = Field(min_length=1)
    doubtful: bool = False


class Removal(Entry):
    """A holiday the library has and that is none."""

    date: date


class Doubt(Entry):
    """A holiday that counts and may yet move or fall away."""

    date: date


class NamedDoubt(Entry):
    """Every holiday of a name, from a date on (inclusive), that counts and may yet move or fall away."""

    name: str = Field(min_length=1)
    since: date


class Possible(Entry):
    """A day that does not count and may yet be made a holiday."""

    date: date
    name: str = Field(min_length=1)


class ShortDay(Entry):
    """A day that is closed for some hours only, such as Christmas Eve from noon."""

    date: date
    name: str = Field(min_length=1)
    closed: tuple[tuple[Clock, Clock], ...]


class Weekend(Entry):
    """The days of the week that are none of business there, where the library does not know."""

    days: tuple[Weekday, ...]


class Overlay(Frozen):
    """Every entry written by hand, one list a kind."""

    add: tuple[Addition, ...] = ()
    remove: tuple[Removal, ...] = ()
    doubt: tuple[Doubt, ...] = ()
    doubt_named: tuple[NamedDoubt, ...] = ()
    may_come: tuple[Possible, ...] = ()
    part_day: tuple[ShortDay, ...] = ()
    weekend: tuple[Weekend, ...] = ()

    def calendars(self) -> set[str]:
        """Name the calendars spoken of."""
        entries = [entry for kind in Overlay.model_fields for entry in getattr(self, kind)]
        return {entry.calendar for entry in entries}

    def of(self, calendar: str) -> "Overlay":
        """Keep what is said of one calendar."""
        kept = {
            kind: tuple(entry for entry in getattr(self, kind) if entry.calendar == calendar)
            for kind in Overlay.model_fields
        }
        return Overlay(**kept)


class Laid(NamedTuple):
    """One calendar with the overlay over it; every mapping in the order of its dates."""

    days: dict[date, str]
    corrected: tuple[date, ...]
    doubtful: dict[date, str]
    may_come: dict[date, MayCome]
    part_days: dict[date, PartDay]
    weekend: tuple[Weekday, ...] | None


def read_overlay(path: Path) -> Overlay:
    """Read the entries of one file; a file that is not there has none. Raises: OverlayInvalid."""
    if not path.exists():
        return Overlay()
    try:
        return Overlay.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise OverlayInvalid(f"{path.name}: {'; '.join(told)}") from error
    except (OSError, ValueError) as error:  # unreadable, not UTF-8, not TOML
        raise OverlayInvalid(f"{path.name}: {error}") from error


def lay(overlay: Overlay, calendar: str, days: dict[date, str], doubtful: dict[date, str]) -> Laid:
    """Lay the entries for one calendar over its days, and its own doubts over those given.

    Raises: OverlayInvalid, naming every entry without effect.
    """
    own = overlay.of(calendar)
    if idle := [*_idle_corrections(own, days)]:
        raise OverlayInvalid(f"overlay.toml: {calendar}: {'; '.join(idle)}")
    if len(own.weekend) > 1:
        raise OverlayInvalid(f"overlay.toml: {calendar}: weekend is there twice")
    removed = {fix.date for fix in own.remove}
    added = {fix.date: fix.name for fix in own.add}
    left = {day: name for day, name in (days | added).items() if day not in removed}
    if idle := [*_idle_doubts(own, left)]:
        raise OverlayInvalid(f"overlay.toml: {calendar}: {'; '.join(idle)}")
    doubts = {day: why for day, why in (doubtful | _doubts(own, left)).items() if day in left}
    may_come = {day.date: MayCome(name=day.name, reason=day.why) for day in own.may_come}
    return Laid(
        days=dict(sorted(left.items())),
        corrected=tuple(sorted(removed.union(added))),
        doubtful=dict(sorted(doubts.items())),
        may_come=dict(sorted(may_come.items())),
        part_days={
            day.date: PartDay(name=day.name, closed=day.closed)
            for day in sorted(own.part_day, key=lambda day: day.date)
        },
        weekend=next((one.days for one in own.weekend), None),
    )


def _idle_corrections(own: Overlay, days: dict[date, str]) -> Iterator[str]:
    for fix in own.add:
        if fix.date in days:
            yield f"add {fix.date}: the library has it; take the entry out"
    for gone in own.remove:
        if gone.date not in days:
            yield f"remove {gone.date}: the library does not have it; take the entry out"


def _idle_doubts(own: Overlay, days: dict[date, str]) -> Iterator[str]:
    for doubt in own.doubt:
        if doubt.date not in days:
            yield f"doubt {doubt.date}: it is no holiday; write may_come for a day that may yet come"
    for named in own.doubt_named:
        if not any(True for _ in _called(named, days)):
            yield f"doubt_named {named.name!r}: no holiday of that name since {named.since}"
    for short in own.part_day:
        if short.date in days:
            yield f"part_day {short.date}: it is a holiday, closed all day; take one of the entries out"
    for day in own.may_come:
        if day.date in days:
            yield f"may_come {day.date}: it is a holiday already; write doubt, or take the entry out"


def _doubts(own: Overlay, days: dict[date, str]) -> dict[date, str]:
    """Return the doubt about a day: one about its date goes before one about a name."""
    by_name = {day: named.why for named in own.doubt_named for day in _called(named, days)}
    of_additions = {fix.date: fix.why for fix in own.add if fix.doubtful}
    return by_name | of_additions | {doubt.date: doubt.why for doubt in own.doubt}


def _called(named: NamedDoubt, days: dict[date, str]) -> Iterator[date]:
    """Two holidays on one date share its name, with a semicolon between."""
    return (day for day, name in days.items() if day >= named.since and named.name in name.split("; "))
