"""Who has a case next, decided with a fresh roster: its owner goes on, another is offered it, or nobody can.

RHIPE-25, GAP-11, GAP-12, GAP-30. What changes hands, and when, is `domain.lifecycle.handoff`.
"""

from datetime import datetime

from domain.case import Case
from domain.centres.handover import Handover
from domain.centres.regions import Centre, Roster, next_centre, next_opening
from domain.clocks import Clock, RunningClock
from domain.decision import Accepted, Draft, instant_key
from domain.effects import EffectKind, Recipient
from domain.lifecycle.assignment import (
    give_to_specialist,
    note_lack,
    was_read_for_another,
    was_read_too_early,
)
from domain.lifecycle.contacts import gathers, handoff_note, how_told, tell_assignee, tell_of_contact
from domain.lifecycle.handoff import pass_on, take_over, wants_roster
from domain.lifecycle.handoff_eligibility import (
    acceptance,
    follows_the_sun,
    run_until,
    travels,
    wanted_of,
    watch,
)
from domain.lifecycle.vendor_cover import check_cover
from domain.messages.case import ReassignReason
from domain.policy import FollowTheSun
from domain.rules import RULES_0_4
from domain.timeline import EntryKind


def take_roster(case: Case, roster: Roster, now: datetime) -> Accepted:
    """Decide, with a fresh roster, whether the owner keeps the case, and else who is next."""
    wanted_for = case.roster_wanted_for or now
    # The version is what no two attempts for one instant share, however often the case was looked at.
    cause = f"{Clock.HANDOFF}@{instant_key(wanted_for)}/{case.version}"
    draft = Draft(case, now.replace(microsecond=0), cause)
    draft.set(roster_wanted_for=None)
    check_cover(draft, roster)
    rules = follows_the_sun(case)
    if rules is None or (case.handover is not None and case.rules < RULES_0_4):
        return draft.accepted()
    if was_read_too_early(roster, case) or (case.seeks_engineer and was_read_for_another(roster, case)):
        wants_roster(draft, wanted_for)
        return draft.accepted()
    if case.handover is not None:
        _look_at_offer(draft, case.handover, roster)
        return draft.accepted()
    _decide(draft, rules, roster, max(wanted_for, draft.at))
    _get_to_know_owner(draft, roster)
    return draft.accepted()


def _look_at_offer(draft: Draft, handover: Handover, roster: Roster) -> None:
    """Look at an offer again: has its giver closed before the shift end, and is its taker there.

    A taker that accepted and is empty by now has nobody who could begin; one that was asked has its time.
    """
    giver, taker = roster.centre(draft.case.region), roster.centre(handover.to)
    if giver is None or giver.span_at(draft.at) is None:
        handover = handover.model_copy(update={"effective_at": min(handover.effective_at, draft.at)})
        draft.set(handover=handover)
    at = max(handover.effective_at, draft.at)
    span = taker.span_at(at) if taker is not None else None
    is_accepted = handover.accepted_by is not None
    if span is None:
        pass_on(draft, EntryKind.HANDOFF_SKIPPED, "it is closed by then")
    elif is_accepted and at == draft.at:
        if taker is not None and not taker.is_staffed_at(at):
            pass_on(draft, EntryKind.HANDOFF_SKIPPED, "nobody is on shift there any more")
        else:
            take_over(draft, handover.model_copy(update={"until": span.closes_at}))


def _get_to_know_owner(draft: Draft, roster: Roster) -> None:
    """Give a case handed on by hand to somebody there, and tell the customer whom to contact.

    Who hands a case on knows the centre's name alone; the roster knows its address and who is at work. A
    centre that is passing it on already is nobody's contact (since 0.4).
    """
    case = draft.case
    if case.rules >= RULES_0_4 and case.handover is not None:
        return
    owner = roster.centre(case.region)
    if case.centre_contact is not None or case.handoffs == 0 or owner is None:
        return
    draft.set(centre_contact=owner.contact or owner.name, assignee=case.assignee or owner.engineer)
    if case.assignee is None and owner.engineer is not None:
        tell_assignee(draft, ReassignReason.HANDOFF)
    tell_of_contact(draft)


def _decide(draft: Draft, rules: FollowTheSun, roster: Roster, at: datetime) -> None:
    """Let the owner go on where its day does, else find who is next."""
    case, owner = draft.case, roster.centre(draft.case.region)
    is_open = owner is not None and owner.span_at(at) is not None
    if is_open or not travels(case, rules, roster, at):
        draft.set(tried=())
        watch(draft, roster, at)
        if owner is not None and is_open:
            give_to_specialist(draft, owner)
        return
    wanted, without = wanted_of(case), (case.region, *case.tried)
    target = next_centre(roster, at, wanted, without)
    if target is not None:
        _offer(draft, rules, target, at)
    else:
        _ask_an_empty_one(draft, rules, roster, at)


def _ask_an_empty_one(draft: Draft, rules: FollowTheSun, roster: Roster, at: datetime) -> None:
    """Ask a centre where nobody has checked in, if no other may take the case.

    Not before the shift ends: people check in as their own begins.
    """
    case = draft.case
    target = next_centre(roster, at, wanted_of(case), (case.region, *case.tried), empty=True)
    if target is None:
        _nobody(draft, roster, at)
    elif at > draft.at:
        run_until(draft, at, "somebody has checked in by then")
    else:
        _offer(draft, rules, target, at)


def _offer(draft: Draft, rules: FollowTheSun, target: Centre, at: datetime) -> None:
    """Offer a case to a centre: somebody there accepts, or nobody has to and its workers take it.

    `automatic` is for a centre with somebody on shift, or one that keeps no count; an empty one is asked. It
    is for the end of the giver's shift, and not before.
    """
    span = target.span_at(at)
    assert span is not None
    is_automatic = acceptance(draft.case, rules) == "automatic" and target.on_shift != 0
    if is_automatic and at > draft.at:
        run_until(draft, at)
        return
    handover = Handover.made(
        to=target.name,
        offered_at=draft.at,
        effective_at=at,
        until=span.closes_at,
        engineer=target.engineer,
        contact=target.contact or target.name,
        automatic=is_automatic,
    )
    note_lack(draft, target)
    draft.set(handover=handover)
    if handover.automatic:
        owner = handover.engineer or handover.to
        handoff_note(draft, EffectKind.HANDOFF_NOTE, target.name, owner=owner)
        return
    draft.run(RunningClock(clock=Clock.OFFER, started_at=draft.at, due_at=draft.at + rules.accept_within))
    draft.enter(EntryKind.HANDOFF_OFFERED, how_told(draft), internal=True, about=target.name, due_at=at)
    handoff_note(draft, EffectKind.HANDOFF_OFFER, target.name, contact=target.engineer)


def _nobody(draft: Draft, roster: Roster, at: datetime) -> None:
    """Let the owner hold the case until a centre opens; that all declined is told (P4)."""
    how = None
    if draft.case.tried:
        how, tried = how_told(draft), ", ".join(draft.case.tried)
        for to in (Recipient.TSS, Recipient.SDM):
            draft.tell(EffectKind.HANDOFF_FAILED, to, about=tried, due_at=at, gathers=gathers(draft))
    draft.enter(EntryKind.HELD, how, internal=True, about=draft.case.region)
    draft.set(tried=())
    opening = next_opening(roster, at, wanted_of(draft.case))
    run_until(draft, opening or roster.until, "a centre opens")
