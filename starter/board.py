"""Tables of many cases, for lists, the live board and the desk.

Part of the doors. Pure drawing.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from starter.showing import due_in, of_rank, plain, words

if TYPE_CHECKING:
    from domain.record import CaseRow

_ROOM_FOR = {
    "owner": 100,
    "breaches": 100,
    "title": 110,
    "offer": 120,
    "staff/sys/missed": 150,
    "tenant": 150,
}
"""Columns of a terminal from which a column of the table is shown; the others always are."""


def cases_table(rows: "Collection[CaseRow]", now: datetime, width: int) -> Table:
    """This will list cases with level, phase, owner, next clock, due in, and how updates were kept.

    To which centre a case is offered is shown where there is one that is.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=True, header_style="dim", expand=True)
    has_offers = any(row.offered_to for row in rows)
    columns = [name for name in _CELLS if width >= _ROOM_FOR.get(name, 0) and (has_offers or name != "offer")]
    for name in columns:
        table.add_column(
            name,
            no_wrap=True,
            overflow="ellipsis",
            ratio=1 if name == columns[-1] else None,
            max_width=None if name == columns[-1] else 24,
        )
    for row in rows:
        table.add_row(*(_CELLS[name](row, now) for name in columns))
    return table


_CELLS: "dict[str, Callable[[CaseRow, datetime], Text]]" = {
    "number": lambda row, _: Text(row.number, style="bold"),
    "level": lambda row, _: of_rank(row.level, row.rank),
    "phase": lambda row, _: Text(words(row.phase)),
    "owner": lambda row, _: plain(row.assignee or row.region),
    "offer": lambda row, _: plain(f"to {row.offered_to}" if row.offered_to else None),
    "next": lambda row, _: Text(words(row.next_clock)),
    "due": lambda row, now: due_in(row.next_due_at, now),
    "staff/sys/missed": lambda row, _: Text(
        f"{row.updates_by_staff}/{row.updates_by_system}/{row.updates_missed}"
    ),
    "breaches": lambda row, _: Text(str(row.breaches), style="bold red" if row.breaches else "dim"),
    "tenant": lambda row, _: plain(row.tenant),
    "title": lambda row, _: plain(row.title),
}
