"""`sunrelay watch`: one case or all open ones, live.

Part of the doors. In a terminal it redraws; into a pipe it prints a line for each change. Ctrl-C ends it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.centres import known_region, staff_only
from starter.door import Door, register
from starter.finding import Source, Tenant, find
from starter.listing import own_tenant
from starter.output import moment, printable
from starter.queue_command import age
from starter.reading import PANEL
from starter.seeing import STORE, see, see_as_customer
from starter.store import stored

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import RenderableType

    from domain.record import CaseRow

_SHOWN = 40  # cases on a board: more than a terminal has lines


def add_to(app: typer.Typer) -> None:
    """This will add the command."""
    register(app, "watch", rich_help_panel=PANEL)(watch)


async def watch(
    door: Door,
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="One case; without it, all open ones.")
    ] = None,
    tenant: Tenant = None,
    source: Source = "desk",
    region: Annotated[
        str | None, typer.Option(help="The board of this centre: its open cases, and those offered to it.")
    ] = None,
    every: Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks.")] = 1.0,
) -> None:
    """Watch a case, or the board of open cases, until Ctrl-C."""
    if case is None:
        await follow(door, boards(door, tenant, every, _queue_of(door, region)))
    else:
        case_id = await find(door, case, tenant, source)
        await follow(door, _views(door, case_id, every))


class Look:
    """One look: what to draw, and the records to print where nobody draws."""

    def __init__(
        self, draw: "Callable[[], RenderableType]", records: "dict[str, tuple[str, BaseModel]]"
    ) -> None:
        self.draw = draw
        self.records = records


async def _views(door: Door, case_id: str, every: float) -> AsyncIterator[Look]:
    """This will look at one case again and again, until it is archived."""
    from starter import case_page

    while True:
        seen = await see(door, case_id)
        if door.actor.is_requester:
            view: Any = await see_as_customer(door, seen)
            yield Look(
                partial(case_page.customer, view, seen.source),
                _one(view, seen.view.version),
            )
        else:
            yield Look(partial(case_page.staff, seen.view, seen.source), _one(seen.view, seen.view.version))
        if seen.source == STORE:
            return
        await asyncio.sleep(every)


def _one(view: Any, version: int) -> "dict[str, tuple[str, BaseModel]]":
    line = f"{view.number}  {view.level}  {view.phase}"
    return {f"{view.number}@{version}": (_stamped(line, view.title), view)}


def _queue_of(door: Door, region: str | None) -> str | None:
    if region is None:
        return None
    staff_only(door, "the queue of a centre")
    return known_region(region)


async def boards(
    door: Door, tenant: str | None, every: float, queue: str | None = None
) -> AsyncIterator[Look]:
    """This will look at all open cases again and again, or at those of one centre's queue."""
    from activities.case_list import CaseFilter

    whose = own_tenant(door, tenant)
    wanted = CaseFilter(tenant=whose, queue=queue, open_only=queue is None, limit=_SHOWN)
    while True:
        rows: tuple[CaseRow, ...] = await stored(door, lambda store: store.cases(wanted))
        known = {f"{row.case_id}@{row.version}": (_line(row), row) for row in rows}
        written_at = await stored(door, lambda store: store.newest_row_at()) if queue else None
        yield Look(partial(_board, rows, door.output.result.width, written_at), dict(known))
        await asyncio.sleep(every)


def _board(rows: "tuple[CaseRow, ...]", width: int, written_at: datetime | None) -> "RenderableType":
    from rich.console import Group

    from starter.board import cases_table

    board = cases_table(rows, datetime.now(UTC), width)
    return board if written_at is None else Group(board, age(written_at))


def _line(row: "CaseRow") -> str:
    offer = f"  to {row.offered_to}" if row.offered_to else ""
    due = f"  next {row.next_clock} {moment(row.next_due_at)}" if row.next_clock else ""
    return _stamped(
        f"{row.number}  {row.level}  {row.phase}  {row.assignee or row.region}{offer}{due}", row.title
    )


def _stamped(line: str, title: str) -> str:
    return printable(f"{datetime.now(UTC):%H:%M:%SZ}  {line}  {title}")


async def follow(door: Door, looks: AsyncIterator[Look]) -> None:
    """This will show one look after the other: drawn in a terminal, else a line for each change."""
    try:
        if door.output.is_text and door.output.result.is_terminal:
            await _draw(door, looks)
        else:
            await _print_changes(door, looks)
    except asyncio.CancelledError:
        return  # Ctrl-C is how one stops watching


async def _draw(door: Door, looks: AsyncIterator[Look]) -> None:
    from rich.live import Live

    with Live(console=door.output.result, auto_refresh=False) as live:
        async for look in looks:
            live.update(look.draw(), refresh=True)


async def _print_changes(door: Door, looks: AsyncIterator[Look]) -> None:
    told: set[str] = set()
    async for look in looks:
        for key, (line, record) in look.records.items():
            if key in told:
                continue
            if door.output.is_text:
                door.output.show(line)
            else:
                door.output.record(record)
        told = set(look.records)
