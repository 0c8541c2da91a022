"""What people say about a handoff: they accept an offer, decline it, or hand a case on by hand.

RHIPE-25, RHIPE-37; house rule: an acceptance before the giver's shift end takes effect at its end.
"""

from domain.centres.handover import Handover
from domain.clocks import Clock
from domain.decision import Draft, refuse
from domain.lifecycle.handoff import pass_on, take_over, wants_roster
from domain.lifecycle.handoff_brief import carries_brief, confirmed, keep
from domain.lifecycle.handoff_eligibility import acceptance, follows_the_sun
from domain.messages.case import AcceptHandoff, DeclineHandoff, HandOff
from domain.timeline import EntryKind


def accept_handoff(draft: Draft, message: AcceptHandoff) -> None:
    """Take an offered case. Raises: Refusal where it is not offered to this centre, or taken.

    Who takes an urgent one without saying what they do next is reminded of it.
    """
    handover = _offered_to(draft)
    if handover.accepted_by is not None:
        refuse(
            "HandoffNotOffered", f"{handover.accepted_by} has accepted it already", "there is nothing to do"
        )
    by = message.actor.label
    who = message.assignee or (handover.engineer if _accepts_for_others(draft) else None) or by
    accepted = handover.model_copy(update={"accepted_by": by, "accepted_at": draft.at, "engineer": who})
    draft.stop(Clock.OFFER)
    draft.enter(EntryKind.HANDOFF_ACCEPTED, internal=True, about=handover.to)
    if message.next_action is not None:
        accepted = accepted.model_copy(update={"confirmed": confirmed(draft, message.next_action)})
    elif carries_brief(draft.case):
        draft.warn("NextActionUnconfirmed")
    if handover.effective_at <= draft.at:
        take_over(draft, accepted)
    else:
        draft.set(handover=accepted)


def _accepts_for_others(draft: Draft) -> bool:
    """Tell whether a lead accepts for their people: a case gets its engineer, not the lead."""
    rules = follows_the_sun(draft.case)
    return rules is not None and acceptance(draft.case, rules) == "lead"


def decline_handoff(draft: Draft, message: DeclineHandoff) -> None:
    """Send an offer on to the next centre. Raises: Refusal."""
    _offered_to(draft)
    if message.reason is None:
        refuse("ReasonRequired", "declining a handoff needs a reason", "say why", ("reason",))
    pass_on(draft, EntryKind.HANDOFF_DECLINED, message.reason)


def _offered_to(draft: Draft) -> Handover:
    """Return the offer to the speaker's centre. Raises: Refusal, naming who has the case."""
    case, region = draft.case, draft.actor.region
    if case.handover is None or (region is not None and region != case.handover.to):
        to = f"offered to {case.handover.to}" if case.handover else "not offered to anybody"
        refuse(
            "HandoffNotOffered",
            f"the case is with {case.region} and {to}",
            "look at the list of your own centre",
        )
    return case.handover


def hand_off(draft: Draft, message: HandOff) -> None:
    """Hand a case to another centre at once. Raises: Refusal."""
    case = draft.case
    if message.reason is None:
        refuse("ReasonRequired", "handing a case on needs a reason", "say why", ("reason",))
    if message.to == case.region:
        refuse("NoChange", f"the case is with {case.region} already", "there is nothing to do")
    within = case.terms.plan_rules.regions
    if within and message.to not in within:
        refuse(
            "RegionNotPermitted",
            f"cases of the plan {case.terms.plan} must not be handled in {message.to}",
            f"use {' or '.join(within)}",
            ("to",),
        )
    known = case.terms.regions
    if known and message.to not in known:
        refuse("RegionUnknown", f"there is no region {message.to}", f"use {' or '.join(known)}", ("to",))
    keep(draft, message)
    handover = Handover(to=message.to, offered_at=draft.at, effective_at=draft.at, until=draft.at)
    if follows_the_sun(case) is None:
        handover = handover.model_copy(update={"contact": message.to})
    take_over(draft, handover, message.reason)
    draft.stop(Clock.HANDOFF)
    if follows_the_sun(draft.case) is not None:
        wants_roster(draft, draft.at)
