"""The ticket at the vendor: asking for it, and what becomes of the case once it is open or cannot be.

RHIPE-41, RHIPE-55, CSS-08. The vendor's own system is reached by an adapter; here is only what is told
to it and what its answer means.
"""

from domain.case import Case
from domain.clocks import Clock
from domain.decision import Draft
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.lifecycle.customer_update import run_duty
from domain.lifecycle.updates import restart_cadence
from domain.lifecycle.vendor_follow_up import change_vendor, of_the_ticket
from domain.lifecycle.vendor_handover import hand_over
from domain.lifecycle.what_was_said import to_the_vendor
from domain.phase import OPEN, Phase
from domain.text import excerpt
from domain.timeline import EntryKind

_NO_NUMBER = "A ticket with the vendor was asked for; its number is not known yet."


def ask_for_ticket(draft: Draft, reason: str | None) -> None:
    """Have a ticket opened with the vendor: the problem as the requester told it, and why now."""
    request = draft.case.request
    draft.tell(
        EffectKind.VENDOR_TICKET,
        Recipient.VENDOR,
        language="en",
        text=request.explanation or draft.case.title,
        reason=reason,
        received_at=draft.case.received_at,
        **of_the_ticket(draft.case),
        **to_the_vendor(draft.case, "title", "explanation"),
    )


def closes_on_handover(case: Case) -> bool:
    """Tell whether the policy hands the case over for good (CONF-01)."""
    return case.terms.vendor is not None and case.terms.vendor.disposition == "close_on_handover"


def carried_out(draft: Draft, effect: Effect, outcome: Outcome) -> None:
    """Take what came of writing to the vendor: a ticket's number, or that it failed."""
    draft.cause = effect.id.removeprefix(f"{effect.case_id}/")
    lost = outcome.status is OutcomeStatus.UNDELIVERABLE
    if lost:
        _failed(draft, effect, outcome)
    elif effect.kind is EffectKind.VENDOR_TICKET:
        _opened(draft, outcome.reference)
    if not lost and outcome.reason:
        text = excerpt(f"{effect.kind}: {outcome.reason}", 600)
        draft.enter(EntryKind.NOTED, text, internal=True, about=effect.kind)


def _opened(draft: Draft, reference: str | None) -> None:
    vendor = draft.case.vendor
    if reference is None:  # people were asked, or the vendor gave none: somebody has to find it out
        draft.enter(EntryKind.NOTED, _NO_NUMBER, internal=True, about=EffectKind.VENDOR_TICKET)
        draft.tell(EffectKind.FOLLOW_UP_TASK, Recipient.TSS, about="vendor_reference")
        return
    draft.enter(EntryKind.VENDOR_TICKET_OPENED, internal=True, about=reference)
    if vendor is not None and vendor.reference is None:
        take_reference(draft, reference)


def take_reference(draft: Draft, reference: str) -> None:
    """Note the vendor's number; a case that is to be handed over is, now that it has one."""
    change_vendor(draft, reference=reference)
    if closes_on_handover(draft.case) and draft.case.phase in OPEN:
        hand_over(draft)


def _failed(draft: Draft, effect: Effect, outcome: Outcome) -> None:
    """Keep the case with us where the vendor could not be reached, and tell the TSS."""
    text = excerpt(f"{effect.kind}: {outcome.reason or 'no reason given'}", 600)
    is_ticket = effect.kind is EffectKind.VENDOR_TICKET
    kind = EntryKind.VENDOR_TICKET_FAILED if is_ticket else EntryKind.DELIVERY_FAILED
    draft.enter(kind, text, internal=True, about=effect.kind)
    draft.tell(EffectKind.FOLLOW_UP_TASK, Recipient.TSS, about=effect.kind, reason=text)
    vendor = draft.case.vendor
    if is_ticket and vendor is not None and vendor.reference is None:
        _take_back(draft)


def _take_back(draft: Draft) -> None:
    vendor = draft.case.vendor
    assert vendor is not None
    draft.stop(Clock.VENDOR_FOLLOW_UP)
    draft.set(vendor=None, main_contact=vendor.was_main_contact)
    if draft.case.phase is Phase.VENDOR_ESCALATED:
        draft.set(phase=Phase.IN_PROGRESS)
    if draft.case.responded_at is None or draft.case.phase not in OPEN:
        return
    if draft.case.clock(Clock.UPDATE) is None:
        restart_cadence(draft)
    if draft.case.clock(Clock.CUSTOMER_UPDATE) is None:
        run_duty(draft)
