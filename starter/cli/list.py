"""`sunrelay list`: cases by typed filters, the nearest promise first.

Lists come from the case store. There is no filter text: every filter is a value of its
own and reaches the database as a bound parameter.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.actor import Tier
from domain.phase import Phase
from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.completion import levels, owners, policies, regions, tenants
from starter.cli.flags import Options
from starter.cli.instants import AsOf, ahead
from starter.cli.panels import READ
from starter.cli.past import show_past
from starter.door.faults import usage
from starter.door.plain import counted

if TYPE_CHECKING:
    from activities.store.case_list import CaseFilter
    from domain.record import CaseRow


def _flag(kind: Any, help_: str, *names: str, **more: Any) -> tuple[Any, Any]:
    return Annotated[kind, typer.Option(*names, help=help_, **more)], False if kind is bool else None


_FILTERS: Options = {
    "tenant": _flag(str | None, "Only this tenant's.", "--tenant", autocompletion=tenants),
    "mine": _flag(bool, "Only yours: those SUNRELAY_ACTOR_NAME owns.", "--mine"),
    "owner": _flag(str | None, "Only those this person owns.", "--owner", autocompletion=owners),
    "unassigned": _flag(bool, "Only those nobody owns.", "--unassigned"),
    "text": _flag(str | None, "Only with these words, as find looks for them.", "--text"),
    "phase": _flag(list[Phase] | None, "Only in this phase; repeat it.", "--phase"),
    "level": _flag(
        list[str] | None, "Only of this level, such as P1; repeat it.", "--level", autocompletion=levels
    ),
    "policy": _flag(str | None, "Only under this policy.", "--policy", autocompletion=policies),
    "region": _flag(str | None, "Only in this region.", "--region", autocompletion=regions),
    "offered_to": _flag(
        str | None, "Only those offered to this region.", "--offered-to", autocompletion=regions
    ),
    "tier": _flag(Tier | None, "Only of this tier.", "--tier"),
    "open_only": _flag(bool, "Only those still worked on.", "--open"),
    "overdue": _flag(bool, "Only those with a promise that should have been kept by now.", "--overdue"),
    "breached": _flag(bool, "Only those that missed a target.", "--breached"),
    "due_before": _flag(
        str | None, "Only with something due before: 30m, 4h, 2d, or an instant.", "--due-before"
    ),
    "as_of": (AsOf, None),
    "limit": (Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")], 50),
}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "list", gather=_FILTERS, rich_help_panel=READ)(list_)


async def list_(door: Door, fields: dict[str, Any]) -> None:
    """List cases, the nearest promise first."""
    wanted, as_of = _wanted(door, fields), fields["as_of"]
    if as_of is None:
        _show(door, await door.backend.cases.listed(wanted), wanted.limit)
        return
    past = await door.backend.cases.listed_as_of(wanted, core.read_instant(as_of))
    show_past(door, past, f"{counted(len(past.rows), 'case')}{_more(past.rows, wanted.limit)}")


def _wanted(door: Door, fields: dict[str, Any]) -> "CaseFilter":
    now, due_before = datetime.now(UTC), fields["due_before"]
    return core.CaseFilter(
        tenant=fields["tenant"],
        phases=tuple(fields["phase"] or ()),
        levels=tuple(fields["level"] or ()),
        region=fields["region"],
        offered_to=fields["offered_to"],
        tier=fields["tier"],
        assignee=_owner(door, fields),
        unassigned=fields["unassigned"],
        policy=fields["policy"],
        text=fields["text"],
        open_only=fields["open_only"],
        breached_only=fields["breached"],
        due_before=ahead(due_before, "due_before", now, or_past=True) if due_before else None,
        overdue_at=now if fields["overdue"] else None,
        limit=fields["limit"],
    )


def _owner(door: Door, fields: dict[str, Any]) -> str | None:
    """Return whose cases are wanted. Raises: Fault (usage) for more than one, or for nobody in particular."""
    given = [name for name in ("mine", "owner", "unassigned") if fields[name]]
    if len(given) > 1:
        flags = " and ".join(f"--{name}" for name in given)
        raise usage(f"{flags} leave no case over", "give one of them", *given)
    if not fields["mine"]:
        owner: str | None = fields["owner"]
        return owner
    if door.actor.name is None:
        raise usage("this door does not know who you are", "set SUNRELAY_ACTOR_NAME to your name", "mine")
    return door.actor.name


def _show(door: Door, rows: "tuple[CaseRow, ...]", limit: int) -> None:
    if not door.output.is_text:
        door.output.records(rows)
        return
    if rows:
        door.output.show(core.cases_table(rows, datetime.now(UTC), door.output.result.width))
    door.output.say(f"{counted(len(rows), 'case')}{_more(rows, limit)}, from the case store")


def _more(rows: "tuple[CaseRow, ...]", limit: int) -> str:
    return ", more with --limit" if len(rows) == limit else ""
