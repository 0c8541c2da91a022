"""What major incidents look like: a list of them, and one with its cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from domain.naming import case_number
from starter.cli.pages.parts import facts, heading, nothing, plain, table
from starter.door.plain import counted, moment, words
from starter.reports.incident_rows import incident_rows
from starter.reports.sentences import who

if TYPE_CHECKING:
    from domain.incidents.record import Child, IncidentEntry
    from domain.incidents.views import IncidentView


def incidents_table(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """List incidents, the latest first."""
    found = table("number", "level", "phase", "at", "title")
    for row in rows:
        at = moment(datetime.fromisoformat(row["declared_at"]))
        found.add_row(row["number"], plain(row["level"]), words(row["phase"]), at, plain(row["title"]))
    return found


def one_incident(view: "IncidentView", children: "Sequence[Child]") -> RenderableType:
    """Show an incident, and every case where they are given."""
    head = Text.assemble((view.number, "bold"), f"  {view.phase}  ")
    head.append_text(plain(view.title, "bold"))
    shown: list[RenderableType] = [
        head,
        facts([(label, plain(text)) for label, text in incident_rows(view, moment) if text is not None]),
        heading(f"Timeline, last {len(view.timeline)}"),
        _timeline(view.timeline),
    ]
    if children:
        shown += [heading(counted(len(children), "case")), _cases(children)]
    return Group(*shown)


def _timeline(rows: "Sequence[IncidentEntry]") -> RenderableType:
    found = table("#", "at", "what", "notice", "cases", "by", "text")
    for row in rows:
        notice = str(row.notice) if row.notice is not None else "-"
        count = str(row.count) if row.count is not None else "-"
        found.add_row(
            str(row.number), moment(row.at), words(row.kind), notice, count, plain(who(row)), plain(row.text)
        )
    return found if rows else nothing()


def _cases(children: "Sequence[Child]") -> RenderableType:

    found = table("number", "at", "heard", "left", "case")
    for child in children:
        left = f"{moment(child.left_at)}, {words(child.left_because)}" if child.left_at else "-"
        found.add_row(
            case_number(child.case_id), moment(child.joined_at), str(child.heard), left, plain(child.case_id)
        )
    return found
