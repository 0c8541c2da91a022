"""What the vendor says of a case they have: their answers, their finding, and who is the main contact
meanwhile.

RHIPE-51, CSS-09 to CSS-12, GAP-09. Their severity, number and people are noted and move nothing of ours.
"""

from typing import Any

from domain.addon import AddonCheck
from domain.case import Case
from domain.clocks import Clock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import handoff
from domain.lifecycle.closing import close_now
from domain.lifecycle.customer_update import run_duty
from domain.lifecycle.intake_scope import is_in_plan
from domain.lifecycle.updates import count_update, next_update_at, restart_cadence
from domain.lifecycle.vendor_checks import rules_of
from domain.lifecycle.vendor_cover import want_cover
from domain.lifecycle.vendor_follow_up import change_vendor, leave_vendor, of_the_ticket, run_follow_up
from domain.lifecycle.vendor_ticket import take_reference
from domain.lifecycle.vendor_words import as_kept
from domain.messages.vendor import ChangeMainContact, FindBoundary, VendorUpdate
from domain.phase import OPEN, CloseReason, Phase
from domain.rules import RULES_0_4
from domain.timeline import EntryKind
from domain.vendor import Boundary, VendorCase

RESOLVED = "resolved"
TAKEN_BACK = "taken_back"
"""What an answer of the vendor is about: they are done with it, or are not after all."""


def _with_vendor(draft: Draft) -> VendorCase:
    vendor = draft.case.vendor
    if vendor is None:
        refuse("InvalidTransition", "the case has not been taken to the vendor", "escalate it first")
    return vendor


def vendor_update(draft: Draft, message: VendorUpdate) -> None:
    """Take what the vendor answers; the next follow-up counts from now. Raises: Refusal.

    While the case is open with us its customer is told, and it counts as an update. Of a case that was handed
    over the vendor tells the contact directly (RHIPE-53), so we note it only. Whoever speaks again after
    "resolved" takes that back: an open case is the vendor's again, of one that is over a person is asked.
    """
    vendor = _with_vendor(draft)
    again = _takes_back(draft.case, message)
    if again:
        _theirs_again(draft)
    is_open = _is_open_there(draft)
    message = as_kept(draft, message, internal=not is_open)
    severity = message.severity or vendor.severity
    change_vendor(
        draft,
        severity=severity,
        engineer=message.contact or vendor.engineer,
        answered_at=draft.at,
        unanswered=0,
    )
    about = RESOLVED if message.resolved else TAKEN_BACK if again else None
    number = draft.enter(EntryKind.VENDOR_ANSWERED, message.text, internal=not is_open, about=about)
    was_active = draft.case.vendor is not None and draft.case.vendor.is_active
    if message.reference is not None and message.reference != vendor.reference:
        take_reference(draft, message.reference)
    if not was_active or draft.case.vendor is None or not draft.case.vendor.is_active:
        _tell_of_late_word(draft, message, number, again=again)
        return
    if message.resolved:
        _back_to_us(draft)
    run_follow_up(draft)
    if severity != vendor.severity:
        want_cover(draft)
    _pass_on(draft, message, number, about, told=is_open)


def _is_open_there(draft: Draft) -> bool:
    vendor = draft.case.vendor
    return draft.case.phase is Phase.VENDOR_ESCALATED and vendor is not None and vendor.is_active


def _takes_back(case: Case, message: VendorUpdate) -> bool:
    """Tell whether the vendor was done with it, and is not after all."""
    vendor = case.vendor
    if case.rules < RULES_0_4 or message.resolved or vendor is None:
        return False
    if vendor.resolved_at is not None:
        return True
    answers = [entry.about for entry in case.timeline if entry.kind is EntryKind.VENDOR_ANSWERED]
    return vendor.handed_over_at is not None and answers[-1:] == [RESOLVED]


def _theirs_again(draft: Draft) -> None:
    """Give an open case back to the vendor who was done with it: their clocks run again."""
    vendor = draft.case.vendor
    if draft.case.phase not in OPEN or vendor is None or vendor.handed_over_at is not None:
        return
    rules = rules_of(draft.case)
    change_vendor(draft, resolved_at=None)
    if draft.case.phase is Phase.IN_PROGRESS:
        draft.set(phase=Phase.VENDOR_ESCALATED)
    draft.set(main_contact=rules.main_contact or draft.case.main_contact)
    if rules.our_cadence == "stop":
        restart_cadence(draft)
        draft.stop(Clock.CUSTOMER_UPDATE)
    handoff.look_again(draft)
    want_cover(draft)


def _tell_of_late_word(draft: Draft, message: VendorUpdate, number: int, *, again: bool) -> None:
    """Have a person look at what the vendor says of a case they were done with (since 0.4)."""
    case = draft.case
    if case.rules < RULES_0_4 or case.vendor is None:
        return
    if not again and (case.vendor.handed_over_at is not None or message.actor.is_staff):
        return
    _tell_engineer(draft, message, number, TAKEN_BACK if again else None)


def _back_to_us(draft: Draft) -> None:
    """Take the case back to work: the vendor is done with it."""
    leave_vendor(draft, draft.at)
    if draft.case.phase is Phase.VENDOR_ESCALATED:
        draft.set(phase=Phase.IN_PROGRESS)
    stopped = rules_of(draft.case).our_cadence == "stop"
    if stopped and draft.case.responded_at is not None and draft.case.phase in OPEN:
        restart_cadence(draft)
        run_duty(draft)


def _pass_on(draft: Draft, message: VendorUpdate, number: int, about: str | None, *, told: bool) -> None:
    case = draft.case
    if told and rules_of(case).our_cadence == "continue":
        if not case.owes_first_answer:
            count_update(draft)
            restart_cadence(draft)
        draft.tell(
            EffectKind.VENDOR_UPDATE,
            Recipient.CUSTOMER,
            about=RESOLVED if message.resolved else None,
            next_update_at=next_update_at(draft),
            vendor_reference=case.vendor.reference if case.vendor else None,
            **_said(message, number),
        )
    if not message.actor.is_staff or (about == TAKEN_BACK and message.actor.label != case.assignee):
        _tell_engineer(draft, message, number, about)


def _tell_engineer(draft: Draft, message: VendorUpdate, number: int, about: str | None) -> None:
    said = _said(message, number) | of_the_ticket(draft.case)
    draft.tell(EffectKind.VENDOR_ANSWERED, Recipient.ASSIGNEE, about=about, **said)


def _said(message: VendorUpdate, number: int) -> dict[str, Any]:
    return {"text": message.text, "text_entry": number, "by": message.actor.label}


def vendor_finding(draft: Draft, message: FindBoundary) -> None:
    """Note where the vendor found the cause (CSS-11). Raises: Refusal.

    On the premises, and without the add-on for them in the plan or, at that moment, in the directory, the
    case ends (CSS-12); where nobody knows which add-ons the tenant has, it goes on.
    """
    vendor = _with_vendor(draft)
    if message.boundary not in set(Boundary):
        refuse(
            "ValidationError",
            f"boundary: {message.boundary} is not one",
            f"use {' or '.join(Boundary)}",
            ("boundary",),
        )
    if not vendor.is_active:
        refuse("InvalidTransition", "the vendor has finished with the case", "escalate it again")
    message = as_kept(draft, message, internal=False)
    boundary = Boundary(message.boundary)
    change_vendor(draft, boundary=boundary, answered_at=draft.at, unanswered=0)
    draft.enter(EntryKind.VENDOR_FOUND, message.text, about=boundary)
    if boundary is Boundary.ON_PREMISES and draft.case.rules >= RULES_0_4:
        _ask_for_addon(draft, message)
    elif boundary is Boundary.ON_PREMISES and _lacks_addon(draft):
        close_now(draft, CloseReason.ON_PREMISES_WITHOUT_ADDON, draft.at, message.text)
        return
    run_follow_up(draft)


def _ask_for_addon(draft: Draft, message: FindBoundary) -> None:
    """Have the directory asked for the add-on, unless none is needed or the plan has it."""
    addon = rules_of(draft.case).on_premises_addon
    if addon is None or is_in_plan(addon, draft.case.terms):
        return
    draft.warn("AddonAsked")
    draft.set(addon_check=AddonCheck(addon=addon, cause=draft.cause, actor=message.actor, text=message.text))


def _lacks_addon(draft: Draft) -> bool:
    facts, addon = draft.case.facts, rules_of(draft.case).on_premises_addon
    return addon is not None and facts is not None and facts.listed and addon not in facts.addons


def change_main_contact(draft: Draft, message: ChangeMainContact) -> None:
    """Name who speaks for the case; with the vendor that is our engineer (CSS-09).

    Raises: Refusal.
    """
    case, kept = draft.case, rules_of(draft.case).main_contact
    if message.to == case.main_contact:
        refuse("NoChange", f"the main contact is {message.to} already", "there is nothing to do")
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
