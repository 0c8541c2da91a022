"""Taking a case to the vendor: the escalation itself, and the wish for one.

RHIPE-40 to RHIPE-59, CSS-08 to CSS-10, CONF-01. Either the case is closed as handed over, or it stays
open with us while the vendor works on it, as its policy says.
"""

from domain.clocks import Clock
from domain.decision import Declined, Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import handoff
from domain.lifecycle.updates import restart_cadence
from domain.lifecycle.vendor_checks import (
    Invalid,
    check_contact,
    check_fields,
    check_override,
    check_prerequisites,
    product_of,
    rules_of,
    why_not_valid,
)
from domain.lifecycle.vendor_cover import want_cover
from domain.lifecycle.vendor_follow_up import run_follow_up
from domain.lifecycle.vendor_handover import hand_over
from domain.lifecycle.vendor_ticket import ask_for_ticket, closes_on_handover
from domain.messages.request import Contact
from domain.messages.vendor import EscalateToVendor, RequestEscalation
from domain.phase import Phase
from domain.rules import RULES_0_4
from domain.timeline import EntryKind
from domain.vendor import VendorCase


def escalate_to_vendor(draft: Draft, message: EscalateToVendor) -> Declined | None:
    """Take the case to the vendor, or decline where that is not valid. Raises: Refusal."""
    check_override(message.actor, message)
    check_fields(draft.case, message)
    check_contact(draft.case, message.contact)
    check_prerequisites(draft.case, message)
    invalid = why_not_valid(draft.case, message)
    if invalid is not None:
        return _decline(draft, invalid)
    draft.set(
        vendor=_at_the_vendor(draft, message),
        assignee=draft.case.assignee or message.actor.name,
        waiting_since=None,
        waiting_for=None,
    )
    text = "\n".join(filter(None, (message.reason, message.override_reason))) or None
    draft.enter(EntryKind.ESCALATED_TO_VENDOR, text, about=message.vendor_reference)
    if message.vendor_reference is None:
        ask_for_ticket(draft, message.reason)
    if closes_on_handover(draft.case) and message.vendor_reference is not None:
        hand_over(draft)
    else:
        _keep_open(draft)
    return None


def _at_the_vendor(draft: Draft, message: EscalateToVendor) -> VendorCase:
    case, rules = draft.case, rules_of(draft.case)
    ours = rules.severity_for.get(case.level) if rules.severity_set_by == "ours" else None
    asked = case.request.product
    product = product_of(message, rules) or (asked if not rules.products or asked in rules.products else None)
    return VendorCase(
        reference=message.vendor_reference,
        severity=message.severity or ours,
        product=product,
        enhanced=product in rules.enhanced,
        contact=message.contact or _our_engineer(draft, message),
        engineer=message.vendor_contact,
        escalated_at=draft.at,
        was_main_contact=case.main_contact,
    )


def _our_engineer(draft: Draft, message: EscalateToVendor) -> Contact | None:
    """Name who of us the vendor speaks to, where that is our engineer under the plan (RHIPE-42)."""
    case = draft.case
    name = case.assignee or message.actor.name
    if name is None or case.terms.plan not in rules_of(case).engineer_is_contact_in or case.rules < RULES_0_4:
        return None
    return Contact(name=name, role=rules_of(case).engineer_as_contact)


def _keep_open(draft: Draft) -> None:
    """Leave the case with us while the vendor works: whom to contact, cadence, follow-ups."""
    rules = rules_of(draft.case)
    was_waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
    draft.set(phase=Phase.VENDOR_ESCALATED)
    is_for_good = closes_on_handover(draft.case)
    if was_waiting or (rules.our_cadence == "stop" and not is_for_good):
        restart_cadence(draft)
    if is_for_good:
        return  # it is handed over as soon as its ticket has a number; until then our promises are kept
    draft.set(main_contact=rules.main_contact or draft.case.main_contact)
    if rules.our_cadence == "stop":
        draft.stop(Clock.CUSTOMER_UPDATE)
    run_follow_up(draft)
    handoff.look_again(draft)
    want_cover(draft)


def _decline(draft: Draft, invalid: Invalid) -> Declined:
    draft.enter(EntryKind.ESCALATION_DECLINED, invalid.reason, about=invalid.about)
    draft.tell(EffectKind.ESCALATION_DECLINED, Recipient.CUSTOMER, about=invalid.about, reason=invalid.reason)
    return draft.declined(
        "EscalationNotValid",
        f"{invalid.reason} ({invalid.about})",
        "the case stays with us, and the requester is told why",
    )


def request_escalation(draft: Draft, message: RequestEscalation) -> None:
    """Pass on the requester's wish to whoever works on the case (RHIPE-47). Raises: Refusal."""
    if message.reason is None:
        refuse("ReasonRequired", "why should the vendor look at it?", "give a reason", ("reason",))
    number = draft.enter(EntryKind.ESCALATION_REQUESTED, message.reason)
    draft.tell(
        EffectKind.ESCALATION_REQUESTED,
        Recipient.ASSIGNEE,
        text=message.reason,
        text_entry=number,
        by=message.actor.label,
    )
