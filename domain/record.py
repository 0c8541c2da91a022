"""What the case store is told about a case: its row in the lists, and its new timeline entries.

A projection of the case, never its truth. The store writes a row only where the stored version is
not higher, and replaces entries of equal number, so a repetition changes nothing.
"""

from datetime import datetime
from operator import itemgetter
from typing import Any

from domain.actor import Tier
from domain.case import Case
from domain.clocks import Deadline, FiredClock, RunningClock, next_deadline
from domain.frozen import Frozen
from domain.lives import StoredLife
from domain.moment import Moment
from domain.phase import Phase
from domain.private import private_to
from domain.timeline import TimelineEntry


class CaseRow(Frozen):
    """One case in a list; every instant UTC. `tenant` is whose case it is, as its requester named it.

    `region` owns the case; `offered_to` is the centre that has not answered, or whose shift has not begun:
    then `accepted_by` says who of them has accepted it.
    `category` is what it is about, as the request names it; `response_promised` at the level in force.
    `owed_clock` is the promise to be kept first, due at `owed_at`: one that was missed and nobody has kept,
    else the next one.
    `private_to` names whom of the tenant's people alone it is for (`domain.private`).
    `workflow_id` names its workflow where that is not its own id; `begun_at` tells its life from another.
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
    accepted_by: str | None = None
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
    owed_clock: str | None = None
    owed_at: datetime | None = None
    updates_by_staff: int
    updates_by_system: int
    updates_missed: int
    breaches: int
    reopens: int
    parent: str | None
    private_to: str | None = None
    workflow_id: str | None = None
    begun_at: datetime | None = None
    version: int
    entries: int


class TakenMessage(Frozen):
    """A message a case has taken, the `number`th of its life, and the instant of its receipt (UTC).

    `cause` is a digest of its request id or update id, empty for one nobody could take; `said` one of verb
    and content. Where the engine says a message again they tell which it is.
    """

    number: int
    cause: str
    said: str
    received_at: datetime


class RecordBatch(Frozen):
    """The input of `record_case`. `case` is the whole record, sent when the case is closed or archived.

    `life` names the one life of a case through all its runs, resets too. `file` is what the case would take
    to a fresh run now, as JSON; `taken` are the messages it has taken since the last write, `moments` how it
    has stood since, each from its own instant on; `fired` the clocks that were acted on, and how late.
    """

    row: CaseRow
    entries: tuple[TimelineEntry, ...] = ()
    case: Case | None = None
    life: str | None = None
    file: str | None = None
    taken: tuple[TakenMessage, ...] = ()
    moments: tuple[Moment, ...] = ()
    fired: tuple[FiredClock, ...] = ()


class RecordReceipt(Frozen):
    """The output of `record_case`: the version the store now holds, which may be a later one.

    With an `earlier` life of the id nothing was written: the case needs an id of its own first. `run` is the
    run of the case that has written. `keeps`: the store keeps what was taken, `keeps_moments`: those,
    `keeps_lateness`: how late clocks fired.
    """

    version: int
    earlier: StoredLife | None = None
    run: str | None = None
    keeps: bool = False
    keeps_moments: bool = False
    keeps_lateness: bool = False


class RecallRequest(Frozen):
    """The input of `recall_case`: how a life stands in the store, and what it took after so many messages."""

    life: str
    taken: int = 0


class Recollection(Frozen):
    """The output of `recall_case`. `version` is that of `file`, 0 where the store knows nothing of this life.

    `taken` are the messages after those asked for, in order, without their numbers: cause and content, parted
    by a colon. `run` is the run that has asked.
    """

    version: int = 0
    file: str | None = None
    taken: tuple[str, ...] = ()
    run: str | None = None


def _next_promise(case: Case) -> Deadline | None:
    """Return the next due instant of a promise; warnings and the archive are none."""
    promised = [
        clock.model_copy(update={"warn_at": None, "fires_at": None})
        for clock in case.clocks
        if clock.clock.is_promise
    ]
    return next_deadline(promised)


def _owed(case: Case) -> tuple[RunningClock, datetime] | None:
    """Return the promise to be kept first, and when it was or is due."""
    promised = [
        (running, at)
        for running in case.clocks
        if running.clock.is_promise and (at := running.due_at or running.missed_at) is not None
    ]
    return min(promised, key=itemgetter(1), default=None)


def row_of(case: Case) -> CaseRow:
    """Project the case onto its row."""
    return CaseRow(
        case_id=case.id,
        number=case.number,
        tenant=case.request.tenant,
        reference=case.request.reference,
        received_at=case.received_at,
        parent=case.parent,
        private_to=private_to(case),
        workflow_id=case.workflow_id,
        begun_at=case.begun_at,
        **what_changes(case),
    )


def what_changes(case: Case) -> dict[str, Any]:
    """Return what of a row changes in the life of a case."""
    nearest = _next_promise(case)
    owed, owed_at = _owed(case) or (None, None)
    return {
        "policy": f"{case.terms.policy}@{case.terms.version}",
        "plan": case.terms.plan,
        "title": case.title,
        "category": case.request.category,
        "level": case.level,
        "rank": case.rule.rank,
        "phase": case.phase,
        "region": case.region,
        "offered_to": case.handover.to if case.handover else None,
        "accepted_by": case.handover.accepted_by if case.handover else None,
        "tier": case.tier,
        "assignee": case.assignee,
        "response_promised": case.has_sla and case.rule.initial_response is not None,
        "responded_at": case.responded_at,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "close_reason": case.close_reason,
        "next_clock": nearest.clock if nearest else None,
        "next_due_at": nearest.at if nearest else None,
        "owed_clock": owed.clock if owed else None,
        "owed_at": owed_at,
        "updates_by_staff": case.score.staff,
        "updates_by_system": case.score.system,
        "updates_missed": case.score.missed,
        "breaches": case.breach_count,
        "reopens": case.reopens,
        "version": case.version,
        "entries": case.entries,
    }
