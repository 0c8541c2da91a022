"""Following the sun: a case is offered to the next centre as the day of its own ends, and never dropped.

Pure. RHIPE-25, RHIPE-37, GAP-11, GAP-12, GAP-30. The giver keeps the case until somebody accepts. Who is
open is read for each attempt: a decision that needs to know asks for a roster (`wants_roster`), and goes on
where it stopped once there is one (`take_roster`).
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.decision import Accepted, Draft, instant_key
from domain.effects import EffectKind, Recipient
from domain.handover import Handover
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.contacts import handoff_note, tell_of_contact
from domain.phase import OPEN, Phase
from domain.policy import Acceptance, FollowTheSun
from domain.regions import Centre, Roster, RosterRequest, Wanted, next_centre, next_opening
from domain.timeline import EntryKind

_TRAVELLING = OPEN | {Phase.RESOLVED}
_CLOCKS = (Clock.HANDOFF, Clock.OFFER)
_SHIFT_END = "the end of the shift"
_LONGEST_SHIFT = timedelta(hours=12)
"""A cadence below it falls due in any night (ours; no guide says how long a shift is)."""


def follows_the_sun(case: Case) -> FollowTheSun | None:
    """This will return the rules of handing on, where the policy has them and the case is not over."""
    return case.terms.follow_the_sun if case.phase in _TRAVELLING else None


def wanted_of(case: Case) -> Wanted:
    """This will say what the case wants of a centre: its home, its boundary, its language, a skill."""
    return Wanted(
        home=case.home_region,
        within=case.terms.plan_rules.regions,
        language=case.request.language,
        skill=case.skill,
    )


def begin(draft: Draft, roster: Roster | None) -> None:
    """This will give a case that comes in its first owner: home if open, else as for any handoff (GAP-11)."""
    draft.set(home_region=draft.case.region)
    if roster is None or follows_the_sun(draft.case) is None:
        return
    first = next_centre(roster, draft.at, wanted_of(draft.case))
    if first is not None:
        contact = first.contact or first.name
        draft.set(region=first.name, centre_contact=contact, contact_told=contact)
    _watch(draft, roster, draft.at)


def look_again(draft: Draft) -> None:
    """This will have the owner looked at again, now: another level may travel where this one rested."""
    if follows_the_sun(draft.case) is not None and draft.case.handover is None:
        wants_roster(draft, draft.at)


def stop(draft: Draft) -> None:
    """This will end everything about handing on: a closed case is not handed on."""
    draft.stop(*_CLOCKS, Clock.CONTACT_NOTICE)
    if draft.case.handover is not None or draft.case.roster_wanted_for is not None or draft.case.tried:
        draft.set(handover=None, roster_wanted_for=None, tried=())


def wants_roster(draft: Draft, at: datetime) -> None:
    """This will ask who is open, to decide who has the case from `at` (UTC) on."""
    draft.set(roster_wanted_for=at)


def awaits_roster(case: Case) -> bool:
    """This will tell whether the case waits to know who is open."""
    return case.roster_wanted_for is not None


def roster_wanted(case: Case, now: datetime) -> RosterRequest:
    """This will ask who is open as of now, among the centres of the policy the case is under."""
    return RosterRequest(policy=case.request.policy, at=now, skill=case.skill)


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
    attempt = f"{case.handoffs}.{len(case.tried)}"
    draft = Draft(case, now.replace(microsecond=0), f"{Clock.HANDOFF}@{instant_key(wanted_for)}/{attempt}")
    draft.set(roster_wanted_for=None)
    rules = follows_the_sun(case)
    if rules is None or case.handover is not None:
        return draft.accepted()
    at = max(wanted_for, draft.at)
    owner = roster.centre(case.region)
    if (owner is not None and owner.span_at(at) is not None) or not _travels(case, rules, roster, at):
        draft.set(tried=())
        _watch(draft, roster, at)
        return draft.accepted()
    target = next_centre(roster, at, wanted_of(case), without=(case.region, *case.tried))
    if target is None:
        _nobody(draft, roster, at)
    else:
        _offer(draft, rules, target, at)
    return draft.accepted()


def _offer(draft: Draft, rules: FollowTheSun, target: Centre, at: datetime) -> None:
    span = target.span_at(at)
    assert span is not None
    handover = Handover(
        to=target.name,
        offered_at=draft.at,
        effective_at=at,
        until=span.closes_at,
        engineer=target.engineer,
        contact=target.contact,
    )
    if acceptance(draft.case, rules) == "automatic":
        take_over(draft, handover)
        return
    draft.set(handover=handover)
    draft.run(RunningClock(clock=Clock.OFFER, started_at=draft.at, due_at=draft.at + rules.accept_within))
    draft.enter(EntryKind.HANDOFF_OFFERED, internal=True, about=target.name, due_at=at)
    handoff_note(draft, EffectKind.HANDOFF_OFFER, target.name)


def acceptance(case: Case, rules: FollowTheSun) -> Acceptance:
    """This will say who has to accept a case of this level (house rule)."""
    return rules.acceptance.get(case.level, rules.acceptance_otherwise)


def take_over(draft: Draft, handover: Handover, reason: str | None = None) -> None:
    """This will make the case the taker's: one owner before, one after, and the customer is told once."""
    giver = draft.case.region
    draft.stop(Clock.OFFER)
    draft.set(
        region=handover.to,
        assignee=handover.accepted_by or handover.engineer,
        handover=None,
        tried=(),
        handoffs=draft.case.handoffs + 1,
        centre_contact=handover.contact or handover.to,
    )
    draft.enter(EntryKind.HANDED_OVER, reason, about=f"{giver} -> {handover.to}")
    _run_until(draft, handover.until)
    handoff_note(draft, EffectKind.HANDOFF_NOTE, handover.to)
    tell_of_contact(draft)


def _travels(case: Case, rules: FollowTheSun, roster: Roster, at: datetime) -> bool:
    """This will tell whether a case is handed on when its centre closes, or rests there.

    The levels the policy names, or, where it names none, those whose cadence is shorter than a shift, and any
    case with a deadline before its home centre opens.
    """
    if rules.levels:
        return case.level in rules.levels
    every = case.agreed_interval if case.rule.update_as_agreed else case.rule.update_every
    if every is not None and every < _LONGEST_SHIFT:
        return True
    home = roster.centre(case.home_region or case.region)
    opens_at = home.opens_after(at) if home else None
    return opens_at is not None and any(
        clock.due_at is not None and clock.due_at < opens_at
        for clock in case.clocks
        if clock.clock not in (*_CLOCKS, Clock.TERMS_RENEWAL, Clock.CONTACT_NOTICE)
    )


def _watch(draft: Draft, roster: Roster, at: datetime) -> None:
    """This will wake at the end of the owner's shift, or at the next opening where the owner is not open."""
    owner = roster.centre(draft.case.region)
    span = owner.span_at(at) if owner else None
    if span is not None:
        _run_until(draft, span.closes_at)
        return
    own_next = owner.opens_after(at) if owner else None
    rules = follows_the_sun(draft.case)
    if rules is None or not _travels(draft.case, rules, roster, at):
        _run_until(draft, own_next or roster.until, "its own centre opens")
    else:
        _run_until(draft, next_opening(roster, at, wanted_of(draft.case)) or roster.until, "a centre opens")


def _run_until(draft: Draft, due_at: datetime, rule: str = _SHIFT_END) -> None:
    rules = draft.case.terms.follow_the_sun
    early = None
    if rules is not None and rule == _SHIFT_END and acceptance(draft.case, rules) != "automatic":
        early = due_at - rules.lead
    draft.run(
        RunningClock(
            clock=Clock.HANDOFF,
            started_at=draft.at,
            due_at=due_at,
            warn_at=early if early is not None and early > draft.at else None,
            rule=rule,
        )
    )


def _nobody(draft: Draft, roster: Roster, at: datetime) -> None:
    """This will let the owner hold the case until a centre opens; that all declined is told (P4)."""
    if draft.case.tried:
        tried = ", ".join(draft.case.tried)
        for to in (Recipient.TSS, Recipient.SDM):
            draft.tell(EffectKind.HANDOFF_FAILED, to, about=tried, due_at=at)
    draft.enter(EntryKind.HELD, internal=True, about=draft.case.region)
    draft.set(tried=())
    opening = next_opening(roster, at, wanted_of(draft.case))
    _run_until(draft, opening or roster.until, "a centre opens")
