"""The small parts of which every picture of the doors is made.

Part of the doors. Pure drawing: texts from outside become plain `Text`, never markup.
"""

from datetime import datetime, timedelta

from rich.table import Table
from rich.text import Text

from starter.output import printable, span

_RANKS = ("bold red", "yellow", "cyan", "green")


def words(name: str | None) -> str:
    """This will write a name of ours as people read it."""
    return (name or "-").replace("_", " ")


def plain(text: str | None, style: str = "") -> Text:
    """This will be a text from outside, shown as it is."""
    return Text(printable(text or "-"), style=style)


def of_rank(level: str, rank: int) -> Text:
    """This will colour a level by its rank."""
    return Text(level, style=_RANKS[min(rank, len(_RANKS) - 1)])


def due_in(due_at: datetime | None, now: datetime, near: timedelta | None = None) -> Text:
    """This will say how far a due instant is: red once it has passed, yellow when it is near."""
    if due_at is None:
        return Text("-", style="dim")
    if due_at < now:
        return Text(f"{span(now - due_at)} late", style="bold red")
    style = "yellow" if near is not None and due_at - now <= near else ""
    return Text(f"in {span(due_at - now)}", style=style)


def late_by(seconds: int) -> str:
    """This will say how late something was."""
    return span(timedelta(seconds=seconds))


def nothing() -> Text:
    """This will stand where a list is empty."""
    return Text("  none", style="dim")


def heading(text: str) -> Text:
    """This will head a part."""
    return Text(f"\n{text}", style="bold")


def facts(rows: list[tuple[str, Text]]) -> Table:
    """This will list labels and what stands behind them."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    for label, text in rows:
        grid.add_row(f"  {label}", text)
    return grid


def table(*columns: str) -> Table:
    """This will begin a table; instants and numbers stay on one line."""
    found = Table(box=None, pad_edge=True, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        found.add_column(column, overflow="fold", no_wrap=column in ("#", "at", "due", "begun", ""))
    return found
