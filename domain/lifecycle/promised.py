"""What a running clock was promised by, so that it can be counted again and explained.

GAP-13, GAP-22. The due instant is always derived from the terms of the case and the clock's own instants.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.counting import due, settle_moves, whole_days
from domain.lifecycle.updates import cadence
from domain.policy import Target
from domain.rules import RULES_0_4


def target_of(case: Case, clock: Clock) -> Target | None:
    """Return what the terms promise by a clock now; None where it is no promise of time."""
    closing = case.terms.rules.closing
    if clock in (Clock.INITIAL_RESPONSE, Clock.DEPARTMENT_CONTACT):
        return case.rule.initial_response
    if clock is Clock.AUTO_CLOSE:
        return _whole(closing.auto_close_business_days)
    if clock is Clock.REOPEN_WINDOW and closing.reopen_within is None:
        return _whole(closing.reopen_business_days)
    within = _within(case, clock)
    return Target(within=within) if within else None


def _within(case: Case, clock: Clock) -> timedelta | None:
    rules, outage = case.terms.rules, case.terms.outage
    match clock:
        case Clock.TRIAGE:
            return rules.intake.triage_within
        case Clock.UPDATE:
            return cadence(case)
        case Clock.CUSTOMER_UPDATE:
            return case.rule.customer_update_every
        case Clock.CONFIRMATION:
            return rules.closing.reminder_every
        case Clock.INFORMATION_REMINDER if case.rules >= RULES_0_4:
            return rules.intake.reminder_every
        case Clock.REOPEN_WINDOW:
            return rules.closing.reopen_within
        case Clock.OUTAGE_NOTIFICATION if case.rules >= RULES_0_4:
            return outage.notify_within if outage else None
        case _:
            return None


def _whole(days: int | None) -> Target | None:
    return whole_days(days) if days else None


def promised_at(case: Case, level: str) -> Target | None:
    """Return the response target of one level, None where the terms have neither."""
    found = (rule.initial_response for rule in case.terms.rules.levels if rule.id == level)
    return next(found, None)


class Promise(NamedTuple):
    """How a due instant comes about: what was promised, counted from when, and so due when (UTC)."""

    target: Target
    counted_from: datetime
    due_at: datetime
    raised: bool = False


def derived(case: Case, running: RunningClock) -> Promise | None:
    """Derive a clock's due instant from the terms, and from where it started; None where they give none."""
    if running.moves:
        return _of_moves(case, running)
    target = target_of(case, running.clock)
    if target is None:
        return None
    return Promise(target, running.started_at, due(case, running.clock, running.started_at, target))


def _of_moves(case: Case, running: RunningClock) -> Promise | None:
    settled = settle_moves(case, running.moves, lambda level: promised_at(case, level))
    target = promised_at(case, settled[0].level) if settled else None
    if settled is None or target is None:
        return None
    move, due_at = settled
    return Promise(target, move.counted_from, due_at, move.raised)
