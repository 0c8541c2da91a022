"""What the case store is told about a case: its row in the lists, and its new timeline entries.

Pure: a projection of the case, never its truth. The store writes a row only where the stored version is
not higher, and replaces entries of equal number, so a repetition changes nothing.
"""

from datetime import datetime

from domain.actor import Tier
from domain.case import Case
from domain.clocks import HOUSEKEEPING, next_deadline
from domain.frozen import Frozen
from domain.phase import Phase
from domain.timeline import TimelineEntry


class CaseRow(Frozen):
    """One case in a list; every instant UTC. `tenant` is whose case it is, as its requester named it.

    `region` owns the case; `offered_to` is the centre that has not answered, or whose shift has not begun.
    `category` is what it is about, as the request names it; `response_promised` at the level in force.
    """

    case_id: str
    number: str
    tenant: str
    reference: str
    policy: str
    plan: str
    title: str
    category: str | None = None
    level: str
    rank: int
    phase: Phase
    region: str
    offered_to: str | None = None
    tier: Tier | None = None
    assignee: str | None
    received_at: datetime
    response_promised: bool | None = None
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    next_clock: str | None
    next_due_at: datetime | None
    updates_by_staff: int
    updates_by_system: int
    updates_missed: int
    breaches: int
    reopens: int
    parent: str | None
    version: int
    entries: int


class RecordBatch(Frozen):
    """The input of `record_case`. `case` is the whole record, sent when the case is closed or archived."""

    row: CaseRow
    entries: tuple[TimelineEntry, ...] = ()
    case: Case | None = None


class RecordReceipt(Frozen):
    """The output of `record_case`: the version the store now holds, which may be a later one."""

    version: int


def row_of(case: Case) -> CaseRow:
    """This will project the case onto its row; the next due instant leaves out warnings and the archive."""
    promised = [
        clock.model_copy(update={"warn_at": None, "fires_at": None})
        for clock in case.clocks
        if clock.clock not in HOUSEKEEPING
    ]
    nearest = next_deadline(promised)
    return CaseRow(
        case_id=case.id,
        number=case.number,
        tenant=case.request.tenant,
        reference=case.request.reference,
        policy=f"{case.terms.policy}@{case.terms.version}",
        plan=case.terms.plan,
        title=case.title,
        category=case.request.category,
        level=case.level,
        rank=case.rule.rank,
        phase=case.phase,
        region=case.region,
        offered_to=case.handover.to if case.handover else None,
        tier=case.tier,
        assignee=case.assignee,
        received_at=case.received_at,
        response_promised=case.has_sla and case.rule.initial_response is not None,
        responded_at=case.responded_at,
        resolved_at=case.resolved_at,
        closed_at=case.closed_at,
        close_reason=case.close_reason,
        next_clock=nearest.clock if nearest else None,
        next_due_at=nearest.at if nearest else None,
        updates_by_staff=case.score.staff,
        updates_by_system=case.score.system,
        updates_missed=case.score.missed,
        breaches=case.breach_count,
        reopens=case.reopens,
        parent=case.parent,
        version=case.version,
        entries=case.entries,
    )
