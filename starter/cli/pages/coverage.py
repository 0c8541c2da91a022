"""What coverage looks like in a terminal.

Drawing; all times are UTC.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.centres.coverage import ClockChange, Recurrence, Week
from starter.cli.pages.parts import heading, nothing, plain, table
from starter.door.plain import moment, span

if TYPE_CHECKING:
    from starter.door.policy_coverage import Coverage


def coverage_page(found: "Coverage") -> RenderableType:
    """Show gaps, overlaps and weeks; what is the same day after day stands once."""
    return Group(
        heading("Gaps: no centre is open"),
        _recurrences(found.gaps),
        heading("Overlaps: more than one is open"),
        _recurrences(found.overlaps),
        heading("Weeks, from Monday"),
        _weeks(found.weeks),
    )


def _recurrences(found: Sequence[Recurrence]) -> RenderableType:
    if not found:
        return nothing()
    rows = table("from", "to", "days", "at", "until", "length", "open")
    for one in found:
        first = one.first
        rows.add_row(
            f"{first.since:%Y-%m-%d}",
            f"{one.last_since:%Y-%m-%d}",
            str(one.days),
            f"{first.since:%H:%MZ}",
            f"{first.until:%H:%MZ}",
            span(first.length),
            plain(", ".join(first.open)),
        )
    return rows


def _weeks(found: Sequence[Week]) -> Table:
    rows = table("week", "fewest open", "gaps", "overlaps", "clocks")
    for week in found:
        rows.add_row(
            f"{week.monday:%Y-%m-%d}",
            Text(str(week.fewest_open), style="" if week.fewest_open else "red"),
            _or_dash(week.gaps),
            _or_dash(week.overlaps),
            plain("; ".join(map(_change, week.clock_changes)), "yellow" if week.clock_changes else ""),
        )
    return rows


def _or_dash(length: timedelta) -> str:
    return span(length) if length else "-"


def _change(change: ClockChange) -> str:
    way = "on" if change.seconds > 0 else "back"
    return f"{change.zone} {way} by {span(timedelta(seconds=change.seconds))} at {moment(change.at)}"
