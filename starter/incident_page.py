"""What major incidents look like: a list of them, and one with its cases.

Part of the doors. Pure drawing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from starter.output import counted, moment
from starter.showing import facts, heading, nothing, plain, table, words

if TYPE_CHECKING:
    from domain.incident import Child, IncidentEntry
    from domain.incidents.views import IncidentView


def incidents_table(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """This will list incidents, the latest first."""
    found = table("number", "level", "phase", "at", "title")
    for row in rows:
        at = moment(datetime.fromisoformat(row["declared_at"]))
        found.add_row(row["number"], plain(row["level"]), words(row["phase"]), at, plain(row["title"]))
    return found


def one_incident(view: "IncidentView", children: "Sequence[Child]") -> RenderableType:
    """This will show an incident, and every case where they are given."""
    head = Text.assemble((view.number, "bold"), f"  {view.phase}  ")
    head.append_text(plain(view.title, "bold"))
    shown: list[RenderableType] = [
        head,
        facts([(label, plain(text)) for label, text in _rows(view) if text is not None]),
        heading(f"Timeline, last {len(view.timeline)}"),
        _timeline(view.timeline),
    ]
    if children:
        shown += [heading(counted(len(children), "case")), _cases(children)]
    return Group(*shown)


def _rows(view: "IncidentView") -> list[tuple[str, str | None]]:
    left = view.had - view.cases
    told = counted(view.notices, "notice")
    if view.waiting:
        told += f", {view.waiting} on their way, {counted(view.unheard, 'case')} still to hear"
    expected = view.expected_resolution_at
    return [
        ("incident", f"{view.incident_id}, reference {view.reference}"),
        ("level", view.level),
        ("declared", f"{moment(view.declared_at)} by {view.declared_by}"),
        ("expected", moment(expected) if expected else None),
        ("next update", _next_update(view)),
        ("resolved", moment(view.resolved_at) if view.resolved_at else None),
        ("closed", moment(view.closed_at) if view.closed_at else None),
        ("cases", f"{view.cases} in it" + (f", {left} left" if left else "")),
        ("told", told),
        ("news", view.news),
        ("impact", view.impact),
    ]


def _next_update(view: "IncidentView") -> str | None:
    from domain.policy import in_words

    missed = f"; missed so far: {view.updates_missed}" if view.updates_missed else ""
    if view.next_update_at is None:
        return missed.removeprefix("; ") or None
    every = f", every {in_words(view.update_every)}" if view.update_every else ""
    return f"by {moment(view.next_update_at)}{every}, led by {view.led_by}{missed}"


def _timeline(rows: "Sequence[IncidentEntry]") -> RenderableType:
    found = table("#", "at", "what", "notice", "cases", "by", "text")
    for row in rows:
        notice = str(row.notice) if row.notice is not None else "-"
        count = str(row.count) if row.count is not None else "-"
        found.add_row(
            str(row.number), moment(row.at), words(row.kind), notice, count, plain(row.by), plain(row.text)
        )
    return found if rows else nothing()


def _cases(children: "Sequence[Child]") -> RenderableType:
    from domain.naming import case_number

    found = table("number", "at", "heard", "left", "case")
    for child in children:
        left = f"{moment(child.left_at)}, {words(child.left_because)}" if child.left_at else "-"
        found.add_row(
            case_number(child.case_id), moment(child.joined_at), str(child.heard), left, plain(child.case_id)
        )
    return found
