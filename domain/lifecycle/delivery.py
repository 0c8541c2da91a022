"""What happens when the outside does not take what we say, or says what we do not understand.

Pure. GAP-29: nothing is lost silently; it is recorded, another channel is tried, staff are told.
"""

from datetime import datetime

from domain.actor import SYSTEM
from domain.case import Case
from domain.decision import Accepted, Draft
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.lifecycle import handing_on, outage_notices, vendor_ticket
from domain.text import excerpt
from domain.timeline import EntryKind

OURSELVES = SYSTEM


def delivery_ended(
    case: Case, effects: tuple[Effect, ...], outcomes: tuple[Outcome, ...], now: datetime
) -> Accepted | None:
    """This will record effects that could not be told, and ask staff to reach the customer otherwise.

    None where all went well. A failed notice to our own side is recorded only: telling about it would take
    the same way.
    """
    draft = Draft(case, now.replace(microsecond=0), "delivery", OURSELVES)
    by_id = {effect.id: effect for effect in effects}
    for outcome in outcomes:
        effect = by_id.get(outcome.effect_id)
        if effect is None:
            continue
        if effect.to is Recipient.VENDOR:
            vendor_ticket.carried_out(draft, effect, outcome)
        elif outcome.status is OutcomeStatus.UNDELIVERABLE or outcome.failed:
            _record_failure(draft, effect, outcome)
        elif outcome.reason:  # it arrived, and something about it should be known: twice perhaps
            text = excerpt(f"{effect.kind} to {effect.to}: {outcome.reason}", 600)
            draft.enter(EntryKind.NOTED, text, internal=True, about=effect.kind)
    return draft.accepted() if draft.entries else None


def _record_failure(draft: Draft, effect: Effect, outcome: Outcome) -> None:
    lost = outcome.status is OutcomeStatus.UNDELIVERABLE
    where = ", ".join(address.to for address in outcome.failed) or "no address"
    what = f"{effect.kind} to {effect.to}"
    ending = "not delivered" if lost else f"delivered by {outcome.channel} instead"
    text = excerpt(f"{what}: {where} failed ({outcome.reason or 'no reason given'}); {ending}", 600)
    draft.enter(EntryKind.DELIVERY_FAILED, text, internal=True, about=effect.kind)
    if effect.kind is EffectKind.HANDOFF_OFFER and lost:
        _centre_is_silent(draft, effect, outcome)
    if effect.to is Recipient.AUDIENCE and lost:
        outage_notices.audience_not_reached(draft, effect)
    if effect.to in (Recipient.CUSTOMER, Recipient.CONTACT):
        contact = draft.case.contact
        draft.cause = effect.id.removeprefix(f"{effect.case_id}/")
        draft.tell(
            EffectKind.DELIVERY_FAILED,
            Recipient.ASSIGNEE,
            about=effect.kind,
            text=effect.facts.text,
            reason=text,
            advice=(contact.phone if contact else None) if lost else None,
        )


def _centre_is_silent(draft: Draft, effect: Effect, outcome: Outcome) -> None:
    """This will ask the next centre where nobody at this one could be told (GAP-30: `HandoffSkipped`)."""
    handover = draft.case.handover
    if handover is not None and handover.to == effect.region and handover.accepted_by is None:
        reason = f"HandoffSkipped: {outcome.reason or 'no answer'}"
        handing_on.pass_on(draft, EntryKind.HANDOFF_SKIPPED, excerpt(reason, 300))


def not_understood(case: Case, name: str, size: int, reason: str, now: datetime) -> Accepted:
    """This will record a message nobody could read: its name, its size in bytes, and why."""
    draft = Draft(case, now.replace(microsecond=0), f"unread@{now:%Y%m%dT%H%M%S}", OURSELVES)
    shown = "".join(char if " " <= char <= "~" else "?" for char in name[:60])
    draft.enter(
        EntryKind.NOT_UNDERSTOOD,
        excerpt(f"message {shown!r}, {size} bytes: {reason}", 400),
        internal=True,
        about=shown,
        count=size,
    )
    return draft.accepted()
