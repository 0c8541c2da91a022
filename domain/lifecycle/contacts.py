"""Telling the customer whom to contact now, and the taker what he takes over.

Pure. RHIPE-37: once for each change, in the customer's own day for the less urgent, and not at all where the
address stays the same.
"""

from datetime import datetime, timedelta
from typing import Any

from domain.case import Case
from domain.clocks import HOUSEKEEPING, Clock, RunningClock
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.facts import ClockFact
from domain.lifecycle.breaches import due_cause
from domain.timeline import EntryKind

_HISTORY = 10


def tell_of_contact(draft: Draft) -> None:
    """This will tell the customer of the owner's address, or let it wait for his day."""
    case = draft.case
    if case.centre_contact == case.contact_told:
        draft.stop(Clock.CONTACT_NOTICE)
        return
    rules = case.terms.follow_the_sun
    if rules is not None and rules.tell_at_once and case.level not in rules.tell_at_once:
        waits_until = _next_day(draft, rules.day_begins.hour * 60 + rules.day_begins.minute)
        if waits_until is not None:
            draft.run(
                RunningClock(
                    clock=Clock.CONTACT_NOTICE,
                    started_at=draft.at,
                    due_at=waits_until,
                    rule="the customer's day",
                )
            )
            return
    _tell(draft)


def contact_notice_falls_due(draft: Draft, running: RunningClock) -> None:
    """This will tell the contact of now; who had the case over night is of no use to the customer."""
    assert running.due_at is not None
    draft.set(settled_at=running.due_at)
    draft.cause = due_cause(running, running.due_at)
    _tell(draft)


def _tell(draft: Draft) -> None:
    contact = draft.case.centre_contact
    draft.stop(Clock.CONTACT_NOTICE)
    if contact is None or contact == draft.case.contact_told:
        return
    draft.set(contact_told=contact)
    draft.enter(EntryKind.REASSIGNED, about=contact)
    draft.tell(EffectKind.REASSIGNED, Recipient.CUSTOMER, about="handoff", contact=contact)


def _next_day(draft: Draft, begins: int) -> datetime | None:
    """This will name when the customer's day begins, or None where it has begun; it ends ten hours later."""
    zone = draft.case.terms.calendar.zone
    local = zone.to_local(draft.at)
    minute = local.hour * 60 + local.minute
    if begins <= minute < begins + 600:
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = midnight if minute < begins else midnight + timedelta(days=1)
    return zone.to_utc(day + timedelta(minutes=begins))


def handoff_note(draft: Draft, kind: EffectKind, region: str, **facts: Any) -> None:
    """This will write down for a centre what a taker has to know."""
    handover = draft.case.handover
    due_at = handover.effective_at if handover else None
    draft.tell(kind, Recipient.REGION, region=region, due_at=due_at, **_to_know(draft.case), **facts)


def tell_assignee(draft: Draft, why: str) -> None:
    """This will tell the engineer who has the case from now on, unless he took it himself."""
    if draft.case.assignee != draft.actor.label:
        by, kind = draft.actor.label, EffectKind.CASE_ASSIGNED
        draft.tell(kind, Recipient.ASSIGNEE, about=why, by=by, **_to_know(draft.case))


def _to_know(case: Case) -> dict[str, Any]:
    """This will gather the clocks that run, the customer's last words, and what was done last."""
    said = next((entry.text for entry in reversed(case.timeline) if entry.kind is EntryKind.REPLIED), None)
    return {
        "text": said,
        "history": tuple(entry for entry in case.timeline if entry.kind not in _NO_WORK)[-_HISTORY:],
        "clocks": tuple(
            ClockFact(clock=clock.clock, due_at=clock.due_at)
            for clock in case.clocks
            if clock.due_at is not None and clock.clock not in HOUSEKEEPING
        ),
    }


_NO_WORK = (EntryKind.HANDOFF_OFFERED, EntryKind.HANDED_OVER, EntryKind.REASSIGNED, EntryKind.HELD)
