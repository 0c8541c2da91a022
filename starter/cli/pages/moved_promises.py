"""What a change of policy moves, in a terminal: case by case, promise by promise, and what stays.

Drawing: texts from outside become plain `Text`, never markup.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter.cli.pages.parts import heading, plain, table
from starter.door.plain import moment, span, words

if TYPE_CHECKING:
    from starter.door.moved_promises import MovedCase, MovedPromise, PromiseTotal
    from starter.door.policy_preview import NotCounted


def moved_table(cases: "Sequence[MovedCase]") -> RenderableType:
    """List each promise that moves: by which instants, by how much, and what the centre's clock says."""
    found = table("case", "level", "centre", "promise", "due", "new due", "moves by", "there")
    for column in found.columns:
        column.no_wrap = True
    for case in cases:
        for one in case.moved:
            found.add_row(
                case.number,
                plain(case.level),
                plain(case.region),
                words(one.clock),
                moment(one.old_due_at),
                moment(one.due_at),
                _by(one),
                f"{_there(one.old_due_local)} -> {_there(one.due_local)}",
            )
    return Group(heading("Promises that move"), found)


def totals_table(totals: "Sequence[PromiseTotal]") -> RenderableType:
    """Add up each promise."""
    found = table("promise", "cases", "earlier", "later", "due at once", "all together")
    for one in totals:
        counts = (one.cases, one.earlier, one.later, one.at_once)
        found.add_row(words(one.clock), *map(str, counts), _signed(one.by_seconds))
    return Group(heading("Promise by promise"), found)


def not_counted_table(cases: "Sequence[NotCounted]") -> RenderableType:
    """Name each case that could not be computed, and why."""
    found = table("case", "code", "why", "what to do")
    for one in cases:
        found.add_row(one.number, one.code, plain(one.reason), plain(one.remedy))
    return Group(heading("Could not be computed: these stay as they are"), found)


def _by(one: "MovedPromise") -> Text:
    if one.at_once:
        return Text("due at once", style="bold red")
    return Text(_signed(one.by_seconds), style="yellow" if one.by_seconds < 0 else "")


def _signed(seconds: int) -> str:
    return f"{'-' if seconds < 0 else '+'}{span(timedelta(seconds=seconds))}"


def _there(at: datetime) -> str:
    return f"{at:%a %d %H:%M}"
