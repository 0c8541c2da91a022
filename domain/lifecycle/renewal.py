"""The terms of a case that is held to them for long, or is to be held to other ones on purpose.

Pure. GAP-22: a calendar change never moves a running deadline by itself; a recomputation is asked for,
audited, and says what moved.
"""

from datetime import datetime, timedelta
from typing import assert_never

from domain.case import Case
from domain.clocks import Clock, RunningClock, due, warning_at
from domain.decision import Accepted, Draft
from domain.lifecycle.delivery import OURSELVES
from domain.lifecycle.handing_on import look_again
from domain.lifecycle.informing import cadence
from domain.messages import RecomputeTerms
from domain.policy import Target
from domain.request import Submit
from domain.tenants import Enquiry
from domain.terms import Terms, TermsAnswer, TermsRequest, prolong
from domain.timeline import EntryKind

_RECOMPUTE = "recompute"
_IN_COVERAGE = (Clock.INITIAL_RESPONSE, Clock.TRIAGE)
"""The clocks whose hours count only inside a plan's coverage (RHIPE-05); all others are elapsed time."""


def wants_renewal(draft: Draft, running: RunningClock) -> None:
    """This will mark the calendar as in need of prolonging; the fresh one comes by `take_terms`."""
    draft.set(settled_at=running.due_at)
    draft.run(running.model_copy(update={"due_at": None, "missed_at": running.due_at}))


def ask_for_terms(draft: Draft, message: RecomputeTerms) -> None:
    """This will record that the case is to be held to today's policy and calendar, and why."""
    draft.enter(EntryKind.TERMS_CHANGED, message.reason, internal=True, about="asked")
    draft.run(RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=None, rule=_RECOMPUTE))


def terms_wanted(request: Submit, at: datetime) -> TermsRequest:
    """This will ask for the terms a request received at `at` (UTC) is held to, and for its tenant's facts.

    Where the door knows by name who asks, that name counts, and not the one in the request.
    """
    actor = request.actor
    named = request.requester.name if request.requester else None
    return TermsRequest(
        policy=request.policy,
        plan=request.plan,
        region=request.region,
        country=request.country,
        zone=request.zone,
        calendar=request.calendar,
        at=at,
        enquiry=Enquiry(
            tenant=request.tenant,
            requester=(actor.name if actor.is_requester else None) or named,
            email=request.contact.email if request.contact else None,
            access_id=request.access_id,
            verification=request.verification,
            case_reference=request.linked_to or request.case_reference,
        ),
    )


def terms_wanted_again(case: Case, now: datetime) -> TermsRequest:
    """This will ask for fresh terms from `now` (UTC) on; plan, zone and calendar stay as they were pinned."""
    terms = case.terms
    return TermsRequest(
        policy=case.request.policy,
        plan=terms.plan,
        region=terms.region,
        zone=terms.calendar.zone.name,
        calendar=terms.calendar.name,
        at=now,
    )


def awaits_terms(case: Case) -> bool:
    """This will tell whether fresh terms are wanted now."""
    running = case.clock(Clock.TERMS_RENEWAL)
    return running is not None and running.due_at is None


def take_terms(case: Case, answer: TermsAnswer, now: datetime) -> Accepted:
    """This will prolong the calendar, or, where it was asked for, hold the case to the fresh terms.

    Running clocks are then counted again from where they started; each that moves is written down with
    both instants. One already missed stays missed. Where no terms can be had, that is written down and asked
    for again a day later: the case goes on under the ones it has.
    """
    draft = Draft(case, now.replace(microsecond=0), f"terms@{now:%Y%m%dT%H%M%SZ}", OURSELVES)
    if answer.terms is None:
        return _ask_again(draft, answer.refused.reason if answer.refused else "no terms")
    fresh = answer.terms
    running = case.clock(Clock.TERMS_RENEWAL)
    recompute = running is not None and running.rule == _RECOMPUTE
    terms = fresh if recompute and _has_level(fresh, case.level) else prolong(case.terms, fresh)
    draft.set(terms=terms)
    if recompute:
        if case.clock(Clock.HANDOFF) is None:
            look_again(draft)
        for clock in case.clocks:
            _count_again(draft, clock, case)
    draft.run(RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=terms.renewal_due_at))
    draft.enter(EntryKind.TERMS_CHANGED, internal=True, about=f"{terms.policy}@{terms.version}")
    return draft.accepted()


def _ask_again(draft: Draft, reason: str) -> Accepted:
    asked = draft.case.clock(Clock.TERMS_RENEWAL)
    draft.run(
        RunningClock(
            clock=Clock.TERMS_RENEWAL,
            started_at=draft.at,
            due_at=draft.at + timedelta(days=1),
            rule=asked.rule if asked else "",
        )
    )
    draft.enter(EntryKind.TERMS_CHANGED, reason, internal=True, about="not to be had")
    return draft.accepted()


def _has_level(terms: Terms, level: str) -> bool:
    return any(rule.id == level for rule in terms.rules.levels)


def _target(case: Case, clock: Clock) -> Target | None:
    rules = case.terms.rules
    match clock:
        case Clock.INITIAL_RESPONSE:
            return case.rule.initial_response
        case Clock.TRIAGE:
            return Target(within=rules.intake.triage_within) if rules.intake.triage_within else None
        case Clock.UPDATE:
            every = cadence(case)
            return Target(within=every) if every else None
        case Clock.CUSTOMER_UPDATE:
            every = case.rule.customer_update_every
            return Target(within=every) if every else None
        case Clock.CONFIRMATION:
            every = rules.closing.reminder_every
            return Target(within=every) if every else None
        case Clock.AUTO_CLOSE:
            days = rules.closing.auto_close_business_days
        case Clock.REOPEN_WINDOW:
            if rules.closing.reopen_within is not None:
                return Target(within=rules.closing.reopen_within)
            days = rules.closing.reopen_business_days
        case (
            Clock.TERMS_RENEWAL
            | Clock.HANDOFF
            | Clock.OFFER
            | Clock.CONTACT_NOTICE
            | Clock.SESSION_REMINDER
            | Clock.PLANNED_START
            | Clock.STALE
            | Clock.VENDOR_CONTACT_CHECK
            | Clock.VENDOR_FOLLOW_UP
            | Clock.OUTAGE_NOTIFICATION
        ):
            return None
        case _:
            assert_never(clock)
    return Target(business_days=days) if days else None


def _due(case: Case, clock: RunningClock) -> datetime | None:
    """This will name the due instant the rule alone gives the clock, from where it started."""
    target = _target(case, clock.clock)
    if target is None:
        return None
    if target.within is not None and clock.clock not in _IN_COVERAGE:
        return clock.started_at + target.within
    return due(case.terms, clock.started_at, target)


def _every(case: Case, clock: RunningClock) -> timedelta | None:
    target = _target(case, clock.clock) if clock.every is not None else None
    return target.within if target else None


def _count_again(draft: Draft, clock: RunningClock, before: Case) -> None:
    """This will move a deadline to where the fresh terms put it, but never into the past.

    One that a raised level brought forward is not where its rule alone puts it, and stays (GAP-13).
    """
    due_at = _due(draft.case, clock)
    if due_at is None or clock.due_at is None or _due(before, clock) != clock.due_at:
        return
    due_at = max(due_at, draft.at)
    if due_at == clock.due_at:
        return
    margin = clock.fires_at - clock.due_at if clock.fires_at else None
    warn_at = warning_at(draft.case.terms, clock.started_at, due_at) if clock.warn_at else None
    draft.run(
        clock.model_copy(
            update={
                "due_at": due_at,
                "warn_at": warn_at,
                "fires_at": due_at + margin if margin is not None else None,
                "every": _every(draft.case, clock),
            }
        )
    )
    draft.enter(
        EntryKind.TERMS_CHANGED,
        f"{clock.clock}: {clock.due_at:%Y-%m-%dT%H:%M:%SZ} -> {due_at:%Y-%m-%dT%H:%M:%SZ}",
        internal=True,
        about=clock.clock,
        due_at=due_at,
    )
