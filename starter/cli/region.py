"""`sunrelay region`: the centres as they are now, and closing or opening one by hand."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.instants import AsOf, maybe_ahead
from starter.cli.panels import DESK
from starter.door.faults import all_at_once
from starter.door.plain import counted, moment, printable

Name = Annotated[str, typer.Argument(metavar="NAME", help="The centre, such as sydney.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        no_args_is_help=True, help="Regions: which centres are open, and closing one by hand."
    )
    register(group, "list")(list_)
    register(group, "close")(close)
    register(group, "open")(open_)
    app.add_typer(group, name="region", rich_help_panel=DESK)


async def list_(
    door: Door,
    policy: Annotated[str, typer.Option(help="Whose centres.")] = "rhipe-csp",
    as_of: AsOf = None,
) -> None:
    """List the centres: local time, until when open, closed by hand, people on shift, open cases."""
    if as_of is not None:
        await _list_past(door, policy, core.read_instant(as_of))
        return
    now = datetime.now(UTC)
    roster, closures = await core.centres_now(door.session, door.actor, policy, now)
    rows = core.region_rows(roster, closures, now)
    if not door.output.is_text:
        door.output.records(rows)
        return
    door.output.show(core.regions_table(rows, now))
    is_open = sum(row.is_open for row in rows)
    door.output.say(f"{counted(len(rows), 'centre')}, {is_open} open at {moment(now)}, from the case store")


async def _list_past(door: Door, policy: str, at: datetime) -> None:
    names = core.policy_named(policy).regions
    rows = [await core.see_centre_as_of(door.session, door.actor, name, at) for name in names]
    if not door.output.is_text:
        door.output.records([core.CentreRecord.of(row) for row in rows])
        return
    door.output.show(f"as of {moment(at)}")
    door.output.show(core.past_centres(rows))
    is_open = sum(row.is_open is True for row in rows)
    door.output.say(f"{counted(len(rows), 'centre')}, {is_open} open as of {moment(at)}, from the case store")


async def close(
    door: Door,
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, in a line.")],
    until: Annotated[
        str | None, typer.Option(help="30m, 4h, 2d or an instant; without it, until it is opened.")
    ] = None,
) -> None:
    """Close a centre now, whatever its shifts say; its open cases are offered on at once."""
    now = datetime.now(UTC).replace(microsecond=0)
    with all_at_once() as look:
        look.at(core.check_closing, door.actor, name, reason)
        ends = look.at(maybe_ahead, until, "until", now)
    done = await core.close_centre(door.session, door.actor, name, reason, ends)
    if door.output.is_text:
        door.output.show(f"{done.region}  closed {_until(done.until)}: {printable(done.reason)}")
        told = counted(done.told, "case")
        door.output.say(f"{told} told to look for another centre, the most urgent first")
        return
    closed = {"closed_from": done.since, "closed_until": done.until}
    plain = {name: at and at.isoformat() for name, at in closed.items()}
    said = {"region": done.region, "outcome": "closed", "reason": done.reason, "told": done.told}
    door.output.record({**said, **plain})


async def open_(door: Door, name: Name) -> None:
    """Open a centre that was closed by hand; its shifts count again, and cases that rest are told."""
    done = await core.open_centre(door.session, door.actor, name)
    if not door.output.is_text:
        outcome = "opened" if done.was_closed else "unchanged"
        door.output.record({"region": done.region, "outcome": outcome, "told": done.told})
        return
    was = "open, as its shifts say" if done.was_closed else "was not closed by hand"
    door.output.show(f"{done.region}  {was}")
    door.output.say(f"{counted(done.told, 'case')} told to look again")


def _until(ends: datetime | None) -> str:
    return "until it is opened" if ends is None else f"until {moment(ends)}"
