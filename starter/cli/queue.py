"""`sunrelay queue` and `sunrelay handoffs`: what a centre has and is offered, and how a case came to it.

For our own people alone. Both are read from the case store, and say how old it is.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from domain.actor import Tier
from starter.cli import core
from starter.cli.case_argument import Case, Source, Tenant
from starter.cli.command import Door, register
from starter.cli.completion import levels, regions
from starter.cli.instants import AsOf
from starter.cli.output import Format
from starter.cli.panels import READ
from starter.cli.past import show_past
from starter.door.plain import counted, span

if TYPE_CHECKING:
    from domain.record import CaseRow


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    register(app, "queue", rich_help_panel=READ)(queue)
    register(app, "handoffs", rich_help_panel=READ)(handoffs)


async def queue(
    door: Door,
    region: Annotated[
        str, typer.Argument(metavar="REGION", help="The centre, such as sydney.", autocompletion=regions)
    ],
    level: Annotated[
        list[str] | None, typer.Option(help="Only of this level; repeat it.", autocompletion=levels)
    ] = None,
    tier: Annotated[Tier | None, typer.Option(help="Only of this tier.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")] = 50,
    as_of: AsOf = None,
) -> None:
    """List the open cases of a centre and those offered to it, the nearest promise first."""
    if as_of is not None:
        at = core.read_instant(as_of)
        past = await door.backend.cases.queue_as_of(region, at, level or (), tier, limit)
        show_past(door, past, _counts(past.rows, region.strip(), limit))
        return
    known, rows, written_at = await door.backend.cases.queue(region, level or (), tier, limit)
    if door.output.format is Format.JSONL:
        door.output.records(rows)
    elif door.output.format is Format.JSON:
        cases = [row.model_dump(mode="json") for row in rows]
        written = written_at.isoformat() if written_at else None
        door.output.record({"region": known, "written_at": written, "cases": cases})
    else:
        _show(door, rows)
        door.output.say(f"{_counts(rows, known, limit)}, {age(written_at)}")


def _show(door: Door, rows: "tuple[CaseRow, ...]") -> None:

    if rows:
        door.output.show(core.cases_table(rows, datetime.now(UTC), door.output.result.width))


def _counts(rows: "tuple[CaseRow, ...]", region: str, limit: int) -> str:
    offered = sum(row.offered_to == region for row in rows)
    accepted = sum(row.offered_to == region and row.accepted_by is not None for row in rows)
    of_these = f" ({accepted} accepted)" if accepted else ""
    more = ", more with --limit" if len(rows) == limit else ""
    return f"{counted(len(rows), 'case')}, {offered} of them offered to {region}{of_these}{more}"


def age(written_at: datetime | None) -> str:
    """Say how old a list is: when the case store was last told of any case."""
    if written_at is None:
        return "from the case store, where no case was written yet"
    return f"from the case store, last written {span(datetime.now(UTC) - written_at)} ago"


async def handoffs(door: Door, case: Case, tenant: Tenant = None, source: Source = "desk") -> None:
    """Show how a case went from centre to centre: offered, accepted, declined, skipped, held, handed over."""
    core.staff_only(door.actor, "the path of a case through our centres")
    cases = door.backend.cases
    path = await cases.handoffs(await cases.find(case, tenant, source))
    if door.output.format is Format.JSONL:
        door.output.records(path.steps)
    elif door.output.format is Format.JSON:
        now_at = path._asdict()
        steps = [entry.model_dump(mode="json") for entry in now_at.pop("steps")]
        door.output.record({**now_at, "handoffs": steps})
    else:
        door.output.show(core.chain_table(path.steps))
        steps_told = counted(len(path.steps), "step")
        door.output.say(f"{path.number}: {steps_told}, now with {path.region}, from the case store")
