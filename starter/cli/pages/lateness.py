"""How late clocks fired, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import RenderableType

from starter.cli.pages.parts import plain, table
from starter.door.plain import words

if TYPE_CHECKING:
    from activities.store.lateness import LatenessFigures


def lateness_table(found: "LatenessFigures") -> RenderableType:
    """List each clock of each centre, and all of them last."""
    drawn = table("clock", "centre", "fired", "p50 ms", "p99 ms", "max ms")
    for column in drawn.columns[2:]:
        column.justify = "right"
    for one in (*found.rows, *((found.all,) if found.all else ())):
        figures = (one.count, one.p50_ms, one.p99_ms, one.max_ms)
        name = words(one.clock) if one.clock else "all clocks"
        drawn.add_row(name, plain(one.centre or "all"), *map(str, figures))
    return drawn
