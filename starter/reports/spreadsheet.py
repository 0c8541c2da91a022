"""Figures for a spreadsheet: a table as CSV in which no cell is taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | float
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UTF_8 = "\N{ZERO WIDTH NO-BREAK SPACE}"  # at the beginning it tells a spreadsheet how the file is written


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table, its head first."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return _UTF_8 + written.getvalue()


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    is_formula = isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(_FORMULAS)
    return f"'{cell}" if is_formula else cell
