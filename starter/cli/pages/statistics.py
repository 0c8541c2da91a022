"""What statistics and repeats look like."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter.cli.pages.parts import facts, heading, nothing, plain, table
from starter.door.plain import moment, words

if TYPE_CHECKING:
    from activities.store.attainment import Target
    from activities.store.statistics import Repeat, Satisfaction, Statistics

_BAR = 20  # characters of the longest bar


def page(found: "Statistics") -> RenderableType:
    """Show the statistics of a span of time."""
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
    """Show what people kept first; what the system sent by itself is no news to anybody (GAP-07)."""
    found = table("clock", "kept by staff", "share", "missed", "with the system's", "share")
    for row in rows:
        total = row.met + row.missed
        by_staff, with_system = _share(row.by_staff, total), _share(row.met, total)
        found.add_row(
            words(row.clock), str(row.by_staff), by_staff, str(row.missed), str(row.met), with_system
        )
    return found


def _share(part: int, total: int) -> str:
    return f"{100 * part / total:.1f} %" if total else "-"


def _counts(counts: Mapping[str, int]) -> RenderableType:
    rows = [(words(name), Text(str(count))) for name, count in counts.items()]
    return facts(rows) if rows else nothing()


def repeats_table(rows: "tuple[Repeat, ...]") -> RenderableType:
    """List what came again and again, the most frequent first."""
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
