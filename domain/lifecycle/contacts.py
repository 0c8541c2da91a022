"""Telling the customer whom to contact now, and the taker what they take over.

RHIPE-37: once for each change, in the customer's own day for the less urgent, and not at all where the
address stays the same.
"""

from datetime import datetime, timedelta
from typing import Any

from domain.actor import SYSTEM
from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.facts import ClockFact
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.handoff_brief import brief_of, carries_brief
from domain.lifecycle.what_was_said import to_take_up
from domain.lifecycle.when_due import CatchUp, when_due
from domain.timeline import KEPT_ONLY, EntryKind, TimelineEntry

_HISTORY = 10


def tell_of_contact(draft: Draft) -> None:
    """Tell the customer of the owner's address, or let it wait for their day."""
    case = draft.case
    if case.centre_contact == case.contact_told or not case.terms.tells_of_reassignment:
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


@when_due(Clock.CONTACT_NOTICE)
def contact_notice_falls_due(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Tell the contact of now; who had the case over night is of no use to the customer."""
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
    """Name when the customer's day begins, or None where it has begun; it ends ten hours later."""
    zone = draft.case.terms.calendar.zone
    local = zone.to_local(draft.at)
    minute = local.hour * 60 + local.minute
    if begins <= minute < begins + 600:
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = midnight if minute < begins else midnight + timedelta(days=1)
    return zone.to_utc(day + timedelta(minutes=begins))


def handoff_note(draft: Draft, kind: EffectKind, region: str, **facts: Any) -> None:
    """Write down for a centre what a taker has to know."""
    handover = draft.case.handover
    due_at = handover.effective_at if handover else None
    known = _to_know(draft.case)
    draft.tell(kind, Recipient.REGION, region=region, due_at=due_at, gathers=gathers(draft), **known, **facts)


def gathers(draft: Draft) -> bool:
    """Tell whether a notice of a handoff waits for what else the shift end brings its reader.

    What somebody said is answered at once, and an urgent case has a mail of its own.
    """
    rules, case = draft.case.terms.follow_the_sun, draft.case
    if rules is None or draft.actor != SYSTEM:
        return False
    return not rules.is_urgent(case.level, case.rule.rank)


def how_told(draft: Draft) -> str | None:
    """Say of a notice that waits for others that it does; nothing of one that goes by itself."""
    return "told in one mail with whatever else this shift end brings" if gathers(draft) else None


def tell_assignee(draft: Draft, why: str) -> None:
    """Tell the engineer who has the case from now on, unless they took it themselves."""
    if draft.case.assignee != draft.actor.label:
        by, kind = draft.actor.label, EffectKind.CASE_ASSIGNED
        draft.tell(kind, Recipient.ASSIGNEE, about=why, by=by, **_to_know(draft.case))


def _to_know(case: Case) -> dict[str, Any]:
    """Gather the clocks that run, the customer's last words, and what was done last."""
    said = next((entry.text for entry in reversed(case.timeline) if _says_something(entry)), None)
    return {
        "text": said,
        "history": tuple(entry for entry in case.timeline if entry.kind not in _NO_WORK)[-_HISTORY:],
        "clocks": tuple(
            ClockFact.made(clock=clock.clock.value, due_at=clock.due_at)
            for clock in case.clocks
            if clock.due_at is not None and clock.clock.is_promise
        ),
        "brief": brief_of(case) if carries_brief(case) else None,
        **to_take_up(case, "title"),
    }


def _says_something(entry: TimelineEntry) -> bool:
    return entry.kind is EntryKind.REPLIED and entry.about not in KEPT_ONLY


_NO_WORK = frozenset(
    {
        EntryKind.HANDOFF_OFFERED,
        EntryKind.HANDED_OVER,
        EntryKind.REASSIGNED,
        EntryKind.HELD,
        EntryKind.BRIEFED,
    }
)
