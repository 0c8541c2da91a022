"""`sunrelay region`: the centres as they are now, and closing or opening one by hand.

Part of the doors, for our own people alone. What is changed here holds at the next decision of every open
case.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from starter.centres import DEFAULT_POLICY, known_region, policy_named, staff_only
from starter.desk_command import PANEL
from starter.door import Door, register
from starter.faults import usage
from starter.instants import ahead
from starter.output import counted, moment, printable
from starter.store import stored
from starter.writing import writing_store

if TYPE_CHECKING:
    from activities.case_store import CaseStore
    from activities.closures import Closure
    from domain.regions import Roster

_WHAT = "the list of centres"
Name = Annotated[str, typer.Argument(metavar="NAME", help="The centre, such as sydney.")]


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    group = typer.Typer(
        no_args_is_help=True, help="Regions: which centres are open, and closing one by hand."
    )
    register(group, "list")(list_)
    register(group, "close")(close)
    register(group, "open")(open_)
    app.add_typer(group, name="region", rich_help_panel=PANEL)


async def list_(
    door: Door,
    policy: Annotated[str, typer.Option(help="Whose centres.")] = DEFAULT_POLICY,
) -> None:
    """List the centres: local time, until when open, closed by hand, people on shift, open cases."""
    staff_only(door, _WHAT)
    names = tuple(policy_named(policy).regions)
    now = datetime.now(UTC)

    async def read(store: "CaseStore") -> "tuple[tuple[Closure, ...], Roster]":
        from activities.closures import Closures
        from activities.rosters import Rosters
        from domain.regions import RosterRequest

        running = await Closures(store).closed(names, now, now)
        return running, await Rosters(store).read(RosterRequest(policy=policy, at=now))

    closures, roster = await stored(door, read)
    from starter.region_pages import region_rows, regions_table

    rows = region_rows(roster, closures, now)
    if not door.output.is_text:
        door.output.records(rows)
        return
    door.output.show(regions_table(rows, now))
    is_open = sum(row.is_open for row in rows)
    door.output.say(f"{counted(len(rows), 'centre')}, {is_open} open at {moment(now)}, from the case store")


async def close(
    door: Door,
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, in a line.")],
    until: Annotated[
        str | None, typer.Option(help="30m, 4h, 2d or an instant; without it, until it is opened.")
    ] = None,
) -> None:
    """Close a centre from now on, whatever its shifts say."""
    by = staff_only(door, _WHAT)
    region, why, now = known_region(name), _line(reason), datetime.now(UTC)
    ends = None if until is None else ahead(until, "--until", now)
    from activities.closures import Closures

    async with writing_store(door.home) as store:
        await Closures(store).close(region, now, ends, why, by)
    if door.output.is_text:
        door.output.show(f"{region}  closed {_until(ends)}: {printable(why)}")
    else:
        plain = {"closed_from": now.isoformat(), "closed_until": None if ends is None else ends.isoformat()}
        door.output.record({"region": region, "outcome": "closed", "reason": why, **plain})


async def open_(door: Door, name: Name) -> None:
    """Open a centre that was closed by hand; its own shifts count again."""
    by = staff_only(door, _WHAT)
    region = known_region(name)
    from activities.closures import Closures

    async with writing_store(door.home) as store:
        was_closed = await Closures(store).open(region, datetime.now(UTC), by)
    if not door.output.is_text:
        door.output.record({"region": region, "outcome": "opened" if was_closed else "unchanged"})
        return
    door.output.show(f"{region}  {'open, as its shifts say' if was_closed else 'was not closed by hand'}")


def _until(ends: datetime | None) -> str:
    return "until it is opened" if ends is None else f"until {moment(ends)}"


def _line(reason: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from domain.text import Line

    try:
        return TypeAdapter[str](Line).validate_python(reason)
    except ValidationError as error:
        raise usage(f"--reason: {error.errors()[0]['msg']}", "say why in a line") from None
