"""Prints our handoffs beside the log's own, and says what the comparison cannot tell.

Part of the rehearsals; the other tables are in `printing`.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from starter.door.plain import printable
from starter.rehearse.beside import Hands
from starter.rehearse.hand_rows import BOTH, COUNTED, LOG, NOT_KNOWN, OURS, places


def hand_tables(result: Hands) -> Iterator[RenderableType]:
    """Return the comparison by level, then which countries stand for which centre, then the caveats."""
    yield _comparison(result)
    yield _places(result)
    yield Text(" ".join(COUNTED.split()))
    yield Text(" ".join(NOT_KNOWN.split()))


def _comparison(result: Hands) -> Table:
    table = Table(title="handoffs: the log's own, and ours over the same time", title_justify="left")
    table.add_column("")
    figures = [*result.levels.values(), result.total]
    for name in (*result.levels, "total"):
        table.add_column(name, justify="right", no_wrap=True)
    for section in (BOTH, LOG, OURS):
        for label, cell in section:
            table.add_row(label, *(cell(one) for one in figures), end_section=label == section[-1][0])
    return table


def _places(result: Hands) -> Table:
    table = Table(title="where the log's owners sit", title_justify="left")
    table.add_column("centre of ours")
    table.add_column("rows", justify="right")
    table.add_column("countries")
    for centre, rows, countries in places(result):
        table.add_row(centre, rows, printable(countries))
    return table
