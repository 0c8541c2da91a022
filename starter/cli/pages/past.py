"""A case and a centre as they stood at an instant, in a terminal."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.views.as_of import CaseAsOf, PromiseAsOf
from starter.cli.pages.parts import facts, heading, of_rank, plain, table
from starter.cli.pages.timeline import entries
from starter.door.plain import moment, until, words

if TYPE_CHECKING:
    from domain.moment import Promised
    from domain.views.as_of import CustomerAsOf
    from starter.door.centre_as_of import CentreAsOf

_NOT_KNOWN = "not known: nobody kept it then"


def past_case(view: "CaseAsOf | CustomerAsOf") -> RenderableType:
    """Show a case as it stood to whom this view of it is for."""
    rows = _staff(view) if isinstance(view, CaseAsOf) else _customer(view)
    said = "how it stood" if isinstance(view, CaseAsOf) and view.row is None else "promises"
    promises = Text(f"  {_NOT_KNOWN}") if view.promises is None else _promises(view.promises, view.as_of)
    return Group(
        Text(f"as of {moment(view.as_of)}", style="bold"),
        _head(view),
        facts([(label, plain(text)) for label, text in rows if text is not None]),
        heading(said.capitalize()),
        promises,
        heading("What had happened by then"),
        entries(view.timeline),
    )


def _head(view: "CaseAsOf | CustomerAsOf") -> Text:
    head = Text(view.number, style="bold")
    if isinstance(view, CaseAsOf):
        if view.row is not None:
            head.append("  ").append_text(of_rank(view.row.level, view.row.rank))
            head.append(f"  {words(view.row.phase)}  ").append_text(plain(view.row.title, "bold"))
    elif view.phase is not None:
        head.append(f"  {view.level}  {words(view.phase)}  ").append_text(plain(view.title, "bold"))
    return head


def _staff(view: "CaseAsOf") -> list[tuple[str, str | None]]:
    row = view.row
    known = [("case", f"{view.case_id}, reference {view.reference} of {view.tenant}")]
    if row is None:
        return [*known, ("received", moment(view.received_at))]
    waits = f"{view.waiting_for} since {moment(view.waiting_since)}" if view.waiting_since else None
    return [
        *known,
        ("received", moment(view.received_at)),
        ("owner", f"{row.assignee or 'nobody yet'}, {row.region}"),
        ("offered to", row.offered_to),
        ("waits for", waits),
        ("policy", f"{row.policy}, plan {row.plan}"),
        ("breaches", str(row.breaches) if row.breaches else None),
        ("stood so", f"since {moment(view.stood_since)}"),
    ]


def _customer(view: "CustomerAsOf") -> list[tuple[str, str | None]]:
    waits = f"{view.waiting_for} since {moment(view.waiting_since)}" if view.waiting_since else None
    return [
        ("reference", view.reference),
        ("received", moment(view.received_at)),
        ("waits for", waits),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
    ]


def _promises(rows: "Iterable[Promised]", at: datetime) -> Table:
    found = table("clock", "due", "then", "promised")
    for one in rows:
        late = isinstance(one, PromiseAsOf) and one.is_overdue
        due = one.due_at or one.missed_at
        found.add_row(
            Text(words(one.clock)),
            Text(moment(due)),
            Text(f"{until(due, at)}{', not kept' if late else ''}", style="red" if late else ""),
            plain(one.rule),
        )
    return found


def past_centres(rows: "Iterable[CentreAsOf]") -> Table:
    """List centres as they stood, one line each."""
    found = table("region", "state", "closed by hand", "on duty", "unowned", "offered")
    for one in rows:
        duty = None if one.on_duty is None else ", ".join(who.name for who in one.on_duty) or "nobody"
        by_hand = f"since {moment(one.closed.closed_from)}: {one.closed.reason}" if one.closed else None
        found.add_row(
            plain(one.name, "bold"),
            Text(_state(one)),
            plain(by_hand),
            plain(_NOT_KNOWN if duty is None else duty),
            Text(str(one.unowned)),
            Text(str(one.offered)),
        )
    return found


def _state(one: "CentreAsOf") -> str:
    if one.is_open is None:
        return _NOT_KNOWN
    span = one.hours.span if one.hours else None
    return f"open until {moment(span.closes_at)}" if one.is_open and span else "closed"
