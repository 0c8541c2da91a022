"""How time is counted for one case: towards a due instant, its warning, and the next of a series.

One place for clocks that start, are counted again and are explained, so that the three cannot differ. A run
held to earlier rules counts as it always did: warnings and cadences in elapsed time, gaps of the day as open.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import Case
from domain.clocks import Clock, LevelMove, RunningClock
from domain.policy import Target, in_words
from domain.rules import RULES_0_4
from domain.time.calendar import (
    Gap,
    add_business_days,
    add_open_time,
    is_open,
    next_opening,
    open_time_between,
)

_PROMISED_HOURS = (Clock.INITIAL_RESPONSE, Clock.TRIAGE, Clock.DEPARTMENT_CONTACT)
"""The clocks whose hours count only inside a plan's coverage (RHIPE-05)."""

_CADENCES = (
    Clock.UPDATE,
    Clock.CUSTOMER_UPDATE,
    Clock.CONFIRMATION,
    Clock.INFORMATION_REMINDER,
    Clock.LADDER,
)
"""Cadences and reminders, which count there too unless the policy says `elapsed` (assumed)."""


class Arithmetic(StrEnum):
    """How time is counted towards a due instant."""

    ELAPSED = "elapsed"
    COVERAGE = "coverage"
    BUSINESS_DAYS = "business_days"


def whole_days(days: int) -> Target:
    """Return business days as a target; a window may have more of them than a target may."""
    return Target.model_construct(within=None, business_days=days)


def arithmetic(case: Case, clock: Clock, target: Target | None) -> Arithmetic:
    """Say how a clock counts towards a target; hours are coverage where the plan has hours (RHIPE-05)."""
    if target is not None and target.business_days is not None:
        return Arithmetic.BUSINESS_DAYS
    in_coverage = clock in _PROMISED_HOURS or (clock in _CADENCES and _cadences_in_coverage(case))
    return Arithmetic.COVERAGE if in_coverage and case.terms.hours_in_coverage else Arithmetic.ELAPSED


def _cadences_in_coverage(case: Case) -> bool:
    return case.rules >= RULES_0_4 and case.terms.rules.informing.cadence_counts == "coverage"


def due(case: Case, clock: Clock, start: datetime, target: Target) -> datetime:
    """Name the instant at which a target promised at `start` (UTC) falls due.

    Business days step the calendar's business dates at the same local time. A budget of coverage used up
    exactly at closing is due at closing (RHIPE-13).
    """
    if target.business_days is not None:
        gap = Gap.OUTSIDE if case.rules >= RULES_0_4 else Gap.INSIDE
        return add_business_days(case.terms.calendar, start, target.business_days, gap=gap)
    assert target.within is not None
    if arithmetic(case, clock, target) is Arithmetic.COVERAGE:
        return add_open_time(case.terms.calendar, start, target.within)
    return start + target.within


def warning_at(
    case: Case, clock: Clock, start: datetime, due_at: datetime, target: Target
) -> datetime | None:
    """Name the instant of the one warning before `due_at`.

    75 % of the counted time, and at least 10 minutes of it before (policy fields, assumed); None where the
    span is too short for that. Business days are counted in the hours of their calendar.
    """
    informing = case.terms.rules.informing
    in_hours = arithmetic(case, clock, target) is not Arithmetic.ELAPSED and case.rules >= RULES_0_4
    total = open_time_between(case.terms.calendar, start, due_at) if in_hours else due_at - start
    spent = min(total * informing.warn_at_share, total - informing.warn_before_at_least)
    if spent <= timedelta(0):
        return None
    at = add_open_time(case.terms.calendar, start, spent) if in_hours else start + spent
    at = at.replace(microsecond=0)
    return at if at > start else None


def run_target(case: Case, clock: Clock, start: datetime, target: Target) -> RunningClock:
    """Start a clock towards a target, with its warning."""
    due_at = due(case, clock, start, target)
    return RunningClock.made(
        clock=clock,
        started_at=start,
        due_at=due_at,
        warn_at=warning_at(case, clock, start, due_at, target),
        rule=str(target),
    )


def run_cadence(
    case: Case, clock: Clock, start: datetime, every: timedelta, *, warns: bool = False
) -> RunningClock:
    """Start a clock that falls due again and again, `every` from `start` (UTC)."""
    target = Target.made(within=every)
    due_at = due(case, clock, start, target)
    return RunningClock.made(
        clock=clock,
        started_at=start,
        due_at=due_at,
        warn_at=warning_at(case, clock, start, due_at, target) if warns else None,
        every=every,
        rule=f"every {in_words(every)}",
    )


def counted_since(case: Case, running: RunningClock, until: datetime) -> timedelta:
    """Return how much of the time that counts for a cadence has gone by from its start to `until` (UTC)."""
    counts_as = arithmetic(case, running.clock, None)
    if counts_as is Arithmetic.COVERAGE:
        return open_time_between(case.terms.calendar, running.started_at, until)
    return until - running.started_at


def dues_by(case: Case, running: RunningClock, until: datetime) -> int:
    """Count how often a repeating clock falls due up to `until` (inclusive), once at least."""
    assert running.due_at is not None
    assert running.every is not None
    if arithmetic(case, running.clock, Target.made(within=running.every)) is Arithmetic.COVERAGE:
        passed = open_time_between(case.terms.calendar, running.due_at, until)
    else:
        passed = until - running.due_at
    return max(passed // running.every, 0) + 1


def nth_due(case: Case, running: RunningClock, number: int) -> datetime:
    """Name one due instant of a repeating clock, counted from 1; the series does not drift (GAP-07)."""
    assert running.due_at is not None
    assert running.every is not None
    if number == 1:
        return running.due_at
    return due(case, running.clock, running.due_at, Target.made(within=(number - 1) * running.every))


def last_due_by(case: Case, running: RunningClock, until: datetime) -> datetime:
    """Name a repeating clock's last due instant at or before `until`, its first at least."""
    return nth_due(case, running, dues_by(case, running, until))


def run_on(case: Case, running: RunningClock, last: datetime, *, warns: bool = False) -> RunningClock:
    """Let a repeating clock go on from the due instant that was settled last."""
    assert running.every is not None
    target = Target.made(within=running.every)
    due_at = due(case, running.clock, last, target)
    warn_at = warning_at(case, running.clock, last, due_at, target) if warns else None
    return running.model_copy(update={"started_at": last, "due_at": due_at, "warn_at": warn_at})


def in_hours(case: Case, at: datetime) -> datetime:
    """Roll what falls due outside a plan's hours to their next opening, where cadences run in them."""
    if not (case.terms.hours_in_coverage and _cadences_in_coverage(case)) or is_open(case.terms.calendar, at):
        return at
    return next_opening(case.terms.calendar, at)


def settle_moves(
    case: Case, moves: tuple[LevelMove, ...], promised: Callable[[str], Target | None]
) -> tuple[LevelMove, datetime] | None:
    """Return the move that sets the due instant of a response, and that instant (UTC).

    Raising takes the earlier of the due instant so far and the change + new target; lowering the later of it
    and receipt + new target (GAP-13). None where one of the levels promises nothing.
    """
    found: tuple[LevelMove, datetime] | None = None
    for move in moves:
        target = promised(move.level)
        if target is None:
            return None
        due_at = due(case, Clock.INITIAL_RESPONSE, move.counted_from, target)
        if found is None or (due_at < found[1] if move.raised else due_at > found[1]):
            found = move, due_at
    return found
