"""The small parts of which every picture of the doors is made.

Drawing: texts from outside become plain `Text`, never markup.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from domain.said import in_lines
from starter.door.plain import moment, printable, span

if TYPE_CHECKING:
    from domain.files import GivenFile
    from domain.said import Said

_RANKS = ("bold red", "yellow", "cyan", "green")


def plain(text: str | None, style: str = "") -> Text:
    """Return a text from outside, shown as it is."""
    return Text(printable(text or "-"), style=style)


def of_rank(level: str, rank: int) -> Text:
    """Colour a level by its rank."""
    return Text(level, style=_RANKS[min(rank, len(_RANKS) - 1)])


def due_in(due_at: datetime | None, now: datetime, near: timedelta | None = None) -> Text:
    """Say how far a due instant is: red once it has passed, yellow when it is near."""
    if due_at is None:
        return Text("-", style="dim")
    if due_at < now:
        return Text(f"{span(now - due_at)} late", style="bold red")
    style = "yellow" if near is not None and due_at - now <= near else ""
    return Text(f"in {span(due_at - now)}", style=style)


def nothing() -> Text:
    """Stand where a list is empty."""
    return Text("  none", style="dim")


def heading(text: str) -> Text:
    """Head a part."""
    return Text(f"\n{text}", style="bold")


def facts(rows: list[tuple[str, Text]]) -> Table:
    """List labels and what stands behind them."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in rows:
        grid.add_row(f"  {label}", text)
    return grid


def said(said: "Said", files: "Iterable[GivenFile]", elsewhere: frozenset[str] = frozenset()) -> Table:
    """List what was said in a request, but for the fields that stand `elsewhere` on the page."""
    shown = {path: value for path, value in said.items() if path not in elsewhere}
    rows = in_lines(shown, files, moment)
    return facts([(label, plain("\n".join(lines))) for label, lines in rows])


def table(*columns: str) -> Table:
    """Begin a table; instants and numbers stay on one line."""
    found = Table(box=None, pad_edge=True, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        found.add_column(column, overflow="fold", no_wrap=column in ("#", "at", "due", "begun", ""))
    return found
