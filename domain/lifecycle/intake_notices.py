"""Who is told of a new case: its requester gets the receipt, its centre and the engineer there hear of it."""

from domain.centres.regions import Roster
from domain.clocks import Clock
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.intake_required import welcome_fields
from domain.lifecycle.what_was_said import to_take_up
from domain.naming import case_number
from domain.planned import start_zone
from domain.policy import Disposition
from domain.rules import RULES_0_4
from domain.timeline import AUTOMATIC, EntryKind


def tell_receipt(draft: Draft, note: str | None) -> None:
    """Send the receipt; a machine gets none, or the two would write to each other for ever (RFC 3834)."""
    case = draft.case
    if case.request.automatic and case.rules >= RULES_0_4:
        draft.enter(
            EntryKind.NOTED, "a machine wrote it: no receipt was sent", internal=True, about=AUTOMATIC
        )
        draft.warn("AutomaticRequest")
        return
    response = case.clock(Clock.INITIAL_RESPONSE)
    start_at = case.request.start_at
    draft.tell(
        EffectKind.ACKNOWLEDGEMENT,
        Recipient.CUSTOMER,
        zone=start_zone(case) if start_at is not None else None,
        starts_at=start_at,
        received_at=case.received_at,
        due_at=response.due_at if response else None,
        missing=case.missing,
        welcome=welcome_fields(case.request, case.terms),
        text=note,
        advice=_advice(draft),
        links=tuple(" ".join(filter(None, (place.name, place.link))) for place in case.terms.self_help),
        has_sla=case.has_sla,
        linked_case=case.parent,
        linked_number=case_number(case.parent) if case.parent else None,
    )


def tell_owner(draft: Draft, roster: Roster | None) -> None:
    """Tell the centre that owns it, and its engineer on shift, unless its opener takes it (RHIPE-25).

    Before 0.4 nobody heard of a case that our own staff opened.
    """
    case = draft.case
    if case.assignee is not None or (case.rules < RULES_0_4 and case.request.actor.is_staff):
        return
    response = case.clock(Clock.INITIAL_RESPONSE)
    undecided = case.scope is not None and case.scope.disposition is Disposition.TRIAGE
    draft.tell(
        EffectKind.NEW_CASE,
        Recipient.ASSIGNEE,
        about=Disposition.TRIAGE if undecided else None,
        text=case.request.explanation,
        by=case.request.actor.label,
        due_at=response.due_at if response else None,
        contact=_on_shift(draft, roster),
        **to_take_up(case, "title", "explanation"),
    )


def _on_shift(draft: Draft, roster: Roster | None) -> str | None:
    """Name who is at work at the owning centre now, where that is known."""
    owner = roster.centre(draft.case.region) if roster is not None else None
    if owner is None or owner.span_at(draft.at) is None or draft.case.rules < RULES_0_4:
        return None
    return owner.engineer


def _advice(draft: Draft) -> str | None:
    case = draft.case
    if "UsePhoneForUrgent" in draft.warnings:
        return "call"
    return None if case.request.channel in case.terms.rules.intake.channels else "relodge"
