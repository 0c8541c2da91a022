"""The Support Incident Report: one case told whole, at any state and after archiving (RHIPE-28).

It is put together from what the case shows, its whole timeline, the ledger of what was
told to whom, and what was answered to the surveys. How it looks is said in `starter.cli.pages.report` and
`starter.reports.html`.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import Field

from activities.store.ledger import LedgerEntry
from domain.case import Breach, ScopeFinding, Tracking, UpdateScore
from domain.effects import Recipient
from domain.files import GivenFile, for_outsiders
from domain.frozen import Frozen
from domain.outage import OutageSpan
from domain.said import Reader, Said, read_by
from domain.survey import Survey, SurveyAnswer
from domain.timeline import EntryKind, TimelineEntry
from domain.views.handoff_tax import HandoffTax, handoff_taxes
from domain.views.leaflet import Leaflet
from domain.views.staff import DeadlineView, PromiseView
from starter.reports.sentences import person

if TYPE_CHECKING:
    from starter.door.case_reader import Seen

_ESCALATIONS = frozenset(
    {
        EntryKind.TRIAGED,
        EntryKind.LEVEL_CHANGED,
        EntryKind.LEVEL_REQUESTED,
        EntryKind.SCOPE_UPDATED,
        EntryKind.ESCALATED,
        EntryKind.RESOLVER_GROUP_ASSIGNED,
        EntryKind.ESCALATION_REQUESTED,
        EntryKind.ESCALATION_DECLINED,
        EntryKind.ESCALATED_TO_VENDOR,
        EntryKind.VENDOR_TICKET_OPENED,
        EntryKind.VENDOR_FOUND,
        EntryKind.REVIEW_REQUESTED,
        EntryKind.REVIEW_DECIDED,
        EntryKind.OUTAGE_DECLARED,
    }
)
_OWNERS = frozenset(
    {
        EntryKind.SUBMITTED,
        EntryKind.RESPONDED,
        EntryKind.HANDED_OVER,
        EntryKind.HANDOFF_ACCEPTED,
        EntryKind.HELD,
        EntryKind.REASSIGNED,
        EntryKind.ESCALATED,
        EntryKind.RESOLVER_GROUP_ASSIGNED,
        EntryKind.MAIN_CONTACT_CHANGED,
    }
)
_UPDATES = frozenset(
    {
        EntryKind.RESPONDED,
        EntryKind.UPDATED,
        EntryKind.STATUS_SENT,
        EntryKind.QUESTION_ASKED,
        EntryKind.VALIDATION_ASKED,
        EntryKind.CONFIRMATION_ASKED,
        EntryKind.OUTAGE_NOTIFIED,
        EntryKind.OUTAGE_RESOLVED,
        EntryKind.INCIDENT_NEWS,
        EntryKind.VENDOR_ANSWERED,
    }
)
_CUSTOMERS = frozenset({Recipient.CUSTOMER.value, Recipient.CONTACT.value})  # no list: others are on it
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
    """A snapshot of one case; every instant UTC. `source` says where it was read.

    Without the `whole` of it, it is a requester's: without what is our own.
    """

    source: str
    whole: bool = True
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
    said: Said = Field(default_factory=dict)
    files: tuple[GivenFile, ...] = ()
    has_sla: bool
    promises: tuple[PromiseView, ...]
    scope: ScopeFinding | None
    external_tracking: Tracking | None
    customer_lapses: int
    outage: OutageSpan | None = None
    received_at: datetime
    responded_at: datetime | None
    validated_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    zone: str
    owner: str
    leaflet: Leaflet | None = None
    owners: tuple[TimelineEntry, ...]
    people: tuple[str, ...]
    deadlines: tuple[DeadlineView, ...]
    score: UpdateScore
    handoffs: tuple[HandoffTax, ...] = ()
    updates: tuple[TimelineEntry, ...]
    escalations: tuple[TimelineEntry, ...]
    breach_count: int
    breaches: tuple[Breach, ...]
    reopens: int
    parent: str | None
    linked_cases: tuple[str, ...]
    surveys: tuple[Survey, ...] = ()
    answers: tuple[SurveyAnswer, ...] = ()
    told: tuple[Told, ...]
    timeline: tuple[TimelineEntry, ...]


def make_report(
    seen: "Seen",
    entries: tuple[TimelineEntry, ...],
    ledger: tuple[LedgerEntry, ...],
    answers: tuple[SurveyAnswer, ...] = (),
    *,
    whole: bool,
    leaflet: Leaflet | None = None,
) -> IncidentReport:
    """Put the report together; for a requester (`whole` false) without what is our own."""
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
            "said": view.said if whole else read_by(view.said, Reader.CUSTOMER),
            "files": view.files if whole else for_outsiders(view.files),
            "outage": view.outage.span if view.outage else None,
            "source": seen.source,
            "whole": whole,
            "made_at": datetime.now(UTC).replace(microsecond=0),
            "owner": view.assignee or view.region,
            "leaflet": leaflet,
            "owners": tuple(entry for entry in entries if entry.kind in _OWNERS),
            "answers": answers,
            "people": tuple(dict.fromkeys(person(entry) for entry in entries)),
            "handoffs": handoff_taxes(entries) if whole else (),
            "updates": tuple(entry for entry in entries if entry.kind in _UPDATES),
            "escalations": tuple(entry for entry in entries if entry.kind in _ESCALATIONS),
            "told": told,
            "timeline": entries,
        }
    )


def _told(row: LedgerEntry) -> Told:
    return Told.model_validate({name: getattr(row, name) for name in Told.model_fields})
