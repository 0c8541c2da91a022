"""What a case shows of itself: receipts to those who speak to it, details and search attributes in the UI."""

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.case import Case
from domain.decision import Accepted, Declined
from domain.views.staff import deadlines
from workflows.messages import (
    CASE_PHASE,
    CASE_POLICY,
    CASE_RANK,
    CASE_REGION,
    CASE_TENANT,
    CaseOutcome,
    NextDeadline,
    Receipt,
    opaque,
)


def receipt(case: Case, decision: Accepted | Declined | None = None, *, repeated: bool = False) -> Receipt:
    """Answer a message: how the case stands now, and what was decided."""
    nearest = next((row for row in deadlines(case) if row.due_at is not None), None)
    answer = Receipt(
        case_id=case.id,
        number=case.number,
        outcome="accepted",
        at=case.timeline[-1].at,
        phase=case.phase,
        level=case.level,
        owner=case.assignee or case.region,
        offered_to=case.handover.to if case.handover else None,
        accepted_by=case.handover.accepted_by if case.handover else None,
        next_deadline=NextDeadline(clock=nearest.clock, due_at=nearest.due_at)
        if nearest and nearest.due_at
        else None,
        warnings=decision.warnings if decision else (),
        missing=case.missing,
        repeated=repeated,
        version=case.version,
    )
    if not isinstance(decision, Declined):
        return answer
    return answer.model_copy(
        update={
            "outcome": "declined",
            "code": decision.code,
            "reason": decision.reason,
            "remedy": decision.remedy,
            "linked_case": case.linked_cases[-1] if decision.code == "ReopenWindowExpired" else None,
        }
    )


def show(case: Case) -> None:
    """Set what the Temporal UI shows: the current details, and search attributes that changed."""
    workflow.set_current_details(details(case))
    known = workflow.info().typed_search_attributes
    changes: list[SearchAttributeUpdate[str] | SearchAttributeUpdate[int]] = [
        key.value_set(value)
        for key, value in (
            (CASE_TENANT, opaque(case.request.tenant)),
            (CASE_POLICY, case.terms.policy),
            (CASE_PHASE, case.phase.value),
            (CASE_REGION, case.region),
        )
        if known.get(key) != value
    ]
    if known.get(CASE_RANK) != case.rule.rank:
        changes.append(CASE_RANK.value_set(case.rule.rank))
    if changes:
        workflow.upsert_search_attributes(changes)


def show_again(case: Case) -> None:
    """Say the phase once more, which leaves an event in the history and changes nothing."""
    workflow.upsert_search_attributes([CASE_PHASE.value_set(case.phase.value)])


def outcome(case: Case, turn_overs: int) -> CaseOutcome:
    """Return the result of the run: how the case ended."""
    return CaseOutcome(
        case_id=case.id,
        number=case.number,
        close_reason=case.close_reason,
        closed_at=case.closed_at,
        reopens=case.reopens,
        linked_cases=case.linked_cases,
        turn_overs=turn_overs,
    )


def details(case: Case) -> str:
    """Describe the case for the Temporal UI, in Markdown."""
    with_whom = case.assignee or case.region
    phase = case.phase.replace("_", " ")
    lines = [f"**{case.number}** {phase}, {case.level} ({case.rule.name}), with {with_whom}", ""]
    for row in deadlines(case):
        due = f"due {row.due_at:%Y-%m-%d %H:%M:%S} UTC" if row.due_at else "missed, not kept yet"
        lines.append(f"- {row.clock.replace('_', ' ')}: {due} ({row.rule})")
    if (offer := case.handover) is not None:
        by = f"accepted by {offer.accepted_by}" if offer.accepted_by else "not accepted yet"
        lines.append(f"- to {offer.to} from {offer.effective_at:%Y-%m-%d %H:%M} UTC: {by}")
    if case.answer_owed_since is not None:
        lines.append(f"- answer owed since {case.answer_owed_since:%Y-%m-%d %H:%M} UTC")
    score = case.score
    lines.append(f"- updates: {score.staff} by staff, {score.system} by the system, {score.missed} missed")
    if case.breach_count:
        lines.append(f"- breaches: {case.breach_count}")
    if case.outage is not None:
        ended = f"ended ({case.outage.ended_by}), {case.outage.minutes} min"
        stands = f"goes on, {case.outage.notices} notices" if case.outage.is_running else ended
        lines.append(f"- outage: from {case.outage.began_at:%Y-%m-%d %H:%M} UTC, {stands}")
    return "\n".join(lines)
