"""Closing a case as handed over to the vendor, and seeing to it that they call.

RHIPE-42, RHIPE-51 to RHIPE-56, GAP-15, GAP-20: from the closure on the technical contact and the vendor
speak directly; we are in none of their mails, and after 24 h we ask whether they have found each other.
"""

from datetime import datetime
from typing import Any

from domain.clocks import Clock, RunningClock
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.closing import close_now
from domain.lifecycle.updates import give_first_answer
from domain.lifecycle.vendor_follow_up import ask_vendor, change_vendor, of_the_ticket
from domain.lifecycle.vendor_words import as_kept
from domain.lifecycle.when_due import CatchUp, when_due
from domain.messages.vendor import VendorContacted
from domain.phase import CloseReason
from domain.policy import in_words
from domain.timeline import EntryKind
from domain.vendor import ContactState


def hand_over(draft: Draft, text: str | None = None) -> None:
    """Close the case as handed over, now that the vendor has a ticket (RHIPE-55)."""
    give_first_answer(draft)
    change_vendor(draft, handed_over_at=draft.at, cover_wanted=False)
    close_now(
        draft,
        CloseReason.HANDED_OVER,
        draft.at,
        text,
        letter=EffectKind.ESCALATION_CLOSURE,
        **of_the_ticket(draft.case),
    )
    rules = draft.case.terms.vendor
    if rules is not None and rules.contact_check_after is not None:
        _check_contact_later(draft, draft.at + rules.contact_check_after, in_words(rules.contact_check_after))


def _check_contact_later(draft: Draft, due_at: datetime, rule: str) -> None:
    """Ask the contact at `due_at`; the case is not archived before."""
    draft.run(RunningClock(clock=Clock.VENDOR_CONTACT_CHECK, started_at=draft.at, due_at=due_at, rule=rule))
    window = draft.case.clock(Clock.REOPEN_WINDOW)
    latest = due_at + draft.case.terms.rules.closing.archive_margin
    if window is not None and window.fires_at is not None and window.fires_at < latest:
        draft.run(window.model_copy(update={"fires_at": latest}))


@when_due(Clock.VENDOR_CONTACT_CHECK)
def contact_check_falls_due(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Ask the contact whether the vendor has called, and give the TSS the task to follow it up."""
    assert running.due_at is not None
    draft.set(settled_at=running.due_at)
    draft.stop(Clock.VENDOR_CONTACT_CHECK)
    draft.cause = due_cause(running, running.due_at)
    about = Clock.VENDOR_CONTACT_CHECK
    draft.enter(EntryKind.CONTACT_CHECKED, about=about, due_at=running.due_at)
    facts = of_the_ticket(draft.case)
    draft.tell(EffectKind.CONTACT_CHECK, Recipient.CONTACT, about=about, due_at=running.due_at, **facts)
    draft.tell(EffectKind.FOLLOW_UP_TASK, Recipient.TSS, about=about, due_at=running.due_at, **facts)


def vendor_contacted(draft: Draft, message: VendorContacted) -> None:
    """Note whether the vendor has called; if not, we ask them once the time is over (RHIPE-56).

    A "no" before the time is over is noted as `Early`; at the due instant itself it still counts as before.
    Raises: Refusal where the case was not handed over, or the contact is confirmed already.
    """
    vendor = draft.case.vendor
    if vendor is None or draft.case.close_reason is not CloseReason.HANDED_OVER:
        refuse("InvalidTransition", "the case was not handed over to the vendor", "reply to it instead")
    message = as_kept(draft, message, internal=False)
    if message.contacted:
        if vendor.contacted is ContactState.CONFIRMED:
            refuse("NoChange", "we already know that the vendor called", "there is nothing to do")
        change_vendor(draft, contacted=ContactState.CONFIRMED)
        draft.stop(Clock.VENDOR_CONTACT_CHECK)
        draft.enter(EntryKind.VENDOR_CONTACTED, message.text)
        return
    is_early = draft.case.clock(Clock.VENDOR_CONTACT_CHECK) is not None
    number = draft.enter(EntryKind.VENDOR_NOT_CONTACTED, message.text, about="Early" if is_early else None)
    if is_early:
        draft.warn("Early")
        return
    change_vendor(draft, contacted=ContactState.UNCONFIRMED)
    said: dict[str, Any] = {"text": message.text, "by": message.actor.label}
    if message.text:
        said["text_entry"] = number
    ask_vendor(draft, about="not_contacted", **said)
    draft.tell(
        EffectKind.FOLLOW_UP_TASK,
        Recipient.TSS,
        about="not_contacted",
        **said,
        **of_the_ticket(draft.case),
    )
