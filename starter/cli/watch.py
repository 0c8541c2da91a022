"""`sunrelay watch`: one case or all open ones, live.

In a terminal it redraws; into a pipe it prints a line for each change. Ctrl-C ends it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group
from rich.live import Live

from domain.phase import Phase
from starter.cli import core
from starter.cli.case_argument import Source, Tenant
from starter.cli.command import Door, register
from starter.cli.completion import regions
from starter.cli.panels import READ
from starter.cli.queue import age
from starter.door.plain import moment, printable, time_of_day

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import RenderableType

    from domain.record import CaseRow

_SHOWN = 40  # cases on a board: more than a terminal has lines


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "watch", rich_help_panel=READ)(watch)


async def watch(
    door: Door,
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="One case; without it, all open ones.")
    ] = None,
    tenant: Tenant = None,
    source: Source = "desk",
    region: Annotated[
        str | None,
        typer.Option(
            help="The board of this centre: its open cases, and those offered to it.", autocompletion=regions
        ),
    ] = None,
    every: Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks.")] = 1.0,
) -> None:
    """Watch a case, or the board of open cases, until Ctrl-C."""
    if case is None:
        await follow(door, boards(door, tenant, every, region))
    else:
        await follow(door, _views(door, await door.backend.cases.find(case, tenant, source), every))


class Look:
    """One look: what to draw, and the records to print where nobody draws."""

    def __init__(
        self, draw: "Callable[[], RenderableType]", records: "dict[str, tuple[str, BaseModel]]"
    ) -> None:
        self.draw = draw
        self.records = records


async def _views(door: Door, case_id: str, every: float) -> AsyncIterator[Look]:
    """Look at one case again and again, until it is archived."""
    while True:
        shown = await door.backend.cases.show(case_id)
        yield Look(partial(core.case.page, shown.view, shown.source), _one(shown.view, shown.version))
        if shown.view.phase is Phase.ARCHIVED:
            return
        await asyncio.sleep(every)


def _one(view: Any, version: int) -> "dict[str, tuple[str, BaseModel]]":
    line = f"{view.number}  {view.level}  {view.phase}"
    return {f"{view.number}@{version}": (_stamped(line, view.title), view)}


async def boards(
    door: Door, tenant: str | None, every: float, queue: str | None = None
) -> AsyncIterator[Look]:
    """Look at all open cases again and again, or at those of one centre's queue."""
    cases, wanted = door.backend.cases, core.CaseFilter(tenant=tenant, open_only=True, limit=_SHOWN)
    while True:
        if queue is None:
            rows, written_at = await cases.listed(wanted), None
        else:
            _, rows, written_at = await cases.queue(queue, (), None, _SHOWN)
        known = {f"{row.case_id}@{row.version}": (_line(row), row) for row in rows}
        yield Look(partial(_board, rows, door.output.result.width, written_at), dict(known))
        await asyncio.sleep(every)


def _board(rows: "tuple[CaseRow, ...]", width: int, written_at: datetime | None) -> "RenderableType":

    board = core.cases_table(rows, datetime.now(UTC), width)
    return board if written_at is None else Group(board, age(written_at))


def _line(row: "CaseRow") -> str:
    offer = f"  {offered}" if (offered := core.offer_of(row)) else ""
    due = f"  next {row.next_clock} {moment(row.next_due_at)}" if row.next_clock else ""
    return _stamped(
        f"{row.number}  {row.level}  {row.phase}  {row.assignee or row.region}{offer}{due}", row.title
    )


def _stamped(line: str, title: str) -> str:
    return printable(f"{time_of_day(datetime.now(UTC))}  {line}  {title}")


async def follow(door: Door, looks: AsyncIterator[Look]) -> None:
    """Show one look after the other: drawn in a terminal, else a line for each change."""
    try:
        if door.output.is_text and door.output.result.is_terminal:
            await _draw(door, looks)
        else:
            await _print_changes(door, looks)
    except asyncio.CancelledError:
        return  # Ctrl-C is how one stops watching


async def _draw(door: Door, looks: AsyncIterator[Look]) -> None:

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
