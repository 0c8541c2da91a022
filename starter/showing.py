"""What one case looks like in a terminal.

Part of the doors. Pure drawing: texts from outside become plain `Text`, never markup.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from starter.output import moment, printable, span, until

if TYPE_CHECKING:
    from domain.case import Breach
    from domain.explain import Explanation
    from domain.timeline import TimelineEntry
    from domain.views import CaseView, CustomerView, DeadlineView
    from starter.seeing import Seen

_RANKS = ("bold red", "yellow", "cyan", "green")
_SOON = 0.75  # share of a span after which a due time is shown as near; the same share at which we warn


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


def staff(view: "CaseView", source: str) -> RenderableType:
    """This will show a case to our own people."""
    now = datetime.now(UTC)
    head = Text.assemble((view.number, "bold"), "  ", of_rank(f"{view.level} {view.level_name}", view.rank))
    head.append(f"  {words(view.phase)}  ")
    head.append_text(plain(view.title, "bold"))
    return Group(
        head,
        facts(_staff_rows(view, source)),
        heading("Deadlines"),
        deadlines(view.deadlines, now),
        *_breached(view),
        heading(f"Timeline, last {len(view.timeline)} of {view.entries}"),
        entries(view.timeline),
    )


def _staff_rows(view: "CaseView", source: str) -> list[tuple[str, Text]]:
    score = view.score
    rows = [
        ("case", f"{view.case_id}, reference {view.reference} of {view.tenant}"),
        ("owner", f"{view.assignee or 'nobody yet'}, {view.region}"),
        ("policy", f"{view.policy}, plan {view.plan}, calendar {view.calendar} in {view.zone}"),
        ("received", f"{moment(view.received_at)} by {view.channel}"),
        ("response", moment(view.responded_at)),
        ("updates", f"{score.staff} by staff, {score.system} by the system, {score.missed} missed"),
        (
            "waits for",
            f"{view.waiting_for} since {moment(view.waiting_since)}" if view.waiting_since else None,
        ),
        ("missing", ", ".join(view.missing) or None),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
        ("closed", f"{moment(view.closed_at)}, {words(view.close_reason)}" if view.closed_at else None),
        ("reopened", f"{view.reopens} times" if view.reopens else None),
        ("earlier", view.parent),
        ("linked", ", ".join(view.linked_cases) or None),
        ("untold", f"{view.undelivered} notices on their way" if view.undelivered else None),
        ("read from", source),
    ]
    return [(label, plain(text)) for label, text in rows if text is not None]


def _breached(view: "CaseView") -> list[RenderableType]:
    if not view.breach_count:
        return []
    return [heading(f"Breaches, {view.breach_count}"), breaches(view.breaches)]


def breaches(rows: "Iterable[Breach]") -> RenderableType:
    """This will list targets missed."""
    found = table("clock", "due", "times", "late")
    for row in rows:
        late = "not kept yet" if row.late_seconds is None else _seconds(row.late_seconds)
        found.add_row(words(row.clock), moment(row.due_at), str(row.count), Text(late, style="red"))
    return found if found.row_count else nothing()


def customer(view: "CustomerView", source: str) -> RenderableType:
    """This will show a case as its customer sees it."""
    rows = [
        ("reference", view.reference),
        ("received", moment(view.received_at)),
        ("response", moment(view.responded_at)),
        ("waits for", view.waiting_for),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
        ("closed", f"{moment(view.closed_at)}, {words(view.close_reason)}" if view.closed_at else None),
        ("read from", source),
    ]
    head = Text.assemble((view.number, "bold"), f"  {view.level} {view.level_name}  {words(view.phase)}  ")
    head.append_text(plain(view.title, "bold"))
    return Group(
        head,
        facts([(label, plain(text)) for label, text in rows if text is not None]),
        heading("Deadlines"),
        deadlines(view.deadlines, datetime.now(UTC)),
        heading("Timeline"),
        entries(view.timeline),
    )


def deadlines(rows: "Sequence[DeadlineView]", now: datetime) -> RenderableType:
    """This will list running clocks, the nearest first."""
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
        found.add_row(words(row.clock), row.rule or "-", moment(row.due_at), left, *warning)
    return found if found.row_count else nothing()


def _seconds(late: int) -> str:
    return span(timedelta(seconds=late))


def entries(rows: "Iterable[TimelineEntry]") -> RenderableType:
    """This will list what happened, in order."""
    found = table("#", "at", "what", "by", "text")
    for row in rows:
        found.add_row(
            str(row.number), moment(row.at), words(row.kind), plain(row.by), _told(row), style=_tone(row)
        )
    return found if found.row_count else nothing()


def _told(row: "TimelineEntry") -> Text:
    parts = [words(row.about)] if row.about else []
    parts += [f"due {moment(row.due_at)}"] if row.due_at else []
    parts += [f"{_seconds(row.late_seconds)} late"] if row.late_seconds else []
    parts += [f"{row.count} times"] if row.count and row.count > 1 else []
    told = Text(printable(", ".join(parts)), style="dim")
    if row.internal:
        told = Text("internal ", style="magenta").append_text(told)
    return (
        told.append_text(Text(f"{'  ' if told else ''}{printable(row.text)}", style="default"))
        if row.text
        else told
    )


def _tone(row: "TimelineEntry") -> str:
    return {"breached": "red", "warned": "yellow", "delivery_failed": "red"}.get(row.kind, "")


def explanation(why: "Explanation", seen: "Seen") -> RenderableType:
    """This will tell in sentences why a clock is due when it is."""
    head = Text.assemble((seen.view.number, "bold"), f"  {words(why.clock)}: ", (why.rule, "bold"))
    due = f", due {moment(why.due_at)} ({until(why.due_at, datetime.now(UTC))})" if why.due_at else ""
    head.append(due)
    lines = [Text(f"  {step}") for step in why.steps]
    closed = table("closed from", "to", "reason")
    for gap in why.closed:
        closed.add_row(moment(gap.start), moment(gap.end), words(gap.reason))
    tail = Text(f"  sources {', '.join(why.sources)}; read from the {seen.source}", style="dim")
    return Group(head, *lines, *([closed] if closed.row_count else []), tail)


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
