"""The Support Incident Report as one HTML page: to be kept, sent on or printed (RHIPE-28).

 The page needs nothing but itself: no script, no font, no picture from
elsewhere. Whatever a person wrote is shown as text in its own reading direction.
"""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.said import in_lines
from domain.timeline import TimelineEntry
from domain.views.staff import DeadlineView
from starter.door.plain import late_by, moment, printable, span, until, words
from starter.reports.incident_report import IncidentReport
from starter.reports.sentences import SAID_ABOVE, handoff_rows, report_rows, said, who

_TOLD_APART = SAID_ABOVE | {"explanation"}
"""What was said that has its own place on the page."""

_SHOWN_ABOVE = frozenset({"title", "state", "made"})
"""Facts that stand at the head of the page already."""

_TONES = {
    "breached": "bad",
    "delivery_failed": "bad",
    "outage_declared": "bad",
    "warned": "near",
    "customer_update_lapsed": "near",
    "resolved": "good",
    "closed": "good",
}


class Figure(NamedTuple):
    """One number at the head of the page; `tone` is bad, near or good, or nothing."""

    label: str
    value: str
    tone: str = ""


def report_html(report: IncidentReport) -> str:
    """Write the page, in UTF-8 with a line break at its end."""
    page = _environment().get_template("report.html.j2")
    facts = [
        (label, text) for label, text in report_rows(report) if label not in _SHOWN_ABOVE and text != "-"
    ]
    told = {path: value for path, value in report.said.items() if path not in _TOLD_APART}
    lines = in_lines(told, report.files, moment)
    shown = {"facts": facts, "said": lines, "handoffs": handoff_rows(report.handoffs)}
    return page.render(report=report, figures=figures(report), **shown).rstrip() + "\n"


def figures(report: IncidentReport) -> tuple[Figure, ...]:
    """Pick what a reader looks for first."""
    score, answered = report.score, report.responded_at
    first = span(answered - report.received_at) if answered else "none yet"
    solved = span(report.resolved_at - report.received_at) if report.resolved_at else "not yet"
    kept = score.staff + score.system
    scores = ", ".join(f"{answer.score} of 5" for answer in report.answers)
    missed = Figure("Targets missed", str(report.breach_count), "bad" if report.breach_count else "good")
    return (
        Figure("First response after", first, "" if answered else "near"),
        Figure("Resolved after", solved),
        Figure("Updates by staff", f"{score.staff} of {kept + score.missed}", "near" if score.system else ""),
        Figure("With the system's", f"{kept} of {kept + score.missed}", "bad" if score.missed else ""),
        *((missed,) if report.whole else ()),
        Figure("Satisfaction", scores or "-"),
    )


def _environment() -> Environment:
    form = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    form.filters |= {
        "words": words,
        "moment": moment,
        "until": until,
        "who": who,
        "plain": lambda text: printable(text or "-"),
        "late_by": late_by,
        "said": said,
        "tone": lambda row: _TONES.get(row.kind, ""),
        "shown": _shown,
        "date": _date,
    }
    return form


def _shown(row: DeadlineView, now: datetime) -> str:
    """Say how a deadline stands, seen from when the report was made."""
    if row.due_at is None:
        return f"missed {moment(row.missed_at)}" if row.missed_at else "-"
    return until(row.due_at, now)


def _date(entry: TimelineEntry) -> str:
    return entry.at.isoformat()
