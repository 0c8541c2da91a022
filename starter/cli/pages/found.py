"""The table of what was found, with why."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from starter.cli.pages.board import CELLS, table_that_fits
from starter.cli.pages.parts import plain
from starter.door.plain import words

if TYPE_CHECKING:
    from rich.table import Table

    from activities.store.case_search import FoundCase
    from starter.cli.pages.board import Cell

_COLUMNS = ("number", "level", "phase", "owner", "next", "due", "tenant")


def found_table(found: "Sequence[FoundCase]", now: datetime, width: int) -> "Table":
    """List what was found, the title and by what; columns go as they go from lists."""
    why = {one.row.case_id: why_found(one) for one in found}
    cells: dict[str, Cell] = {name: CELLS[name] for name in _COLUMNS}
    cells |= {"title": CELLS["title"], "found by": lambda row, _: plain(why[row.case_id])}
    return table_that_fits([one.row for one in found], cells, now, width)


def why_found(one: "FoundCase") -> str:
    """Say by what a case was found, what says most first: `telephone +61 2 9374 4000`."""
    told = dict.fromkeys(
        words(mark.by) if mark.by == "title" else f"{words(mark.by)} {mark.text}" for mark in one.marks
    )
    return "; ".join(list(told)[:2])
