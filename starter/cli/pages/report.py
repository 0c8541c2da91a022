"""The Support Incident Report as text, for a terminal or a file (RHIPE-28)."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter.cli.pages import clock as clock_page
from starter.cli.pages import parts as showing
from starter.cli.pages import timeline as timeline_page
from starter.door.plain import moment, words
from starter.reports.sentences import SAID_ABOVE, handoff_rows, report_rows

if TYPE_CHECKING:
    from starter.reports.incident_report import IncidentReport, Told


def report_lines(report: "IncidentReport") -> RenderableType:
    """Write the report for people."""
    title = Text(f"SUPPORT INCIDENT REPORT  {report.number}", style="bold")
    return Group(
        title,
        showing.facts(_rows(report)),
        showing.heading("What was said"),
        showing.said(report.said, report.files, SAID_ABOVE),
        showing.heading("Deadlines"),
        clock_page.deadlines(report.deadlines, report.made_at),
        showing.heading(f"Breaches, {report.breach_count}"),
        clock_page.breaches(report.breaches),
        showing.heading("Owners"),
        timeline_page.entries(report.owners),
        *_handoffs(report),
        showing.heading(f"Updates, {len(report.updates)}"),
        timeline_page.entries(report.updates),
        showing.heading(f"Escalations, {len(report.escalations)}"),
        timeline_page.entries(report.escalations),
        showing.heading(f"Notices, {len(report.told)}"),
        _notices(report.told),
        showing.heading(f"Timeline, {len(report.timeline)}"),
        timeline_page.entries(report.timeline),
    )


def _rows(report: "IncidentReport") -> list[tuple[str, Text]]:
    return [(label, showing.plain(text)) for label, text in report_rows(report)]


def _handoffs(report: "IncidentReport") -> tuple[RenderableType, ...]:
    """Say what each handoff cost; nothing of a case that never changed hands."""
    rows = [(label, showing.plain(text)) for label, text in handoff_rows(report.handoffs)]
    return (showing.heading(f"Handoffs, {len(rows)}"), showing.facts(rows)) if rows else ()


def _notices(told: "tuple[Told, ...]") -> RenderableType:
    found = showing.table("begun", "what", "to", "how it ended", "where")
    for row in told:
        where = row.address or row.reason
        found.add_row(moment(row.begun_at), words(row.kind), row.recipient, row.status, showing.plain(where))
    return found if found.row_count else showing.nothing()
