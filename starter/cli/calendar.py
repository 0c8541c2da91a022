"""`sunrelay calendar list` and `show`: which holidays are counted, who named them, which may yet change.

Files alone are read: no server, no database. The tables are made by another tool
(docs/calendars.md).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.output import Format
from starter.cli.pages.parts import plain, table
from starter.cli.panels import POLICIES
from starter.door.faults import Fault, Kind, usage
from starter.door.plain import counted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from policies.holiday_tables import Snapshot
    from policies.holiday_tables.snapshot import PartDay

_SHIPPED, _OWN = "shipped", "own"


class CalendarRow(NamedTuple):
    """One calendar in the list: counts, and what the dates can be recognised by."""

    name: str
    origin: str
    first_year: int
    last_year: int
    days: int
    corrected: int
    doubtful: int
    may_come: int
    made_by: str
    sha256: str


class HolidayRow(NamedTuple):
    """One date of a calendar; one that does not `count` may yet come, or was taken out by a correction.

    A day that is closed for some hours does not count as a holiday, and its name says which hours.
    """

    date: str
    weekday: str
    name: str | None
    counts: bool
    doubt: str | None
    corrected: bool

    @property
    def mark(self) -> str:
        """What people see beside the name: `?` where it may change, `corrected`."""
        doubt = "" if self.doubt is None else "?" if self.counts else "? may come"
        return " ".join(filter(None, (doubt, "corrected" if self.corrected else "")))


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Holidays: which days each calendar counts, and how sure.")
    register(group, "list")(list_)
    register(group, "show")(show)
    app.add_typer(group, name="calendar", rich_help_panel=POLICIES)


async def list_(door: Door) -> None:
    """List the calendars: years, days, corrections, doubtful days, and what they were made from."""
    try:
        names, own = core.calendar_names(), core.own_calendar_names()
    except core.HolidayTableInvalid as error:
        raise _invalid([str(error)]) from error
    rows, faults = [], []
    for name in names:
        try:
            rows.append(_row(core.read_calendar(name), _OWN if name in own else _SHIPPED))
        except core.HolidayTableInvalid as error:  # the others are shown all the same
            faults.append(str(error))
    _print_list(door, rows)
    if faults:
        raise _invalid(faults)


async def show(
    door: Door,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as AU-VIC; calendar list names them.")],
    year: Annotated[int | None, typer.Option(help="Only this year.")] = None,
) -> None:
    """Show the holidays of one calendar; `?` marks a day that may yet change, with the reason."""
    snapshot, origin = _known(name)
    if year is not None and not snapshot.first_year <= year <= snapshot.last_year:
        years = f"{snapshot.first_year} to {snapshot.last_year}"
        raise usage(f"{name} knows {years}", "ask for one of these years", "year")
    days = list(_days(snapshot, year))
    if door.output.is_text:
        _print_days(door, snapshot, days)
    elif door.output.format is Format.JSONL:
        door.output.plain_records([day._asdict() for day in days])
    else:
        holidays = [day._asdict() for day in days]
        door.output.record({**_row(snapshot, origin)._asdict(), "holidays": holidays})


def _known(name: str) -> "tuple[Snapshot, str]":
    """Read a calendar.

    Raises: Fault: not found, naming the known calendars; refused for a file that is not whole.
    """
    try:
        return core.read_calendar(name), _OWN if name in core.own_calendar_names() else _SHIPPED
    except core.CalendarUnknown as error:
        raise Fault(Kind.NOT_FOUND, "CalendarUnknown", str(error), "name a known calendar") from error
    except core.HolidayTableInvalid as error:
        raise _invalid([str(error)]) from error


def _invalid(faults: list[str]) -> Fault:

    remedy = f"make the table anew, or fix {core.CALENDAR_DIR}"
    return Fault(Kind.REFUSED, "CalendarInvalid", "; ".join(faults), remedy)


def _row(snapshot: "Snapshot", origin: str) -> CalendarRow:
    return CalendarRow(
        name=snapshot.calendar,
        origin=origin,
        first_year=snapshot.first_year,
        last_year=snapshot.last_year,
        days=len(snapshot.days),
        corrected=len(snapshot.corrected),
        doubtful=len(snapshot.doubtful),
        may_come=len(snapshot.may_come),
        made_by=snapshot.made_by,
        sha256=snapshot.sha256,
    )


def _days(snapshot: "Snapshot", year: int | None) -> Iterator[HolidayRow]:
    """Tell of every holiday, day closed in part, that may yet come or was taken out, by date."""
    for day in sorted({*snapshot.days, *snapshot.may_come, *snapshot.corrected, *snapshot.part_days}):
        if year not in (None, day.year):
            continue
        part = snapshot.part_days.get(day)
        possible = snapshot.may_come.get(day)
        yield HolidayRow(
            date=day.isoformat(),
            weekday=f"{day:%a}",
            name=possible.name if possible else _part_day(part) or snapshot.days.get(day),
            counts=day in snapshot.days,
            doubt=possible.reason if possible else snapshot.doubtful.get(day),
            corrected=day in snapshot.corrected,
        )


def _part_day(part: "PartDay | None") -> str | None:
    return f"{part.name}, closed {', '.join(map('-'.join, part.closed))}" if part else None


def _print_list(door: Door, rows: list[CalendarRow]) -> None:
    if not door.output.is_text:
        door.output.plain_records([row._asdict() for row in rows])
        return
    door.output.show(_calendars_table(rows))
    own = sum(row.origin == _OWN for row in rows)
    door.output.say(counted(len(rows), "calendar") + (f", {own} of them your own" if own else ""))


def _print_days(door: Door, snapshot: "Snapshot", days: list[HolidayRow]) -> None:
    if days:
        door.output.show(_holidays_table(days))
    held = counted(sum(day.counts for day in days), "holiday")
    doubts = counted(sum(day.doubt is not None for day in days), "doubt")
    source = f"{snapshot.made_by}, sha256 {snapshot.sha256[:12]}"
    weekend = f", weekend {' and '.join(snapshot.weekend)}" if snapshot.weekend else ""
    door.output.say(f"{snapshot.calendar}: {held}, {doubts}{weekend}; from {source}")


def _calendars_table(rows: list[CalendarRow]) -> "RenderableType":

    found = table("name", "years", "days", "corrected", "doubtful", "may come", "made by", "sha256")
    found.columns[-1].no_wrap = True
    for row in rows:
        years = "every" if row.name == "none" else f"{row.first_year}-{row.last_year}"
        counts = [str(count) for count in (row.days, row.corrected, row.doubtful, row.may_come)]
        made_by = f"{row.made_by} (own)" if row.origin == _OWN else row.made_by
        found.add_row(plain(row.name), years, *counts, plain(made_by), row.sha256[:12])
    return found


def _holidays_table(days: list[HolidayRow]) -> "RenderableType":

    found = table("date", "day", "name", "mark", "reason")
    for column in found.columns[:2]:
        column.no_wrap = True  # the reasons are long, and give way
    for day in days:
        style = "" if day.counts else "dim"
        found.add_row(day.date, day.weekday, plain(day.name, style), day.mark, plain(day.doubt or " "))
    return found
