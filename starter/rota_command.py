"""`sunrelay rota`, `checkin`, `checkout` and `away`: who works where, and who is there now.

Part of the doors, for our own people alone.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from starter.centres import known_region, known_regions, staff_only
from starter.desk_command import PANEL
from starter.door import Door, register
from starter.faults import Exit, Fault
from starter.instants import ahead
from starter.output import counted, moment, printable
from starter.store import stored
from starter.writing import writing_store

if TYPE_CHECKING:
    from domain.rota import Engineer, Presence

_WHAT = "the rota"
_DAY = timedelta(days=1)
_SOURCE = "TOML with [[engineers]] in a file named .toml, or a JSON list; - reads JSON from standard input."
Name = Annotated[str, typer.Argument(metavar="NAME", help="The engineer, spelled as in the rota.")]
Until = Annotated[str | None, typer.Option(help="30m, 4h, 2d or an instant.")]


class _ListUnlessTold(TyperGroup):
    """`sunrelay rota` alone, or with options, is `sunrelay rota list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """This will put the missing word in."""
        is_told = bool(args) and (not args[0].startswith("-") or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_told else ["list", *args])


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    group = typer.Typer(cls=_ListUnlessTold, help="The rota: who works where, and who is there now.")
    register(group, "list")(list_)
    register(group, "import")(import_)
    app.add_typer(group, name="rota", rich_help_panel=PANEL)
    register(app, "checkin", rich_help_panel=PANEL)(checkin)
    register(app, "checkout", rich_help_panel=PANEL)(checkout)
    register(app, "away", rich_help_panel=PANEL)(away)


async def list_(
    door: Door, region: Annotated[str | None, typer.Option(help="Only this centre, and its guests.")] = None
) -> None:
    """List the engineers: where they work, who is on shift or away, and how many open cases each has."""
    staff_only(door, _WHAT)
    wanted = None if region is None else known_region(region)
    from activities.rota import Rota
    from starter.rota_pages import presence_record, rota_table

    people, now = await stored(door, lambda store: Rota(store).people(wanted)), datetime.now(UTC)
    if not door.output.is_text:
        door.output.plain_records([presence_record(one, now) for one in people])
        return
    if people:
        door.output.show(rota_table(people, now))
    here = sum(one.is_on_shift(now) for one in people)
    door.output.say(
        f"{counted(len(people), 'engineer')}, {here} on shift at {moment(now)}, from the case store"
    )


async def import_(
    door: Door,
    file: Annotated[str, typer.Argument(metavar="FILE", help=_SOURCE)],
    replace: Annotated[bool, typer.Option("--replace", help="Also remove who is not in the file.")] = False,
) -> None:
    """Import engineers from a file: all of them, or none where one is wrong."""
    by = staff_only(door, _WHAT)
    people = _read(door, file)
    from activities.rota import Rota

    async with writing_store(door.home) as store:
        changes = await Rota(store).put(people, by, replace=replace)
    if not door.output.is_text:
        door.output.record(changes)
        return
    removed = f", {changes.removed} removed" if replace else ""
    door.output.show(f"{changes.new} new, {changes.changed} changed, {changes.unchanged} unchanged{removed}")


async def checkin(
    door: Door,
    name: Name,
    region: Annotated[str | None, typer.Option(help="As a guest of this centre.")] = None,
    until: Until = None,
) -> None:
    """Check an engineer in: on shift from now until the shift ends, and back if he was away."""
    by, now = staff_only(door, _WHAT), datetime.now(UTC)
    wanted = None if region is None else known_region(region)
    ends = None if until is None else ahead(until, "--until", now)
    from activities.rota import Rota

    async with writing_store(door.home) as store:
        rota = Rota(store)
        if (engineer := await rota.engineer(name.strip())) is None:
            raise _nobody(name)
        ends = ends or _stays_until(engineer, wanted, now)
        _tell(door, name, "checked_in", await rota.check_in(engineer.name, now, by, wanted, ends))


async def checkout(door: Door, name: Name) -> None:
    """Check an engineer out; his cases stay his until they are handed on."""
    staff_only(door, _WHAT)
    from activities.rota import Rota

    async with writing_store(door.home) as store:
        was_in = await Rota(store).check_out(name.strip(), datetime.now(UTC))
    if was_in is None:
        raise _nobody(name)
    outcome = "checked_out" if was_in else "unchanged"
    if door.output.is_text:
        said = "checked out" if was_in else "was not checked in"
        door.output.show(f"{printable(name.strip())}  {said}")
    else:
        door.output.record({"engineer": name.strip(), "outcome": outcome})


async def away(door: Door, name: Name, until: Until = None) -> None:
    """Say that an engineer is away from now on, until he checks in or the instant given."""
    by, now = staff_only(door, _WHAT), datetime.now(UTC)
    ends = None if until is None else ahead(until, "--until", now)
    from activities.rota import Rota

    async with writing_store(door.home) as store:
        _tell(door, name, "away", await Rota(store).away(name.strip(), now, ends, by))


def _read(door: Door, file: str) -> "tuple[Engineer, ...]":
    """This will read the whole file; for people, every problem is a line of its own before the last word."""
    from starter.rota_file import RotaRefused, read_engineers

    try:
        return read_engineers(file, known_regions())
    except RotaRefused as refused:
        if door.output.is_text:
            for problem in refused.problems:
                door.output.say(str(problem))
        raise


def _stays_until(engineer: "Engineer", guest_of: str | None, now: datetime) -> datetime:
    """This will find the end of the shift: his own, or else that of the centre."""
    from domain.rota import stays_until
    from policies.opening_hours import planned_hours

    rule = known_regions().get(guest_of or engineer.region)
    shifts, zone = engineer.shifts, engineer.zone
    if rule is not None:
        shifts, zone = (shifts, zone or rule.zone) if shifts else (rule.shifts, rule.zone)
    hours = () if zone is None else planned_hours(shifts, zone, now - _DAY, now + _DAY)
    return stays_until(hours, now)


def _tell(door: Door, name: str, outcome: str, found: "Presence | None") -> None:
    if found is None:
        raise _nobody(name)
    from starter.rota_pages import presence_record, stands

    now = datetime.now(UTC)
    if door.output.is_text:
        door.output.show(f"{printable(found.engineer.name)}  {stands(found, now)}")
    else:
        door.output.record({"outcome": outcome, **presence_record(found, now)})


def _nobody(name: str) -> Fault:
    reason = f"there is no engineer {printable(name.strip()[:200])}"
    return Fault(Exit.NOT_FOUND, "EngineerNotFound", reason, "see sunrelay rota; capitals count")
