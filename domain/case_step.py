"""The life of a case: `decide` what somebody says, `fall_due` what time says.

Pure. The order of checks is GAP-28's: role and tier, state, required fields, contact, prerequisites,
entitlement, scope; the first failing group answers.
"""

from datetime import UTC, datetime

from domain.actor import Actor
from domain.case import Case
from domain.centres.regions import Roster
from domain.decision import Accepted, Decision, Draft, Refusal, Refused, refuse
from domain.falling_due import fall_due, settle
from domain.imported import is_silent
from domain.lifecycle import (  # noqa: F401  some are here for the clocks they settle
    addons,
    engine_events,
    handoff,
    intake,
    intake_checks,
    intake_lives,
    ladder,
    late_answer,
    planned_work,
    reopen,
    requesters,
    terms_renewal,
    undelivered,
)
from domain.lifecycle.when_due import AFTER_STEP
from domain.messages.case import Message, RecomputeTerms, Submit
from domain.phase import Phase
from domain.rules import CURRENT_RULES, RULES_0_4
from domain.stamps import note_stamp, received_at
from domain.tenants import TenantFacts
from domain.terms import Terms
from domain.verbs import Verb


def open_case(
    request: Submit,
    terms: Terms,
    now: datetime,
    identity: str | None = None,
    facts: TenantFacts | None = None,
    roster: Roster | None = None,
    rules: int = CURRENT_RULES,
    begun_at: datetime | None = None,
) -> Accepted | Refused:
    """Open a case, or say why not. `now` is UTC; what is due already is settled by `fall_due`.

    `identity` is the id it is kept under; without it, the one derived from tenant, source and reference.
    `facts` are what the tenant directory answered, None where it was not asked; `roster` who is open now;
    `rules` the release of the rules it is held to; `begun_at` (UTC) when its first run was started.
    """
    try:
        at = received_at(request, now, rules)
        imported_at = _imported_at(request, at, now) if rules >= RULES_0_4 else None
        draft = intake.open_case(request, terms, at, identity, facts, roster, rules, begun_at, imported_at)
        note_stamp(draft, request, now)
        _look_after(draft, request.actor)
        return draft.accepted()
    except Refusal as refusal:
        return refusal.refused


def _imported_at(request: Submit, at: datetime, now: datetime) -> datetime | None:
    """Return the instant (UTC) before which an imported case is settled in silence; none was it begun now."""
    imported_at = now.astimezone(UTC).replace(microsecond=0)
    return imported_at if request.imported and at < imported_at else None


def held_to(case: Case, rules: int, now: datetime) -> Case:
    """Return a case at the beginning of a run (UTC `now`), under the rules the run is held to.

    What was missed under rules that knew no ladder climbs from here on.
    """
    taken = case.model_copy(update={"rules": rules})
    return ladder.goes_on_climbing(taken, now) if case.rules < RULES_0_4 <= rules else taken


def refuse_opening(request: Submit, rules: int = CURRENT_RULES) -> Refused | None:
    """Say before any terms are compiled whether a request cannot become a case under these rules."""
    try:
        intake_checks.check_opening(request, rules)
    except Refusal as refusal:
        return refusal.refused
    return None


def refuse_access(case: Case, message: Message) -> Refused | None:
    """Say whether the case is closed to the speaker by today's rules, whatever its run is held to.

    For the doors of the case: what is refused there leaves no history, so no replay can come to differ.
    """
    try:
        intake_checks.check_access(message.actor, case.request.tenant)
    except Refusal as refusal:
        return refusal.refused
    return None


def refuse_speaker(case: Case, actor: Actor, verb: Verb) -> Refused | None:
    """Say whether somebody may not say a verb to a case as it stands, whatever they would say by it."""
    try:
        _may(actor, verb, case)
    except Refusal as refusal:
        return refusal.refused
    return None


def decide(case: Case, verb: Verb, message: Message, cause: str, now: datetime) -> Decision:
    """Decide a message handled at `now` (UTC), with `cause` as the name of its effects.

    Deadlines before the instant of receipt are settled first; a message received at a due instant is in
    time. It can count for no earlier than the last deadline settled or the last entry of the timeline.
    """
    try:
        _has_seen(message, case)
        at = received_at(message, now, case.rules)
        at = max(at, case.received_at, _counts_from(case, at))
        draft = Draft(case, at, cause, message.actor)
        settle(draft, before=at, now=now)
        draft.cause, draft.actor, draft.at = cause, message.actor, at
        draft.request_id = message.request_id
        _may(message.actor, verb, draft.case)
        note_stamp(draft, message, now)
        if requesters.is_kept_only(draft, message):
            return draft.accepted()
        requesters.heard(draft, message)
        told_before = len(draft.effects)
        assert verb.rule is not None
        declined = verb.rule(draft, message)
        requesters.tell_of_change(draft, verb, message, told_before)
        _look_after(draft, _who_acted(message))
    except Refusal as refusal:
        return refusal.refused
    return declined or draft.accepted()


def _has_seen(message: Message, case: Case) -> None:
    """See that nothing has come between a sender and the case they saw. Raises: Refusal."""
    if message.expected_version not in (None, case.version):
        refuse(
            "VersionConflict",
            f"the case is at version {case.version}, you have seen {message.expected_version}",
            "look at it again, then decide",
        )


def _who_acted(message: Message) -> Actor:
    """Name who has done something with the case: nobody of ours where all of a policy are told alike."""
    is_of_all = isinstance(message, RecomputeTerms) and message.in_bulk
    return _OURSELVES if is_of_all else message.actor


def _look_after(draft: Draft, speaker: Actor) -> None:
    for rule in AFTER_STEP:
        rule(draft, speaker)


def _counts_from(case: Case, at: datetime) -> datetime:
    """Name the earliest instant (UTC) a message can count for.

    What lies before an import keeps its order, and is not held up by what was done with the case since.
    """
    if is_silent(case, at):
        return max((entry.at for entry in case.timeline if is_silent(case, entry.at)), default=at)
    return max(case.settled_at or at, case.timeline[-1].at)


def _may(actor: Actor, verb: Verb, case: Case) -> None:
    """Check role x verb x phase, the first check of every message. Raises: Refusal."""
    if verb is Verb.TRIAGE and actor.is_requester:
        refuse("PriorityNotPermitted", "our staff set the level", "ask them by changing the level")
    if not verb.may_be_said_by(actor):
        speakers = ", ".join(sorted(verb.speakers))
        refuse("RoleNotPermitted", f"a {actor.kind} cannot {verb}", f"let one of these do it: {speakers}")
    intake_checks.check_access(actor, case.request.tenant, case.rules)
    if verb.speaker_check is not None:
        verb.speaker_check(actor, case)
    if verb.has_room_in(case.phase):
        return
    if verb is Verb.REOPEN:
        refuse("CaseNotClosed", f"the case is {case.phase}", "reply to it, or post an update")
    if case.phase in (Phase.CLOSED, Phase.ARCHIVED) and verb is not Verb.RESOLVE:
        refuse("CaseClosed", f"the case is {case.phase}", "reopen it, or open a new one")
    refuse("InvalidTransition", f"{verb} does not apply while the case is {case.phase}", _way_out(case))


def _way_out(case: Case) -> str:
    if case.phase is Phase.AWAITING_INFORMATION:
        return f"first provide the missing information: {', '.join(case.missing)}"
    if case.phase in (Phase.CLOSED, Phase.ARCHIVED):
        return "reopen it first"
    return "look at the case and choose another step"


_OURSELVES = undelivered.OURSELVES

cancel_asked = engine_events.cancel_asked
engine_reset = engine_events.engine_reset
delivery_ended = undelivered.delivery_ended
left_behind = undelivered.left_behind
not_understood = undelivered.not_understood
out_of_date = undelivered.out_of_date
take_terms = terms_renewal.take_terms
awaits_terms = terms_renewal.awaits_terms
awaits_roster = handoff.awaits_roster
roster_wanted = handoff.roster_wanted
take_roster = planned_work.take_roster
awaits_facts = addons.awaits_facts
facts_wanted = addons.facts_wanted
take_facts = addons.take_facts
terms_wanted = terms_renewal.terms_wanted
terms_wanted_again = terms_renewal.terms_wanted_again
linked_request = reopen.linked_request
answered_before = intake_lives.answered_before
conflicts = intake_lives.conflicts
linked_to_life = intake_lives.linked_to_life
submitted_again = intake_lives.submitted_again
take_earlier_life = intake_lives.take_earlier_life

__all__ = [
    "answered_before",
    "awaits_facts",
    "awaits_roster",
    "awaits_terms",
    "cancel_asked",
    "conflicts",
    "decide",
    "delivery_ended",
    "engine_reset",
    "facts_wanted",
    "fall_due",
    "left_behind",
    "linked_request",
    "linked_to_life",
    "not_understood",
    "open_case",
    "out_of_date",
    "received_at",
    "refuse_access",
    "refuse_opening",
    "roster_wanted",
    "submitted_again",
    "take_earlier_life",
    "take_facts",
    "take_roster",
    "take_terms",
    "terms_wanted",
    "terms_wanted_again",
]
