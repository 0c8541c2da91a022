"""Following the sun: a case is offered to the next centre as the day of its own ends, and never dropped.

RHIPE-25, RHIPE-37, GAP-11, GAP-12, GAP-30. The giver keeps the case until somebody accepts. Who is
open is read for each attempt: a decision that needs to know asks for a roster (`wants_roster`), and goes on
where it stopped once there is one (`take_roster`).
"""

from datetime import datetime

from domain.case import Case
from domain.centres.handover import Handover
from domain.centres.regions import Roster, RosterRequest, next_centre
from domain.clocks import Clock, RunningClock
from domain.decision import Draft
from domain.effects import EffectKind
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.contacts import handoff_note, tell_of_contact
from domain.lifecycle.handoff_brief import await_confirmation
from domain.lifecycle.handoff_eligibility import (
    follows_the_sun,
    run_until,
    wanted_of,
    watch,
)
from domain.lifecycle.when_due import CatchUp, when_due, when_warned
from domain.rules import RULES_0_4
from domain.timeline import EntryKind


def begin(draft: Draft, roster: Roster | None) -> None:
    """Give a case that comes in its first owner: home if open, else as for any handoff (GAP-11)."""
    draft.set(home_region=draft.case.region)
    if roster is None or follows_the_sun(draft.case) is None:
        return
    first = next_centre(roster, draft.at, wanted_of(draft.case))
    if first is not None:
        contact = first.contact or first.name
        draft.set(region=first.name, centre_contact=contact, contact_told=contact)
    watch(draft, roster, draft.at)


def look_again(draft: Draft) -> None:
    """Have the owner looked at again, now: another level may travel where this one rested."""
    if follows_the_sun(draft.case) is not None and draft.case.handover is None:
        wants_roster(draft, draft.at)


def stop(draft: Draft) -> None:
    """End everything about handing on: a closed case is not handed on."""
    draft.stop(Clock.HANDOFF, Clock.OFFER, Clock.CONTACT_NOTICE)
    draft.set(handover=None, roster_wanted_for=None, tried=(), seeks_engineer=False, is_unconfirmed=False)


def wants_roster(draft: Draft, at: datetime) -> None:
    """Ask who is open, to decide who has the case from `at` (UTC) on."""
    draft.set(roster_wanted_for=at)


def awaits_roster(case: Case) -> bool:
    """Tell whether the case waits to know who is open."""
    return case.roster_wanted_for is not None


def roster_wanted(case: Case, now: datetime) -> RosterRequest:
    """Ask who is open as of now, among the centres of the policy the case is under."""
    return RosterRequest.made(
        policy=case.request.policy,
        at=now,
        skill=case.skill,
        tier=case.tier,
        wanted_for=case.roster_wanted_for if case.rules >= RULES_0_4 else None,
    )


@when_warned(Clock.HANDOFF)
def offers_early(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Look for the next centre a lead time before the shift ends."""
    assert running.due_at is not None
    draft.run(running.model_copy(update={"warn_at": None}))
    wants_roster(draft, running.due_at)


@when_due(Clock.HANDOFF)
def shift_ends(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Hand over what was accepted; an open offer waits for its answer, the rest is offered now.

    Since 0.4 who accepted is looked at again first: it may be closed or empty by now.
    """
    assert running.due_at is not None
    handover = draft.case.handover
    draft.set(settled_at=running.due_at)
    draft.run(running.model_copy(update={"due_at": None, "warn_at": None}))
    is_accepted = handover is not None and handover.accepted_by is not None
    if handover is None or (is_accepted and draft.case.rules >= RULES_0_4):
        wants_roster(draft, running.due_at)
    elif is_accepted:
        draft.cause = due_cause(running, running.due_at)
        take_over(draft, handover)


@when_due(Clock.OFFER)
def offer_expires(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Pass on an offer nobody accepted in time."""
    assert running.due_at is not None
    draft.set(settled_at=running.due_at)
    pass_on(draft, EntryKind.HANDOFF_SKIPPED, "nobody accepted in time")


def pass_on(draft: Draft, kind: EntryKind, reason: str) -> None:
    """Ask the next centre, where the one asked did not take the case."""
    handover = draft.case.handover
    draft.stop(Clock.OFFER)
    if handover is None:
        return
    draft.enter(kind, reason, internal=True, about=handover.to)
    draft.set(handover=None, tried=(*draft.case.tried, handover.to))
    wants_roster(draft, max(handover.effective_at, draft.at))


def take_over(draft: Draft, handover: Handover, reason: str | None = None) -> None:
    """Make the case the taker's: one owner before, one after, and the customer is told once."""
    giver = draft.case.region
    draft.stop(Clock.OFFER)
    draft.set(
        region=handover.to,
        assignee=handover.engineer or handover.accepted_by,
        handover=None,
        tried=(),
        handoffs=draft.case.handoffs + 1,
        centre_contact=handover.contact,
    )
    draft.enter(EntryKind.HANDED_OVER, reason, about=f"{giver} -> {handover.to}")
    await_confirmation(draft, handover)
    run_until(draft, handover.until)
    if not handover.automatic:
        handoff_note(draft, EffectKind.HANDOFF_NOTE, handover.to)
    tell_of_contact(draft)
    if draft.case.seeks_engineer:  # passed on to another tier while the offer was open
        wants_roster(draft, draft.at)
