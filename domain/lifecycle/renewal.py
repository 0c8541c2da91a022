"""The terms of a case that is held to them for long, or is to be held to other ones on purpose.

Pure. GAP-22: a calendar change never moves a running deadline by itself; a recomputation is asked for,
audited, and says what moved.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.clocks import Clock, RunningClock, due, warning_at
from domain.decision import Accepted, Draft
from domain.lifecycle.delivery import OURSELVES
from domain.lifecycle.informing import cadence
from domain.messages import RecomputeTerms
from domain.policy import Target
from domain.terms import Terms, TermsAnswer, prolong
from domain.timeline import EntryKind

_RECOMPUTE = "recompute"


def wants_renewal(draft: Draft, running: RunningClock) -> None:
    """This will mark the calendar as in need of prolonging; the fresh one comes by `take_terms`."""
    draft.set(settled_at=running.due_at)
    draft.run(running.model_copy(update={"due_at": None, "missed_at": running.due_at}))


def ask_for_terms(draft: Draft, message: RecomputeTerms) -> None:
    """This will record that the case is to be held to today's policy and calendar, and why."""
    draft.enter(EntryKind.TERMS_CHANGED, message.reason, internal=True, about="asked")
    draft.run(RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=None, rule=_RECOMPUTE))


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
        for clock in case.clocks:
            _count_again(draft, clock)
    draft.run(RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=terms.renewal_due_at))
    draft.enter(EntryKind.TERMS_CHANGED, internal=True, about=f"{terms.policy}@{terms.version}")
    return draft.accepted()


def _ask_again(draft: Draft, reason: str) -> Accepted:
    draft.run(
        RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=draft.at + timedelta(days=1))
    )
    draft.enter(EntryKind.TERMS_CHANGED, reason, internal=True, about="not to be had")
    return draft.accepted()


def _has_level(terms: Terms, level: str) -> bool:
    return any(rule.id == level for rule in terms.rules.levels)


def _target(draft: Draft, clock: RunningClock) -> Target | None:
    rules = draft.case.terms.rules
    match clock.clock:
        case Clock.INITIAL_RESPONSE:
            return draft.case.rule.initial_response
        case Clock.TRIAGE:
            return Target(within=rules.intake.triage_within) if rules.intake.triage_within else None
        case Clock.UPDATE:
            every = cadence(draft.case)
            return Target(within=every) if every else None
        case Clock.AUTO_CLOSE:
            days = rules.closing.auto_close_business_days
        case Clock.REOPEN_WINDOW:
            days = rules.closing.reopen_business_days
        case Clock.TERMS_RENEWAL:
            return None
    return Target(business_days=days) if days else None


def _count_again(draft: Draft, clock: RunningClock) -> None:
    target = _target(draft, clock)
    if target is None or clock.due_at is None:
        return
    terms = draft.case.terms
    in_elapsed_time = clock.clock is Clock.UPDATE and target.within is not None
    due_at = (
        clock.started_at + target.within
        if in_elapsed_time and target.within is not None
        else due(terms, clock.started_at, target)
    )
    if due_at == clock.due_at:
        return
    margin = clock.fires_at - clock.due_at if clock.fires_at else None
    draft.run(
        clock.model_copy(
            update={
                "due_at": due_at,
                "warn_at": warning_at(terms, clock.started_at, due_at) if clock.warn_at else None,
                "fires_at": due_at + margin if margin is not None else None,
                "every": target.within if clock.every else None,
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
