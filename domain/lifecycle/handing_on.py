"""Following the sun: a case is offered to the next centre as the day of its own ends, and never dropped.

Pure. RHIPE-25, RHIPE-37, GAP-11, GAP-12, GAP-30. The giver keeps the case until somebody accepts. Who is
open is read for each attempt: a decision that needs to know asks for a roster (`wants_roster`), and goes on
where it stopped once there is one (`take_roster`).
"""

from datetime import datetime

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.decision import Accepted, Draft, instant_key
from domain.effects import EffectKind, Recipient
from domain.handover import Handover
from domain.lifecycle.assigning import give_to_specialist, note_lack, was_read_for_another
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.contacts import handoff_note, tell_assignee, tell_of_contact
from domain.lifecycle.travelling import acceptance, follows_the_sun, run_until, travels, wanted_of, watch
from domain.lifecycle.vendor_cover import check_cover
from domain.messages import ReassignReason
from domain.policy import FollowTheSun
from domain.regions import Centre, Roster, RosterRequest, next_centre, next_opening
from domain.timeline import EntryKind


def begin(draft: Draft, roster: Roster | None) -> None:
    """This will give a case that comes in its first owner: home if open, else as for any handoff (GAP-11)."""
    draft.set(home_region=draft.case.region)
    if roster is None or follows_the_sun(draft.case) is None:
        return
    first = next_centre(roster, draft.at, wanted_of(draft.case))
    if first is not None:
        contact = first.contact or first.name
        draft.set(region=first.name, centre_contact=contact, contact_told=contact)
    watch(draft, roster, draft.at)


def look_again(draft: Draft) -> None:
    """This will have the owner looked at again, now: another level may travel where this one rested."""
    if follows_the_sun(draft.case) is not None and draft.case.handover is None:
        wants_roster(draft, draft.at)


def stop(draft: Draft) -> None:
    """This will end everything about handing on: a closed case is not handed on."""
    draft.stop(Clock.HANDOFF, Clock.OFFER, Clock.CONTACT_NOTICE)
    draft.set(handover=None, roster_wanted_for=None, tried=(), seeks_engineer=False)


def wants_roster(draft: Draft, at: datetime) -> None:
    """This will ask who is open, to decide who has the case from `at` (UTC) on."""
    draft.set(roster_wanted_for=at)


def awaits_roster(case: Case) -> bool:
    """This will tell whether the case waits to know who is open."""
    return case.roster_wanted_for is not None


def roster_wanted(case: Case, now: datetime) -> RosterRequest:
    """This will ask who is open as of now, among the centres of the policy the case is under."""
    return RosterRequest(policy=case.request.policy, at=now, skill=case.skill, tier=case.tier)


def offers_early(draft: Draft, running: RunningClock) -> None:
    """This will look for the next centre a lead time before the shift ends."""
    assert running.due_at is not None
    draft.run(running.model_copy(update={"warn_at": None}))
    wants_roster(draft, running.due_at)


def shift_ends(draft: Draft, running: RunningClock) -> None:
    """This will hand over what was accepted; an open offer waits for its answer, the rest is offered now."""
    assert running.due_at is not None
    handover = draft.case.handover
    draft.set(settled_at=running.due_at)
    draft.run(running.model_copy(update={"due_at": None, "warn_at": None}))
    if handover is None:
        wants_roster(draft, running.due_at)
    elif handover.accepted_by is not None:
        draft.cause = due_cause(running, running.due_at)
        take_over(draft, handover)


def offer_expires(draft: Draft, running: RunningClock) -> None:
    """This will pass on an offer nobody accepted in time."""
    assert running.due_at is not None
    draft.set(settled_at=running.due_at)
    pass_on(draft, EntryKind.HANDOFF_SKIPPED, "nobody accepted in time")


def pass_on(draft: Draft, kind: EntryKind, reason: str) -> None:
    """This will ask the next centre, where the one asked did not take the case."""
    handover = draft.case.handover
    draft.stop(Clock.OFFER)
    if handover is None:
        return
    draft.enter(kind, reason, internal=True, about=handover.to)
    draft.set(handover=None, tried=(*draft.case.tried, handover.to))
    wants_roster(draft, max(handover.effective_at, draft.at))


def take_roster(case: Case, roster: Roster, now: datetime) -> Accepted:
    """This will decide, with a fresh roster, whether the owner keeps the case, and else who is next."""
    wanted_for = case.roster_wanted_for or now
    # The version is what no two attempts for one instant share, however often the case was looked at.
    cause = f"{Clock.HANDOFF}@{instant_key(wanted_for)}/{case.version}"
    draft = Draft(case, now.replace(microsecond=0), cause)
    draft.set(roster_wanted_for=None)
    check_cover(draft, roster)
    rules = follows_the_sun(case)
    if rules is None or case.handover is not None:
        return draft.accepted()
    if case.seeks_engineer and was_read_for_another(roster, case):
        wants_roster(draft, wanted_for)
        return draft.accepted()
    _decide(draft, rules, roster, max(wanted_for, draft.at))
    _get_to_know_owner(draft, roster)
    return draft.accepted()


def _get_to_know_owner(draft: Draft, roster: Roster) -> None:
    """This will give a case handed on by hand to somebody there, and tell the customer whom to contact.

    Who hands a case on knows the centre's name alone; the roster knows its address and who is at work.
    """
    case = draft.case
    owner = roster.centre(case.region)
    if case.centre_contact is not None or case.handoffs == 0 or owner is None:
        return
    draft.set(centre_contact=owner.contact or owner.name, assignee=case.assignee or owner.engineer)
    if case.assignee is None and owner.engineer is not None:
        tell_assignee(draft, ReassignReason.HANDOFF)
    tell_of_contact(draft)


def _decide(draft: Draft, rules: FollowTheSun, roster: Roster, at: datetime) -> None:
    """This will let the owner go on where its day does, else find who is next."""
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
    """This will ask a centre where nobody has checked in, if no other may take the case.

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
    """This will offer a case to a centre: somebody there accepts, or nobody has to and its workers take it.

    `automatic` is for a centre with somebody on shift, or one that keeps no count; an empty one is asked. It
    is for the end of the giver's shift, and not before.
    """
    span = target.span_at(at)
    assert span is not None
    is_automatic = acceptance(draft.case, rules) == "automatic" and target.on_shift != 0
    if is_automatic and at > draft.at:
        run_until(draft, at)
        return
    handover = Handover(
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
    draft.enter(EntryKind.HANDOFF_OFFERED, internal=True, about=target.name, due_at=at)
    handoff_note(draft, EffectKind.HANDOFF_OFFER, target.name, contact=target.engineer)


def take_over(draft: Draft, handover: Handover, reason: str | None = None) -> None:
    """This will make the case the taker's: one owner before, one after, and the customer is told once."""
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
    run_until(draft, handover.until)
    if not handover.automatic:
        handoff_note(draft, EffectKind.HANDOFF_NOTE, handover.to)
    tell_of_contact(draft)
    if draft.case.seeks_engineer:  # passed on to another tier while the offer was open
        wants_roster(draft, draft.at)


def _nobody(draft: Draft, roster: Roster, at: datetime) -> None:
    """This will let the owner hold the case until a centre opens; that all declined is told (P4)."""
    if draft.case.tried:
        tried = ", ".join(draft.case.tried)
        for to in (Recipient.TSS, Recipient.SDM):
            draft.tell(EffectKind.HANDOFF_FAILED, to, about=tried, due_at=at)
    draft.enter(EntryKind.HELD, internal=True, about=draft.case.region)
    draft.set(tried=())
    opening = next_opening(roster, at, wanted_of(draft.case))
    run_until(draft, opening or roster.until, "a centre opens")
