"""What the vendor says of a case he has: his answers, his finding, and who is the main contact meanwhile.

Pure. RHIPE-51, CSS-09 to CSS-12, GAP-09. His severity, number and people are noted and move nothing of ours.
"""

from typing import Any

from domain.clocks import Clock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.closing import close_now
from domain.lifecycle.duty import run_duty
from domain.lifecycle.informing import end_streak, next_update_at, restart_cadence
from domain.lifecycle.vendor_checks import rules_of
from domain.lifecycle.vendor_cover import want_cover
from domain.lifecycle.vendor_follow_up import change_vendor, leave_vendor, of_the_ticket, run_follow_up
from domain.lifecycle.vendor_ticket import take_reference
from domain.phase import OPEN, CloseReason, Phase
from domain.timeline import EntryKind
from domain.vendor import Boundary, VendorCase
from domain.vendor_messages import ChangeMainContact, FindBoundary, VendorUpdate


def _with_vendor(draft: Draft) -> VendorCase:
    vendor = draft.case.vendor
    if vendor is None:
        refuse("InvalidTransition", "the case was not taken to the vendor", "escalate it first")
    return vendor


def vendor_update(draft: Draft, message: VendorUpdate) -> None:
    """This will take what the vendor answers; the next follow-up counts from now. Raises: Refusal.

    While the case is open with us its customer is told, and it counts as an update. Of a case that was handed
    over the vendor tells the contact himself (RHIPE-53), so we note it only.
    """
    vendor = _with_vendor(draft)
    severity = message.severity or vendor.severity
    change_vendor(
        draft,
        severity=severity,
        engineer=message.contact or vendor.engineer,
        answered_at=draft.at,
        unanswered=0,
    )
    is_open = draft.case.phase is Phase.VENDOR_ESCALATED and vendor.is_active
    number = draft.enter(
        EntryKind.VENDOR_ANSWERED,
        message.text,
        internal=not is_open,
        about="resolved" if message.resolved else None,
    )
    if message.reference is not None and message.reference != vendor.reference:
        take_reference(draft, message.reference)
    if not vendor.is_active or draft.case.vendor is None or not draft.case.vendor.is_active:
        return
    if message.resolved:
        _back_to_us(draft)
    run_follow_up(draft)
    if severity != vendor.severity:
        want_cover(draft)
    _pass_on(draft, message, number, told=is_open)


def _back_to_us(draft: Draft) -> None:
    """This will take the case back to work: the vendor is done with it."""
    leave_vendor(draft, draft.at)
    if draft.case.phase is Phase.VENDOR_ESCALATED:
        draft.set(phase=Phase.IN_PROGRESS)
    stopped = rules_of(draft.case).our_cadence == "stop"
    if stopped and draft.case.responded_at is not None and draft.case.phase in OPEN:
        restart_cadence(draft)
        run_duty(draft)


def _pass_on(draft: Draft, message: VendorUpdate, number: int, *, told: bool) -> None:
    case = draft.case
    said: dict[str, Any] = {"text": message.text, "text_entry": number, "by": message.actor.label}
    if told and rules_of(case).our_cadence == "continue":
        if case.responded_at is not None and case.clock(Clock.INITIAL_RESPONSE) is None:
            _counts_as_update(draft)
        draft.tell(
            EffectKind.VENDOR_UPDATE,
            Recipient.CUSTOMER,
            about="resolved" if message.resolved else None,
            next_update_at=next_update_at(draft),
            vendor_reference=case.vendor.reference if case.vendor else None,
            **said,
        )
    if not message.actor.is_staff:
        draft.tell(
            EffectKind.VENDOR_ANSWERED,
            Recipient.ASSIGNEE,
            about="resolved" if message.resolved else None,
            **said,
            **of_the_ticket(case),
        )


def _counts_as_update(draft: Draft) -> None:
    score = draft.case.score
    if draft.case.clock(Clock.UPDATE) is not None:
        draft.set(score=score.model_copy(update={"staff": score.staff + 1}))
    end_streak(draft)
    restart_cadence(draft)


def vendor_finding(draft: Draft, message: FindBoundary) -> None:
    """This will note where the vendor found the cause (CSS-11). Raises: Refusal.

    On the premises, and without the add-on for them, the case ends (CSS-12); where nobody knows which add-ons
    the tenant has, it goes on.
    """
    vendor = _with_vendor(draft)
    if message.boundary not in set(Boundary):
        refuse(
            "ValidationError",
            f"boundary: {message.boundary} is none",
            f"use {' or '.join(Boundary)}",
            ("boundary",),
        )
    if not vendor.is_active:
        refuse("InvalidTransition", "the vendor is done with the case", "escalate it again")
    boundary = Boundary(message.boundary)
    change_vendor(draft, boundary=boundary, answered_at=draft.at, unanswered=0)
    draft.enter(EntryKind.VENDOR_FOUND, message.text, about=boundary)
    if boundary is Boundary.ON_PREMISES and _lacks_addon(draft):
        close_now(draft, CloseReason.ON_PREMISES_WITHOUT_ADDON, draft.at, message.text)
        return
    run_follow_up(draft)


def _lacks_addon(draft: Draft) -> bool:
    facts, addon = draft.case.facts, rules_of(draft.case).on_premises_addon
    return addon is not None and facts is not None and facts.listed and addon not in facts.addons


def change_main_contact(draft: Draft, message: ChangeMainContact) -> None:
    """This will name who speaks for the case; with the vendor that is our engineer (CSS-09).

    Raises: Refusal.
    """
    case, kept = draft.case, rules_of(draft.case).main_contact
    if message.to == case.main_contact:
        refuse("NoChange", f"the main contact is {message.to} already", "nothing needs to be done")
    if case.vendor is not None and case.vendor.is_active and kept is not None:
        refuse(
            "PolicyViolation",
            f"main_contact: while the case is with the vendor it stays {kept}",
            "let the vendor finish first",
            ("main_contact",),
        )
    draft.set(main_contact=message.to)
    draft.enter(
        EntryKind.MAIN_CONTACT_CHANGED, about=f"{case.main_contact or 'nobody'} -> {message.to}"[:200]
    )
