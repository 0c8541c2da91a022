"""The life of a case: `decide` what somebody says, `fall_due` what time says.

Pure. The order of checks is GAP-28's: role and tier, state, required fields, contact, prerequisites,
entitlement, scope; the first failing group answers.
"""

from datetime import UTC, datetime, timedelta

from domain.actor import Actor, Verb, has_room, may_say, speakers
from domain.case import Case
from domain.clocks import Clock, Deadline, RunningClock, next_deadline
from domain.decision import Accepted, Decision, Draft, Refusal, Refused, refuse
from domain.lifecycle import (
    breaches,
    checks,
    delivery,
    handing_on,
    intake,
    planned,
    renewal,
    reopening,
    staleness,
)
from domain.lifecycle.tables import HANDLERS, SPEAKERS, WHEN_DUE
from domain.messages import Message, Submit
from domain.phase import Phase
from domain.regions import Roster
from domain.tenants import TenantFacts
from domain.terms import Terms

MAX_AHEAD = timedelta(seconds=60)  # house rule: a door's clock may be a minute ahead, not more


def received_at(message: Message, now: datetime) -> datetime:
    """This will name the instant a message counts as received: UTC, in whole seconds, not after `now`.

    Raises: Refusal with `ValidationError` where it claims to come from more than a minute ahead.
    """
    stamped = message.received_at or now
    if stamped > now + MAX_AHEAD:
        refuse(
            "ValidationError",
            "received_at lies in the future",
            "check the clock of the door",
            ("received_at",),
        )
    return min(stamped, now).astimezone(UTC).replace(microsecond=0)


def open_case(
    request: Submit,
    terms: Terms,
    now: datetime,
    identity: str | None = None,
    facts: TenantFacts | None = None,
    roster: Roster | None = None,
) -> Accepted | Refused:
    """This will open a case, or say why not. `now` is UTC; what is due already is settled by `fall_due`.

    `identity` is the id it is kept under; without it, the one derived from tenant, source and reference.
    `facts` are what the tenant directory answered, None where it was not asked; `roster` who is open now.
    """
    try:
        draft = intake.open_case(request, terms, received_at(request, now), identity, facts, roster)
        staleness.heard(draft, request.actor)
        return draft.accepted()
    except Refusal as refusal:
        return refusal.refused


def refuse_opening(request: Submit) -> Refused | None:
    """This will say before any terms are compiled whether a request cannot become a case."""
    try:
        checks.check_opening(request)
    except Refusal as refusal:
        return refusal.refused
    return None


def decide(case: Case, verb: Verb, message: Message, cause: str, now: datetime) -> Decision:
    """This will decide a message handled at `now` (UTC), with `cause` as the name of its effects.

    Deadlines before the instant of receipt are settled first; a message received at a due instant is in
    time. It can count for no earlier than the last deadline settled or the last entry of the timeline.
    """
    try:
        at = received_at(message, now)
        at = max(at, case.received_at, case.settled_at or at, case.timeline[-1].at)
        draft = Draft(case, at, cause, message.actor)
        _settle(draft, before=at, now=now)
        draft.cause, draft.actor, draft.at = cause, message.actor, at
        _may(message.actor, verb, draft.case)
        declined = HANDLERS[verb](draft, message)
        staleness.heard(draft, message.actor)
    except Refusal as refusal:
        return refusal.refused
    return declined or draft.accepted()


def _may(actor: Actor, verb: Verb, case: Case) -> None:
    """This will check role x verb x phase, the first check of every message. Raises: Refusal."""
    if verb is Verb.TRIAGE and actor.is_requester:
        refuse("PriorityNotPermitted", "our staff set the level", "ask them by changing the level")
    if not may_say(actor, verb):
        refuse(
            "RoleNotPermitted", f"a {actor.kind} cannot {verb}", f"let one of these do it: {speakers(verb)}"
        )
    if actor.is_requester and actor.tenant is not None and actor.tenant != case.request.tenant:
        refuse("Forbidden", "this is not a case of yours", "check the case number")
    if verb in SPEAKERS:
        SPEAKERS[verb](actor, case)
    if has_room(verb, case.phase):
        return
    if verb is Verb.REOPEN:
        refuse("CaseNotClosed", f"the case is {case.phase}", "reply to it, or post an update")
    if case.phase in (Phase.CLOSED, Phase.ARCHIVED) and verb is not Verb.RESOLVE:
        refuse("CaseClosed", f"the case is {case.phase}", "reopen it, or open a new one")
    refuse("InvalidTransition", f"{verb} has no meaning while the case is {case.phase}", _way_out(case))


def _way_out(case: Case) -> str:
    if case.phase is Phase.AWAITING_INFORMATION:
        return f"first provide the missing information: {', '.join(case.missing)}"
    if case.phase in (Phase.CLOSED, Phase.ARCHIVED):
        return "reopen it first"
    return "look at the case and choose another step"


def fall_due(case: Case, now: datetime) -> Accepted | None:
    """This will settle in one step everything due at or before `now` (UTC), or return None: nothing is."""
    deadline = next_deadline(case.clocks)
    if deadline is None or deadline.at > now:
        return None
    draft = Draft(case, now.replace(microsecond=0), "due")
    _settle(draft, before=now + timedelta(microseconds=1), now=now)
    return draft.accepted()


def _settle(draft: Draft, *, before: datetime, now: datetime) -> None:
    """This will settle what fell due before an instant, in the order of the due instants."""
    until = before - timedelta(microseconds=1)
    actor = draft.actor
    while (deadline := _next_to_settle(draft.case, until)) is not None and deadline.at <= until:
        draft.actor = _OURSELVES
        draft.at = deadline.at.replace(microsecond=0)
        _settle_one(draft, deadline, until, now)
    draft.actor = actor


def _next_to_settle(case: Case, until: datetime) -> Deadline | None:
    """This will name the next deadline; a repeating clock we catch up with counts as of its last one."""
    deadline = next_deadline(case.clocks)
    if deadline is None or deadline.at > until:
        return deadline
    return next_deadline(_as_of_last(clock, until) for clock in case.clocks)


def _as_of_last(clock: RunningClock, until: datetime) -> RunningClock:
    if clock.every is None or clock.due_at is None or clock.warn_at is not None or clock.due_at > until:
        return clock
    return clock.model_copy(update={"due_at": clock.last_due_by(until)})


def _settle_one(draft: Draft, deadline: Deadline, until: datetime, now: datetime) -> None:
    running = draft.case.clock(deadline.clock)
    assert running is not None
    if deadline.is_warning:
        if deadline.clock is Clock.HANDOFF:
            handing_on.offers_early(draft, running)
        else:
            breaches.warn(draft, running, until)
        return
    WHEN_DUE[deadline.clock](draft, running, until, now)


_OURSELVES = delivery.OURSELVES

delivery_ended = delivery.delivery_ended
left_behind = delivery.left_behind
not_understood = delivery.not_understood
take_terms = renewal.take_terms
awaits_terms = renewal.awaits_terms
awaits_roster = handing_on.awaits_roster
roster_wanted = handing_on.roster_wanted
take_roster = planned.take_roster
terms_wanted = renewal.terms_wanted
terms_wanted_again = renewal.terms_wanted_again
linked_request = reopening.linked_request

__all__ = [
    "awaits_roster",
    "awaits_terms",
    "decide",
    "delivery_ended",
    "fall_due",
    "left_behind",
    "linked_request",
    "not_understood",
    "open_case",
    "received_at",
    "refuse_opening",
    "roster_wanted",
    "take_roster",
    "take_terms",
    "terms_wanted",
    "terms_wanted_again",
]
