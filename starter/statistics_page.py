"""What statistics and repeats look like.

Part of the doors. Pure drawing.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter.output import moment
from starter.showing import facts, heading, nothing, plain, table, words

if TYPE_CHECKING:
    from activities.statistics import Repeat, Satisfaction, Statistics, Target

_BAR = 20  # characters of the longest bar


def page(found: "Statistics") -> RenderableType:
    """This will show the statistics of a span of time."""
    rows = [
        ("received", Text(str(found.cases))),
        ("still open", Text(str(found.still_open))),
        ("resolved, not closed yet", Text(str(found.cases - found.still_open - found.closed))),
        ("closed", Text(str(found.closed))),
        ("reopened", Text(f"{found.reopened} cases, {found.reopenings} times")),
    ]
    return Group(
        Text("STATISTICS" + (f"  {found.tenant}" if found.tenant else ""), style="bold"),
        facts(rows),
        heading(_satisfaction(found.satisfaction)),
        _scores(found.satisfaction),
        heading("Targets"),
        _targets(found.targets),
        heading("Due updates, by whom"),
        _counts(found.updates),
        heading("Targets missed, by clock"),
        _counts(found.breaches),
        heading("Escalations"),
        _counts(found.escalations),
    )


def _satisfaction(found: "Satisfaction") -> str:
    mean = f", {found.mean:.2f} of 5" if found.mean is not None else ""
    return f"Satisfaction, {found.answers} answers{mean}"


def _scores(found: "Satisfaction") -> RenderableType:
    if not found.answers:
        return nothing()
    most = max(found.scores.values())
    rows = [
        (str(score), Text(f"{'█' * round(_BAR * count / most)} {count}".strip()))
        for score, count in sorted(found.scores.items(), reverse=True)
    ]
    return facts(rows)


def _targets(rows: "tuple[Target, ...]") -> RenderableType:
    found = table("clock", "met", "missed", "share met")
    for row in rows:
        total = row.met + row.missed
        share = f"{100 * row.met / total:.1f} %" if total else "-"
        found.add_row(words(row.clock), str(row.met), str(row.missed), share)
    return found


def _counts(counts: Mapping[str, int]) -> RenderableType:
    rows = [(words(name), Text(str(count))) for name, count in counts.items()]
    return facts(rows) if rows else nothing()


def repeats_table(rows: "tuple[Repeat, ...]") -> RenderableType:
    """This will list what came again and again, the most frequent first."""
    found = table("tenant", "category", "cases", "open", "first", "last", "latest")
    for row in rows:
        about = words(row.category) if row.category else "(none given)"
        numbers = ", ".join(row.numbers[:3])
        found.add_row(
            plain(row.tenant),
            plain(about),
            str(row.count),
            str(row.still_open),
            moment(row.first_at),
            moment(row.last_at),
            numbers,
        )
    return found
