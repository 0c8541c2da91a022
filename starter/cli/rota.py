"""`sunrelay rota`, `checkin`, `checkout` and `away`: who works where, and who is there now.

For our own people alone.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.groups import first_unless_told
from starter.cli.instants import maybe_ahead
from starter.cli.panels import DESK
from starter.door.faults import all_at_once
from starter.door.plain import counted, moment, printable

if TYPE_CHECKING:
    from domain.centres.rota import Presence

_WHAT = "the rota"
_SOURCE = "TOML with [[engineers]] in a file named .toml, or a JSON list; - reads JSON from standard input."
Name = Annotated[str, typer.Argument(metavar="NAME", help="The engineer, spelled as in the rota.")]
Until = Annotated[str | None, typer.Option(help="30m, 4h, 2d or an instant.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        cls=first_unless_told("list"), help="The rota: who works where, and who is there now."
    )
    register(group, "list")(list_)
    register(group, "import")(import_)
    app.add_typer(group, name="rota", rich_help_panel=DESK)
    register(app, "checkin", rich_help_panel=DESK)(checkin)
    register(app, "checkout", rich_help_panel=DESK)(checkout)
    register(app, "away", rich_help_panel=DESK)(away)


async def list_(
    door: Door, region: Annotated[str | None, typer.Option(help="Only this centre, and its guests.")] = None
) -> None:
    """List the engineers: where they work, who is on shift or away, and how many open cases each has."""
    core.staff_only(door.actor, _WHAT)
    wanted = None if region is None else core.known_region(region)

    people, now = await door.session.read(lambda store: core.Rota(store).people(wanted)), datetime.now(UTC)
    if not door.output.is_text:
        door.output.plain_records([core.presence_record(one, now) for one in people])
        return
    if people:
        door.output.show(core.rota_table(people, now))
    here = sum(one.is_on_shift(now) for one in people)
    door.output.say(
        f"{counted(len(people), 'engineer')}, {here} on shift at {moment(now)}, from the case store"
    )


async def import_(
    door: Door,
    file: Annotated[str, typer.Argument(metavar="FILE", help=_SOURCE)],
    replace: Annotated[bool, typer.Option("--replace", help="Also remove who is not in the file.")] = False,
    hand_on: Annotated[
        bool, typer.Option("--hand-on", help="With --replace: cases of those who go find another owner.")
    ] = False,
) -> None:
    """Import engineers from a file: all of them, or none where one is wrong."""
    by = core.staff_only(door.actor, _WHAT)
    people = core.read_engineers(file, core.known_regions())

    changes, told = await core.put_rota(
        door.session, door.actor, people, by, replace=replace, hand_on=hand_on
    )
    if not door.output.is_text:
        more = {"handed_on": told} if hand_on else {}
        door.output.record({**changes.model_dump(mode="json"), **more})
        return
    removed = f", {changes.removed} removed" if replace else ""
    door.output.show(f"{changes.new} new, {changes.changed} changed, {changes.unchanged} unchanged{removed}")
    if told:
        door.output.say(f"{counted(told, 'case')} handed on, the most urgent first")


async def checkin(
    door: Door,
    name: Name,
    region: Annotated[str | None, typer.Option(help="As a guest of this centre.")] = None,
    until: Until = None,
) -> None:
    """Check an engineer in: on shift from now until the shift ends, and back if they were away."""
    now = door.session.now()
    with all_at_once() as look:
        region = look.at(core.known_region, region) if region is not None else None
        ends = look.at(maybe_ahead, until, "until", now)
    _tell(door, "checked_in", await core.check_in(door.session, door.actor, name, region, now, ends))


async def checkout(door: Door, name: Name) -> None:
    """Check an engineer out; their cases stay theirs until they are handed on."""
    was_in = await core.check_out(door.session, door.actor, name)
    if door.output.is_text:
        said = "checked out" if was_in else "was not checked in"
        door.output.show(f"{printable(name.strip())}  {said}")
    else:
        outcome = "checked_out" if was_in else "unchanged"
        door.output.record({"engineer": name.strip(), "outcome": outcome})


async def away(door: Door, name: Name, until: Until = None) -> None:
    """Say that an engineer is away from now on, until they check in or the instant given."""
    now = door.session.now()
    ends = maybe_ahead(until, "until", now)
    _tell(door, "away", await core.go_away(door.session, door.actor, name, now, ends))


def _tell(door: Door, outcome: str, found: "Presence") -> None:
    now = door.session.now()
    if door.output.is_text:
        door.output.show(f"{printable(found.engineer.name)}  {core.stands(found, now)}")
    else:
        door.output.record({"outcome": outcome, **core.presence_record(found, now)})
