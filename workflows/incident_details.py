"""What a major incident shows of itself: receipts to those who speak to it, details in the Temporal UI."""

from temporalio import workflow

from domain.incidents.record import Incident
from workflows.incident_messages import IncidentOutcome, IncidentReceipt
from workflows.messages import CASE_PHASE


def receipt(incident: Incident, warnings: tuple[str, ...] = (), *, repeated: bool = False) -> IncidentReceipt:
    """Answer a message: how the incident stands now."""
    return IncidentReceipt(
        incident_id=incident.id,
        number=incident.number,
        at=incident.timeline[-1].at,
        phase=incident.phase,
        cases=sum(child.is_in for child in incident.children),
        notice=incident.notices,
        waiting=len(incident.outgoing),
        next_update_at=incident.next_update_at,
        warnings=warnings,
        repeated=repeated,
    )


def show(incident: Incident) -> None:
    """Set what the Temporal UI shows: the current details, and the phase where it changed."""
    inside = sum(child.is_in for child in incident.children)
    due_at = incident.next_update_at
    next_update = f"by {due_at:%Y-%m-%d %H:%M} UTC" if due_at else "none is due"
    workflow.set_current_details(
        f"**{incident.number}** {incident.phase}: {incident.title}\n\n- {inside} cases\n"
        f"- {incident.notices} notices, {len(incident.outgoing)} on their way\n"
        f"- next update: {next_update}"
    )
    if workflow.info().typed_search_attributes.get(CASE_PHASE) != incident.phase.value:
        workflow.upsert_search_attributes([CASE_PHASE.value_set(incident.phase.value)])


def outcome(incident: Incident, turn_overs: int) -> IncidentOutcome:
    """Return the result of the run: how the incident ended."""
    return IncidentOutcome(
        incident_id=incident.id,
        number=incident.number,
        closed_at=incident.closed_at,
        cases=len(incident.children),
        notices=incident.notices,
        turn_overs=turn_overs,
    )
