"""The Support Incident Report: one case told whole, at any state and after archiving (RHIPE-28).

Part of the doors. It is put together from what the case shows, its whole timeline and the ledger of what
was told to whom.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from activities.ledger import LedgerEntry
from domain.case import Breach, ScopeFinding, Tracking, UpdateScore
from domain.effects import Recipient
from domain.frozen import Frozen
from domain.timeline import EntryKind, TimelineEntry
from domain.views import DeadlineView, PromiseView
from starter import case_page, clock_page, showing, timeline_page
from starter.output import moment, span

if TYPE_CHECKING:
    from starter.seeing import Seen

_ESCALATIONS = frozenset(
    {EntryKind.TRIAGED, EntryKind.LEVEL_CHANGED, EntryKind.LEVEL_REQUESTED, EntryKind.SCOPE_UPDATED}
)
_UPDATES = frozenset(
    {
        EntryKind.RESPONDED,
        EntryKind.UPDATED,
        EntryKind.STATUS_SENT,
        EntryKind.QUESTION_ASKED,
        EntryKind.VALIDATION_ASKED,
        EntryKind.CONFIRMATION_ASKED,
    }
)
_CUSTOMERS = frozenset({Recipient.CUSTOMER.value, Recipient.CONTACT.value})
_WITHHELD: dict[str, object] = {"breaches": (), "breach_count": 0, "scope": None, "external_tracking": None}
"""What a requester's report says nothing of."""


class Told(Frozen):
    """One notice: what, to whom, by which channel, and how it ended; instants UTC."""

    kind: str
    recipient: str
    status: str
    channel: str | None
    address: str | None
    begun_at: datetime
    settled_at: datetime | None
    reason: str | None


class IncidentReport(Frozen):
    """A snapshot of one case; every instant UTC. `source` says where it was read."""

    source: str
    made_at: datetime
    case_id: str
    number: str
    tenant: str
    reference: str
    title: str
    policy: str
    plan: str
    phase: str
    level: str
    level_name: str
    explanation: str | None
    business_impact: str | None
    has_sla: bool
    promises: tuple[PromiseView, ...]
    scope: ScopeFinding | None
    external_tracking: Tracking | None
    customer_lapses: int
    received_at: datetime
    responded_at: datetime | None
    validated_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    owner: str
    people: tuple[str, ...]
    deadlines: tuple[DeadlineView, ...]
    score: UpdateScore
    updates: tuple[TimelineEntry, ...]
    escalations: tuple[TimelineEntry, ...]
    breach_count: int
    breaches: tuple[Breach, ...]
    reopens: int
    parent: str | None
    linked_cases: tuple[str, ...]
    told: tuple[Told, ...]
    timeline: tuple[TimelineEntry, ...]


def make_report(
    seen: "Seen", entries: tuple[TimelineEntry, ...], ledger: tuple[LedgerEntry, ...], *, whole: bool
) -> IncidentReport:
    """This will put the report together; for a requester (`whole` false) without what is our own."""
    view = seen.view
    same = {
        name: getattr(view, name) for name in set(IncidentReport.model_fields) & set(type(view).model_fields)
    }
    ours = {} if whole else _WITHHELD
    told = tuple(_told(row) for row in ledger if whole or row.recipient in _CUSTOMERS)
    return IncidentReport.model_validate(
        {
            **same,
            **ours,
            "source": seen.source,
            "made_at": datetime.now(UTC).replace(microsecond=0),
            "owner": view.assignee or view.region,
            "people": tuple(dict.fromkeys(entry.by for entry in entries)),
            "updates": tuple(entry for entry in entries if entry.kind in _UPDATES),
            "escalations": tuple(entry for entry in entries if entry.kind in _ESCALATIONS),
            "told": told,
            "timeline": entries,
        }
    )


def _told(row: LedgerEntry) -> Told:
    return Told.model_validate({name: getattr(row, name) for name in Told.model_fields})


def report_lines(report: IncidentReport) -> RenderableType:
    """This will write the report for people."""
    title = Text(f"SUPPORT INCIDENT REPORT  {report.number}", style="bold")
    return Group(
        title,
        showing.facts(_rows(report)),
        showing.heading("Deadlines"),
        clock_page.deadlines(report.deadlines, report.made_at),
        showing.heading(f"Breaches, {report.breach_count}"),
        clock_page.breaches(report.breaches),
        showing.heading(f"Updates, {len(report.updates)}"),
        timeline_page.entries(report.updates),
        showing.heading(f"Escalations, {len(report.escalations)}"),
        timeline_page.entries(report.escalations),
        showing.heading(f"Notices, {len(report.told)}"),
        _notices(report.told),
        showing.heading(f"Timeline, {len(report.timeline)}"),
        timeline_page.entries(report.timeline),
    )


def _rows(report: IncidentReport) -> list[tuple[str, Text]]:
    score, elsewhere = report.score, report.external_tracking
    first = (
        report.responded_at
        and f"{moment(report.responded_at)}, after {span(report.responded_at - report.received_at)}"
    )
    rows = [
        ("title", report.title),
        ("case", f"{report.case_id}, reference {report.reference} of {report.tenant}"),
        ("policy", f"{report.policy}, plan {report.plan}"),
        ("state", f"{showing.words(report.phase)}, {report.level} {report.level_name}, owner {report.owner}"),
        ("received", moment(report.received_at)),
        ("impact", report.business_impact or "-"),
        ("promised", clock_page.promised(report.promises)),
        ("scope", case_page.scope_line(report.scope) or "-"),
        ("elsewhere", f"{elsewhere.system}, {elsewhere.reference}" if elsewhere else "-"),
        ("first response", first or "none yet"),
        ("validated", moment(report.validated_at)),
        ("resolved", moment(report.resolved_at)),
        (
            "closed",
            f"{moment(report.closed_at)} {showing.words(report.close_reason)}" if report.closed_at else "-",
        ),
        ("updates", f"{score.staff} by staff, {score.system} by the system, {score.missed} missed"),
        ("reopened", str(report.reopens)),
        ("linked", ", ".join(filter(None, (report.parent, *report.linked_cases))) or "-"),
        ("people", ", ".join(report.people)),
        ("made", f"{moment(report.made_at)}, from the {report.source}"),
    ]
    return [(label, showing.plain(text)) for label, text in rows]


def _notices(told: tuple[Told, ...]) -> RenderableType:
    found = showing.table("begun", "what", "to", "how it ended", "where")
    for row in told:
        where = row.address or row.reason
        found.add_row(
            moment(row.begun_at), showing.words(row.kind), row.recipient, row.status, showing.plain(where)
        )
    return found if found.row_count else showing.nothing()
