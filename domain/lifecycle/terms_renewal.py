"""The terms of a case that is held to them for long, or is to be held to other ones on purpose.

GAP-22: a calendar change never moves a running deadline by itself; a recomputation is asked for,
audited, and says what moved.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.clocks import Clock, Recounted, RunningClock
from domain.counting import warning_at
from domain.decision import Accepted, Draft
from domain.later_terms import prolong, recompiled
from domain.lifecycle.handoff import look_again
from domain.lifecycle.promised import Promise, derived
from domain.lifecycle.undelivered import OURSELVES
from domain.lifecycle.when_due import CatchUp, when_due
from domain.lives import Beginning
from domain.messages.case import RecomputeTerms
from domain.messages.request import Submit
from domain.rules import RULES_0_4
from domain.tenants import Enquiry
from domain.terms import RENEW_BEFORE, Terms, TermsAnswer, TermsRequest
from domain.timeline import EntryKind

_RECOMPUTE = "recompute"
_A_DAY = timedelta(days=1)


@when_due(Clock.TERMS_RENEWAL)
def wants_renewal(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Mark the calendar as in need of prolonging; the fresh one comes by `take_terms`."""
    draft.set(settled_at=running.due_at)
    draft.run(running.model_copy(update={"due_at": None, "missed_at": running.due_at}))


def ask_for_terms(draft: Draft, message: RecomputeTerms) -> None:
    """Record that the case is to be held to today's policy and calendar, and why."""
    draft.enter(EntryKind.TERMS_CHANGED, message.reason, internal=True, about="asked")
    draft.run(RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=None, rule=_RECOMPUTE))


def terms_wanted(
    request: Submit, at: datetime, beginning: Beginning | None = None, now: datetime | None = None
) -> TermsRequest:
    """Ask for the terms a request received at `at` (UTC) is held to, its tenant's facts, and an earlier life.

    Where the door knows by name who asks, that name counts, and not the one in the request. `now` says how
    far the calendar has to reach for a request that was received long ago.
    """
    actor = request.actor
    named = request.requester.name if request.requester else None
    return TermsRequest(
        policy=request.policy,
        plan=request.plan,
        plan_stands=actor.is_staff and request.plan_reason is not None,
        region=request.region,
        country=request.country,
        zone=request.zone,
        calendar=request.calendar,
        at=at,
        counts_until=_latest_start(request, at, now or at),
        enquiry=Enquiry(
            tenant=request.tenant,
            requester=(actor.name if actor.is_requester else None) or named,
            email=request.contact.email if request.contact else None,
            access_id=request.access_id,
            verification=request.verification,
            case_reference=request.linked_to or request.case_reference,
        ),
        beginning=beginning,
    )


def _latest_start(request: Submit, at: datetime, now: datetime) -> datetime | None:
    """Name the latest instant from which something is counted for sure: a planned start, or a late `now`."""
    starts = [start for start in (request.start_at, now) if start is not None and start > at + _A_DAY]
    return max(starts, default=None)


def terms_wanted_again(case: Case, now: datetime) -> TermsRequest:
    """Ask for fresh terms from `now` (UTC) on; plan, zone and calendar stay as they were pinned.

    The tables are asked for from the first instant on that anything is counted from, so that what changed in
    them since is known too.
    """
    terms = case.terms
    return TermsRequest(
        policy=case.request.policy,
        plan=terms.plan,
        region=terms.region,
        zone=terms.calendar.zone.name,
        calendar=terms.calendar.name,
        at=now,
        counts_from=_first_start(case, now) if case.rules >= RULES_0_4 else None,
        counts_until=_latest_start(case.request, now, now) if case.rules >= RULES_0_4 else None,
    )


def _first_start(case: Case, now: datetime) -> datetime:
    return min(now, case.received_at, case.terms.valid_until, *(clock.started_at for clock in case.clocks))


def awaits_terms(case: Case) -> bool:
    """Tell whether fresh terms are wanted now."""
    running = case.clock(Clock.TERMS_RENEWAL)
    return running is not None and running.due_at is None


def take_terms(case: Case, answer: TermsAnswer, now: datetime) -> Accepted:
    """Prolong the calendar, or, where it was asked for, hold the case to the fresh terms.

    Running clocks are then counted again from where they started; each that moves is written down with
    both instants. What was counted within the old calendar does not move by its being prolonged, only what
    was counted short. One already missed stays missed. Where no terms can be had, that is written down and
    asked for again a day later: the case goes on under the ones it has.
    """
    draft = Draft(case, now.replace(microsecond=0), f"terms@{now:%Y%m%dT%H%M%SZ}", OURSELVES)
    if answer.terms is None:
        return _ask_again(draft, answer.refused.reason if answer.refused else "no terms")
    fresh = answer.terms
    running = case.clock(Clock.TERMS_RENEWAL)
    recompute = running is not None and running.rule == _RECOMPUTE
    terms = _taken(case, fresh, recompute=recompute)
    draft.set(terms=terms)
    if recompute and case.clock(Clock.HANDOFF) is None:
        look_again(draft)
    if recompute or case.rules >= RULES_0_4:
        for clock in case.clocks:
            _count_again(draft, clock, case)
    draft.run(next_renewal(draft))
    draft.enter(EntryKind.TERMS_CHANGED, internal=True, about=f"{terms.policy}@{terms.version}")
    return draft.accepted()


def _taken(case: Case, fresh: Terms, *, recompute: bool) -> Terms:
    if not recompute or not _has_level(fresh, case.level):
        return prolong(case.terms, fresh)
    return recompiled(case.terms, fresh) if case.rules >= RULES_0_4 else fresh


def next_renewal(draft: Draft) -> RunningClock:
    """Want the calendar prolonged in time for the longest span that may begin before (45 days at least)."""
    terms = draft.case.terms
    due_at = terms.renewal_due_at if draft.case.rules >= RULES_0_4 else terms.valid_until - RENEW_BEFORE
    return RunningClock(clock=Clock.TERMS_RENEWAL, started_at=draft.at, due_at=due_at)


def _ask_again(draft: Draft, reason: str) -> Accepted:
    asked = draft.case.clock(Clock.TERMS_RENEWAL)
    draft.run(
        RunningClock(
            clock=Clock.TERMS_RENEWAL,
            started_at=draft.at,
            due_at=draft.at + _A_DAY,
            rule=asked.rule if asked else "",
        )
    )
    draft.enter(EntryKind.TERMS_CHANGED, reason, internal=True, about="not to be had")
    return draft.accepted()


def _has_level(terms: Terms, level: str) -> bool:
    return any(rule.id == level for rule in terms.rules.levels)


def _count_again(draft: Draft, clock: RunningClock, before: Case) -> None:
    """Move a deadline to where the fresh terms put it, but never into the past.

    One that is not where the old terms alone put it stays: it was begun under earlier rules.
    """
    promise, old = derived(draft.case, clock), derived(before, clock)
    if promise is None or clock.due_at is None or old is None or old.due_at != clock.due_at:
        return
    due_at = max(promise.due_at, draft.at)
    if due_at == clock.due_at:
        return
    draft.run(
        clock.model_copy(
            update={
                "due_at": due_at,
                "warn_at": _warning(draft, clock, promise._replace(due_at=due_at)),
                "fires_at": due_at + (clock.fires_at - clock.due_at) if clock.fires_at else None,
                "every": promise.target.within if clock.every is not None else None,
                "rule": _in_words(promise, clock) if promise.target != old.target else clock.rule,
                "recounted": Recounted(at=draft.at, old_due_at=clock.due_at),
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


def _in_words(promise: Promise, clock: RunningClock) -> str:
    words = f"{promise.target} (raised)" if promise.raised else str(promise.target)
    return words if clock.every is None else f"every {words}"


def _warning(draft: Draft, clock: RunningClock, promise: Promise) -> datetime | None:
    """Name the warning before a moved deadline, where there was to be one; none lies in the past."""
    if clock.warn_at is None:
        return None
    start, due_at, target = promise.counted_from, promise.due_at, promise.target
    warn_at = warning_at(draft.case, clock.clock, start, due_at, target)
    if warn_at is None or draft.case.rules < RULES_0_4:
        return warn_at
    return max(warn_at, draft.at) if due_at > draft.at else None
