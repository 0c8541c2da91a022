"""What may be read from a case at any time: for staff, for its customer, and why a clock is due when it is.

Pure. A customer's view has no internal notes, no assignee's warnings and no breach book-keeping.
"""

from datetime import datetime

from domain.case import Breach, Case, UpdateScore
from domain.clocks import Clock
from domain.frozen import Frozen
from domain.messages import Contact
from domain.phase import Phase
from domain.timeline import EntryKind, TimelineEntry


class DeadlineView(Frozen):
    """A running clock: due when (UTC), since when, what was promised, and whether it was missed already."""

    clock: Clock
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None = None
    missed_at: datetime | None = None
    rule: str


class CaseView(Frozen):
    """Everything staff may see of a case; every instant UTC. `entries` counts the whole timeline."""

    case_id: str
    number: str
    tenant: str
    reference: str
    policy: str
    plan: str
    title: str
    phase: Phase
    level: str
    level_name: str
    level_source: str
    rank: int
    has_sla: bool
    region: str
    assignee: str | None
    channel: str
    language: str
    zone: str
    calendar: str
    contact: Contact | None
    explanation: str | None
    missing: tuple[str, ...]
    received_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    waiting_since: datetime | None
    waiting_for: str | None
    deadlines: tuple[DeadlineView, ...]
    score: UpdateScore
    breaches: tuple[Breach, ...]
    breach_count: int
    warning_count: int
    reopens: int
    parent: str | None
    linked_cases: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...]
    entries: int
    version: int
    undelivered: int = 0


class CustomerView(Frozen):
    """What the customer may see of his case; every instant UTC."""

    number: str
    reference: str
    title: str
    phase: Phase
    level: str
    level_name: str
    received_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    waiting_for: str | None
    waiting_since: datetime | None
    deadlines: tuple[DeadlineView, ...]
    timeline: tuple[TimelineEntry, ...]


_CUSTOMER_CLOCKS = frozenset({Clock.INITIAL_RESPONSE, Clock.UPDATE, Clock.AUTO_CLOSE, Clock.REOPEN_WINDOW})
_OUR_OWN = frozenset(
    {EntryKind.WARNED, EntryKind.BREACHED, EntryKind.NOT_UNDERSTOOD, EntryKind.DELIVERY_FAILED}
)


def deadlines(case: Case) -> tuple[DeadlineView, ...]:
    """This will list the running clocks, the nearest first; our own renewal of terms is not one of them."""
    rows = [
        DeadlineView(
            clock=running.clock,
            started_at=running.started_at,
            due_at=running.due_at,
            warn_at=running.warn_at,
            missed_at=running.missed_at,
            rule=running.rule,
        )
        for running in case.clocks
        if running.clock is not Clock.TERMS_RENEWAL
    ]
    return tuple(sorted(rows, key=lambda row: (row.due_at is None, row.due_at or row.started_at)))


def view(case: Case, undelivered: int = 0) -> CaseView:
    """This will show the whole case to staff."""
    request = case.request
    return CaseView(
        case_id=case.id,
        number=case.number,
        tenant=request.tenant,
        reference=request.reference,
        policy=f"{case.terms.policy}@{case.terms.version}",
        plan=case.terms.plan,
        title=case.title,
        phase=case.phase,
        level=case.level,
        level_name=case.rule.name,
        level_source=case.level_source,
        rank=case.rule.rank,
        has_sla=case.has_sla,
        region=case.region,
        assignee=case.assignee,
        channel=request.channel,
        language=request.language,
        zone=case.terms.calendar.zone.name,
        calendar=case.terms.calendar.name,
        contact=case.contact,
        explanation=request.explanation,
        missing=case.missing,
        received_at=case.received_at,
        responded_at=case.responded_at,
        resolved_at=case.resolved_at,
        closed_at=case.closed_at,
        close_reason=case.close_reason,
        waiting_since=case.waiting_since,
        waiting_for=case.waiting_for,
        deadlines=deadlines(case),
        score=case.score,
        breaches=case.breaches,
        breach_count=case.breach_count,
        warning_count=case.warning_count,
        reopens=case.reopens,
        parent=case.parent,
        linked_cases=case.linked_cases,
        timeline=case.timeline,
        entries=case.entries,
        version=case.version,
        undelivered=undelivered,
    )


def customer_view(case: Case) -> CustomerView:
    """This will show the case to its customer: no internal note, no warning, no breach (DED-09)."""
    return CustomerView(
        number=case.number,
        reference=case.request.reference,
        title=case.title,
        phase=case.phase,
        level=case.level,
        level_name=case.rule.name,
        received_at=case.received_at,
        responded_at=case.responded_at,
        resolved_at=case.resolved_at,
        closed_at=case.closed_at,
        close_reason=case.close_reason,
        waiting_for=case.waiting_for,
        waiting_since=case.waiting_since,
        deadlines=tuple(
            row.model_copy(update={"warn_at": None, "missed_at": None})
            for row in deadlines(case)
            if row.clock in _CUSTOMER_CLOCKS
        ),
        timeline=tuple(entry for entry in case.timeline if for_customer(entry)),
    )


def for_customer(entry: TimelineEntry) -> bool:
    """This will tell whether an entry may be shown to the customer."""
    return not entry.internal and entry.kind not in _OUR_OWN
