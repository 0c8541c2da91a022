"""Tables of many cases, for lists, the live board and the desk.

Number, title and the next promise are always shown. Where a terminal is too narrow for everything, the other
columns go one by one: updates, breaches, tenant, phase, owner, offer, level.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from starter.cli.pages.parts import due_in, of_rank, plain
from starter.door.plain import words

if TYPE_CHECKING:
    from domain.record import CaseRow

    Cell = Callable[[CaseRow, datetime], Text]
    """What stands in a column of the row of a case."""

_GOES_FIRST = ("staff/sys/missed", "breaches", "tenant", "phase", "owner", "offer", "level")
"""The columns that go where there is no room, in this order."""

_LAST = ("title", "found by")
"""The columns that share what room is left; each wants this much of it, and a cell of the others no more."""

_WANTED = 20
_WIDEST = 24
_GAP = 2


def cases_table(rows: "Collection[CaseRow]", now: datetime, width: int) -> Table:
    """List cases with level, phase, owner, next clock, due in, and how updates were kept.

    To which centre a case is offered is shown where there is one that is.
    """
    has_offers = any(row.offered_to for row in rows)
    cells = {name: cell for name, cell in CELLS.items() if has_offers or name != "offer"}
    return table_that_fits(rows, cells, now, width)


def table_that_fits(
    rows: "Collection[CaseRow]",
    cells: "Mapping[str, Cell]",
    now: datetime,
    width: int,
) -> Table:
    """Lay out as many of the columns as there is room for."""
    shown = [{name: cell(row, now) for name, cell in cells.items()} for row in rows]
    wide = {
        name: _WANTED
        if name in _LAST
        else min(max([len(name), *(row[name].cell_len for row in shown)]), _WIDEST)
        for name in cells
    }
    columns = _fitting(wide, width)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=True, header_style="dim", expand=True)
    for name in columns:
        is_last = name in _LAST
        width_of, ratio = (None, 1) if is_last else (wide[name], None)
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width_of, ratio=ratio)
    for row in shown:
        table.add_row(*(row[name] for name in columns))
    return table


def _fitting(wide: Mapping[str, int], width: int) -> list[str]:
    columns = list(wide)
    for name in _GOES_FIRST:
        if sum(wide[column] + _GAP for column in columns) <= width:
            break
        columns = [column for column in columns if column != name]
    return columns


def offer_of(row: "CaseRow") -> str | None:
    """Say to which centre a case is offered, or who of it takes it at the end of the shift."""
    if row.offered_to is None:
        return None
    return f"to {row.offered_to}" if row.accepted_by is None else f"{row.offered_to}: {row.accepted_by}"


CELLS: "dict[str, Cell]" = {
    "number": lambda row, _: Text(row.number, style="bold"),
    "level": lambda row, _: of_rank(row.level, row.rank),
    "phase": lambda row, _: Text(words(row.phase)),
    "owner": lambda row, _: plain(row.assignee or row.region),
    "offer": lambda row, _: plain(offer_of(row)),
    "next": lambda row, _: Text(words(row.next_clock)),
    "due": lambda row, now: due_in(row.next_due_at, now),
    "staff/sys/missed": lambda row, _: Text(
        f"{row.updates_by_staff}/{row.updates_by_system}/{row.updates_missed}"
    ),
    "breaches": lambda row, _: Text(str(row.breaches), style="bold red" if row.breaches else "dim"),
    "tenant": lambda row, _: plain(row.tenant),
    "title": lambda row, _: plain(row.title),
}
