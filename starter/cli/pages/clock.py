"""What the clocks of a case look like: promises, what is due, what was missed, and why."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter.cli.pages.parts import due_in, nothing, table
from starter.door.plain import late_by, moment, until, words

if TYPE_CHECKING:
    from domain.case import Breach
    from domain.views.staff import DeadlineView
    from starter.cli.backend.protocol import Why

_SOON = 0.75  # share of a span after which a due time is shown as near; the same share at which we warn


def deadlines(rows: "Sequence[DeadlineView]", now: datetime) -> RenderableType:
    """List running clocks, the nearest first; a window of no length (no reopening) is none."""
    rows = [row for row in rows if row.due_at != row.started_at]
    warned = any(row.warn_at for row in rows)
    found = table("clock", "promise", "due", "", *(["warning"] if warned else []))
    for row in rows:
        near = None if row.due_at is None else (row.due_at - row.started_at) * (1 - _SOON)
        missed = row.missed_at is not None and row.due_at is None
        left = (
            Text(f"missed {moment(row.missed_at)}", style="bold red")
            if missed
            else due_in(row.due_at, now, near)
        )
        warning = [moment(row.warn_at)] if warned else []
        rule = f"{row.rule or '-'} (with vendor)" if row.with_vendor else row.rule or "-"
        found.add_row(words(row.clock), rule, moment(row.due_at), left, *warning)
    return found if found.row_count else nothing()


def breaches(rows: "Iterable[Breach]") -> RenderableType:
    """List targets missed."""
    found = table("clock", "due", "times", "late")
    for row in rows:
        late = "not kept yet" if row.late_seconds is None else late_by(row.late_seconds)
        found.add_row(words(row.clock), moment(row.due_at), str(row.count), Text(late, style="red"))
    return found if found.row_count else nothing()


def explanation(read: "Why") -> RenderableType:
    """Tell in sentences why a clock is due when it is."""
    why = read.explanation
    head = Text.assemble((read.number, "bold"), f"  {words(why.clock)}: ", (why.rule, "bold"))
    due = f", due {moment(why.due_at)} ({until(why.due_at, datetime.now(UTC))})" if why.due_at else ""
    head.append(due)
    lines = [Text(f"  {step}") for step in why.steps]
    closed = table("closed from", "to", "reason")
    for gap in why.closed:
        closed.add_row(moment(gap.start), moment(gap.end), words(gap.reason))
    tail = Text(f"  sources {', '.join(why.sources)}; read from the {read.source}", style="dim")
    return Group(head, *lines, *([closed] if closed.row_count else []), tail)
