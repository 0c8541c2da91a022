"""`sunrelay queue` and `sunrelay handoffs`: what a centre has and is offered, and how a case came to it.

Part of the doors, for our own people alone. Both are read from the case store, and say how old it is.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from domain.actor import Tier
from starter.centres import known_region, staff_only
from starter.door import Door, register
from starter.faults import not_found
from starter.finding import Case, Source, Tenant, find
from starter.output import Format, counted, span
from starter.reading import PANEL
from starter.store import stored

if TYPE_CHECKING:
    from activities.case_store import CaseStore
    from domain.record import CaseRow
    from domain.timeline import TimelineEntry


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    register(app, "queue", rich_help_panel=PANEL)(queue)
    register(app, "handoffs", rich_help_panel=PANEL)(handoffs)


async def queue(
    door: Door,
    region: Annotated[str, typer.Argument(metavar="REGION", help="The centre, such as sydney.")],
    level: Annotated[list[str] | None, typer.Option(help="Only of this level; repeat it.")] = None,
    tier: Annotated[Tier | None, typer.Option(help="Only of this tier.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
) -> None:
    """List the open cases of a centre and those offered to it, the nearest promise first."""
    staff_only(door, "the queue of a centre")
    known = known_region(region)
    from activities.case_list import CaseFilter

    wanted = CaseFilter(queue=known, levels=tuple(level or ()), tier=tier, limit=limit)
    rows = await stored(door, lambda store: store.cases(wanted))
    written_at = await stored(door, lambda store: store.newest_row_at())
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
    from starter.board import cases_table

    if rows:
        door.output.show(cases_table(rows, datetime.now(UTC), door.output.result.width))


def _counts(rows: "tuple[CaseRow, ...]", region: str, limit: int) -> str:
    offered = sum(row.offered_to == region for row in rows)
    more = ", more with --limit" if len(rows) == limit else ""
    return f"{counted(len(rows), 'case')}, {offered} of them offered to {region}{more}"


def age(written_at: datetime | None) -> str:
    """This will say how old a list is: when the case store was last told of any case."""
    if written_at is None:
        return "from the case store, where no case was written yet"
    return f"from the case store, last written {span(datetime.now(UTC) - written_at)} ago"


async def handoffs(door: Door, case: Case, tenant: Tenant = None, source: Source = "desk") -> None:
    """Show how a case went from centre to centre: offered, accepted, declined, skipped, held, handed over."""
    staff_only(door, "the way of a case through our centres")
    case_id = await find(door, case, tenant, source)

    async def read(store: "CaseStore") -> "tuple[CaseRow | None, tuple[TimelineEntry, ...]]":
        return await store.case_row(case_id), await store.timeline(case_id)

    row, entries = await stored(door, read)
    if row is None:
        raise not_found(case_id, "check the case number; a case just opened is there in a moment")
    chain = chain_of(entries)
    if door.output.format is Format.JSONL:
        door.output.records(chain)
    elif door.output.format is Format.JSON:
        steps = [entry.model_dump(mode="json") for entry in chain]
        now_at = {"number": row.number, "region": row.region, "offered_to": row.offered_to}
        door.output.record({**now_at, "assignee": row.assignee, "handoffs": steps})
    else:
        from starter.handoff_page import chain_table

        door.output.show(chain_table(chain))
        door.output.say(
            f"{row.number}: {counted(len(chain), 'step')}, now with {row.region}, from the case store"
        )


def chain_of(entries: "Iterable[TimelineEntry]") -> "tuple[TimelineEntry, ...]":
    """This will pick the entries that tell how a case went from centre to centre, and to whom by hand."""
    from domain.timeline import EntryKind

    kinds = {
        EntryKind.HANDOFF_OFFERED,
        EntryKind.HANDOFF_ACCEPTED,
        EntryKind.HANDOFF_DECLINED,
        EntryKind.HANDOFF_SKIPPED,
        EntryKind.HELD,
        EntryKind.HANDED_OVER,
    }
    return tuple(entry for entry in entries if entry.kind in kinds or _is_given(entry))


def _is_given(entry: "TimelineEntry") -> bool:
    """This will tell whether a case went from one to another; a new contact of a centre is no step."""
    from domain.timeline import EntryKind

    return entry.kind is EntryKind.REASSIGNED and " -> " in (entry.about or "")
