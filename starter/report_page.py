"""The Support Incident Report as text, for a terminal or a file (RHIPE-28).

Part of the doors. Pure drawing.
"""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from starter import case_page, clock_page, showing, timeline_page
from starter.output import moment, span

if TYPE_CHECKING:
    from domain.survey import Survey, SurveyAnswer
    from starter.report import IncidentReport, Told


def report_lines(report: "IncidentReport") -> RenderableType:
    """This will write the report for people."""
    title = Text(f"SUPPORT INCIDENT REPORT  {report.number}", style="bold")
    return Group(
        title,
        showing.facts(_rows(report)),
        showing.heading("Deadlines"),
        clock_page.deadlines(report.deadlines, report.made_at),
        showing.heading(f"Breaches, {report.breach_count}"),
        clock_page.breaches(report.breaches),
        showing.heading("Owners"),
        timeline_page.entries(report.owners),
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


def report_rows(report: "IncidentReport") -> list[tuple[str, str]]:
    """This will list what there is to say of the case as a whole, label by label."""
    score, elsewhere = report.score, report.external_tracking
    linked = ", ".join(filter(None, (report.parent, *report.linked_cases)))
    return [
        ("title", report.title),
        ("case", f"{report.case_id}, reference {report.reference} of {report.tenant}"),
        ("policy", f"{report.policy}, plan {report.plan}"),
        ("state", f"{showing.words(report.phase)}, {report.level} {report.level_name}, owner {report.owner}"),
        ("impact", report.business_impact or "-"),
        ("promised", clock_page.promised(report.promises)),
        ("scope", case_page.scope_line(report.scope) or "-"),
        ("elsewhere", f"{elsewhere.system}, {elsewhere.reference}" if elsewhere else "-"),
        *_instants(report),
        ("updates", f"{score.staff} by staff, {score.system} by the system, {score.missed} missed"),
        ("reopened", str(report.reopens)),
        ("satisfaction", satisfaction(report.surveys, report.answers)),
        ("linked", linked or "-"),
        ("people", ", ".join(report.people)),
        *((label, text) for label, text in case_page.outage_rows(report.outage) if text is not None),
        ("made", f"{moment(report.made_at)}, from the {report.source}"),
    ]


def _instants(report: "IncidentReport") -> list[tuple[str, str]]:
    answered, closed = report.responded_at, report.closed_at
    first = f"{moment(answered)}, after {span(answered - report.received_at)}" if answered else "none yet"
    return [
        ("received", moment(report.received_at)),
        ("first response", first),
        ("validated", moment(report.validated_at)),
        ("resolved", moment(report.resolved_at)),
        ("closed", f"{moment(closed)} {showing.words(report.close_reason)}" if closed else "-"),
    ]


def satisfaction(surveys: "tuple[Survey, ...]", answers: "tuple[SurveyAnswer, ...]") -> str:
    """This will say what was answered about each closure, and until when the others may be."""
    said = {answer.closure: f"{answer.score} of 5" for answer in answers}
    waiting = {
        survey.closure: f"no answer, open until {moment(survey.open_until)}"
        for survey in surveys
        if survey.closure not in said
    }
    rows = sorted((said | waiting).items())
    return "; ".join(f"closure {closure}: {text}" for closure, text in rows) or "-"


def _notices(told: "tuple[Told, ...]") -> RenderableType:
    found = showing.table("begun", "what", "to", "how it ended", "where")
    for row in told:
        where = row.address or row.reason
        found.add_row(
            moment(row.begun_at), showing.words(row.kind), row.recipient, row.status, showing.plain(where)
        )
    return found if found.row_count else showing.nothing()
