"""`sunrelay list`: cases by typed filters, the nearest promise first.

Part of the doors. Lists come from the case store. There is no filter text: every filter is a value of its
own and reaches the database as a bound parameter.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from domain.actor import Tier
from domain.phase import Phase
from starter.door import Door, register
from starter.faults import usage
from starter.levels_known import unknown_level
from starter.output import counted
from starter.reading import PANEL
from starter.store import stored

if TYPE_CHECKING:
    from activities.case_list import CaseFilter
    from domain.record import CaseRow

_AHEAD = re.compile(r"(\d{1,4})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def add_to(app: typer.Typer) -> None:
    """This will add the command."""
    register(app, "list", rich_help_panel=PANEL)(list_)


async def list_(
    door: Door,
    tenant: Annotated[str | None, typer.Option(help="Only this tenant's.")] = None,
    phase: Annotated[list[Phase] | None, typer.Option(help="Only in this phase; repeat it.")] = None,
    level: Annotated[
        list[str] | None, typer.Option(help="Only of this level, such as P1; repeat it.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Only in this region.")] = None,
    offered_to: Annotated[str | None, typer.Option(help="Only those offered to this region.")] = None,
    tier: Annotated[Tier | None, typer.Option(help="Only of this tier.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those still worked on.")] = False,
    breached: Annotated[bool, typer.Option("--breached", help="Only those that missed a target.")] = False,
    due_before: Annotated[
        str | None, typer.Option(help="Only with something due before: 30m, 4h, 2d, or an instant.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
) -> None:
    """List cases, the nearest promise first."""
    from activities.case_list import CaseFilter

    wanted = CaseFilter(
        tenant=own_tenant(door, tenant),
        phases=tuple(phase or ()),
        levels=tuple(level or ()),
        region=region,
        offered_to=offered_to,
        tier=tier,
        open_only=open_only,
        breached_only=breached,
        due_before=instant(due_before, datetime.now(UTC)) if due_before else None,
        limit=limit,
    )
    await _show(door, wanted)


async def _show(door: Door, wanted: "CaseFilter") -> None:
    from starter.board import cases_table

    rows: tuple[CaseRow, ...] = await stored(door, lambda store: store.cases(wanted))
    # A level that a case was opened under may be gone from its policy by now: what is found is shown.
    if not rows and (strange := unknown_level(wanted.levels)):
        raise strange
    if not door.output.is_text:
        door.output.records(rows)
        return
    if rows:
        door.output.show(cases_table(rows, datetime.now(UTC), door.output.result.width))
    more = ", more with --limit" if len(rows) == wanted.limit else ""
    door.output.say(f"{counted(len(rows), 'case')}{more}, from the case store")


def own_tenant(door: Door, tenant: str | None) -> str | None:
    """This will keep a requester's list to his own tenant, whatever he asked for. Raises: Fault (usage)."""
    actor = door.actor
    if not actor.is_requester:
        return tenant
    if tenant not in (None, actor.tenant):
        raise usage("this door belongs to another tenant", "leave --tenant out")
    return actor.tenant


def instant(text: str, now: datetime) -> datetime:
    """This will read `30m`, `4h` or `2d` from now, or an instant with its offset. Raises: Fault (usage)."""
    if match := _AHEAD.fullmatch(text):
        return now + timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise usage("--due-before: neither 30m, 4h, 2d nor an instant such as 2026-11-22T09:00Z", "mend it")
    return at
