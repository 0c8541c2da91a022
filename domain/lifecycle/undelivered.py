"""What happens when the outside does not take what we say, or says what we do not understand.

GAP-29: nothing is lost silently; it is recorded, another channel is tried, staff are told.
"""

from datetime import datetime

from domain.actor import SYSTEM
from domain.case import Case
from domain.decision import Accepted, Draft
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.lifecycle import handoff_answers, outage_notices, vendor_ticket
from domain.text import excerpt
from domain.timeline import EntryKind

OURSELVES = SYSTEM


def delivery_ended(
    case: Case, effects: tuple[Effect, ...], outcomes: tuple[Outcome, ...], now: datetime
) -> Accepted | None:
    """Record effects that could not be told, and ask staff to reach the customer otherwise.

    None where all went well. A failed notice to our own side is recorded only: telling about it would take
    the same way. So is an outcome of effects nobody has any more.
    """
    draft = Draft(case, now.replace(microsecond=0), "delivery", OURSELVES)
    by_id = {effect.id: effect for effect in effects}
    for outcome in outcomes:
        effect = by_id.get(outcome.effect_id)
        if effect is None:
            if not effects:  # the store has lost what waited in a lane
                draft.enter(EntryKind.DELIVERY_FAILED, outcome.reason, internal=True)
            continue
        if effect.to is Recipient.VENDOR:
            vendor_ticket.carried_out(draft, effect, outcome)
        elif effect.to is Recipient.REGION and handoff_answers.centre_ended(draft, effect, outcome):
            continue
        elif outcome.status is not OutcomeStatus.DELIVERED or outcome.failed:
            _record_failure(draft, effect, outcome)
        elif outcome.reason:  # it arrived, and something about it should be known: twice perhaps
            text = excerpt(f"{effect.kind} to {effect.to}: {outcome.reason}", 600)
            draft.enter(EntryKind.NOTED, text, internal=True, about=effect.kind)
        _note_gathered(draft, effect, outcome)
    return draft.accepted() if draft.entries or draft.effects else None


def _note_gathered(draft: Draft, effect: Effect, outcome: Outcome) -> None:
    """Say with how many others a notice went, where the case is recorded anyway: it costs no event."""
    if outcome.gathered and draft.entries:
        text = (
            f"{effect.kind} to {effect.to}: told in one mail with {outcome.gathered} more of this shift end"
        )
        draft.enter(EntryKind.NOTED, text, internal=True, about=effect.kind)


def _record_failure(draft: Draft, effect: Effect, outcome: Outcome) -> None:
    lost = outcome.status is not OutcomeStatus.DELIVERED
    where = ", ".join(address.to for address in outcome.failed) or "no address"
    what = f"{effect.kind} to {effect.to}"
    ending = "not delivered" if lost else f"delivered by {outcome.channel} instead"
    text = excerpt(f"{what}: {where} failed ({outcome.reason or 'no reason given'}); {ending}", 600)
    draft.enter(EntryKind.DELIVERY_FAILED, text, internal=True, about=effect.kind)
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


def left_behind(case: Case, effects: tuple[Effect, ...], now: datetime) -> Accepted:
    """Record effects that do not travel to a fresh run; no handoff waits for one of them."""
    draft = Draft(case, now.replace(microsecond=0), f"turn-over@{now:%Y%m%dT%H%M%S}", OURSELVES)
    kinds = ", ".join(dict.fromkeys(effect.kind for effect in effects))
    text = excerpt(f"{len(effects)} notices were left behind at a turn-over: {kinds}", 400)
    draft.enter(EntryKind.DELIVERY_FAILED, text, internal=True, count=len(effects))
    for effect in effects:
        handoff_answers.nobody_there(draft, effect, "it was left behind at a turn-over")
    return draft.accepted()


def out_of_date(case: Case, effects: tuple[Effect, ...], now: datetime) -> Accepted:
    """Record notices of ours that were not told before a later one of their kind took their place."""
    draft = Draft(case, now.replace(microsecond=0), f"turn-over@{now:%Y%m%dT%H%M%S}", OURSELVES)
    kinds = ", ".join(dict.fromkeys(effect.kind for effect in effects))
    text = excerpt(f"{len(effects)} notices were not told, later ones took their place: {kinds}", 400)
    draft.enter(EntryKind.NOTED, text, internal=True, count=len(effects))
    return draft.accepted()


def not_understood(case: Case, name: str, size: int, reason: str, now: datetime) -> Accepted:
    """Record a message nobody could read: its name, its size in bytes, and why."""
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
