"""What time says to a case: everything due is settled in one step, in the order of the due instants.

Which rule settles a clock stands in its chapter; here are the order, and what is caught up with. How late we
were is kept beside the decision.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.clocks import Clock, Deadline, FiredClock, RunningClock, next_deadline
from domain.counting import last_due_by
from domain.decision import Accepted, Draft
from domain.imported import is_silent
from domain.lifecycle import (  # noqa: F401  some are here for the clocks they settle
    breaches,
    customer_update,
    ladder,
    stale,
    status_update,
    vendor_follow_up,
)
from domain.lifecycle.undelivered import OURSELVES
from domain.lifecycle.when_due import RULES, WARNINGS, CatchUp


def fall_due(case: Case, now: datetime) -> Accepted | None:
    """Settle in one step everything due at or before `now` (UTC), or return None: nothing is."""
    deadline = next_deadline(case.clocks)
    if deadline is None or deadline.at > now:
        return None
    draft = Draft(case, now.replace(microsecond=0), "due")
    settle(draft, before=now + timedelta(microseconds=1), now=now)
    return draft.accepted()


def settle(draft: Draft, *, before: datetime, now: datetime) -> None:
    """Settle what fell due before an instant, in the order of the due instants."""
    until = before - timedelta(microseconds=1)
    actor = draft.actor
    while (deadline := _next_to_settle(draft.case, until)) is not None and deadline.at <= until:
        draft.actor = OURSELVES
        draft.at = deadline.at.replace(microsecond=0)
        _note_lateness(draft, deadline, now)
        _settle_one(draft, deadline, until, now)
    draft.actor = actor


def _note_lateness(draft: Draft, deadline: Deadline, now: datetime) -> None:
    """Write beside the decision how late a clock is acted on, but for what lies before an import."""
    running = draft.case.clock(deadline.clock)
    if running is None or (due_at := running.wakes_at) is None or is_silent(draft.case, due_at):
        return
    late = max(now - due_at, timedelta(0))
    draft.fired.append(
        FiredClock(
            clock=deadline.clock,
            due_at=due_at,
            late_ms=late // timedelta(milliseconds=1),
            region=draft.case.region,
            is_warning=deadline.is_warning,
        )
    )


def _next_to_settle(case: Case, until: datetime) -> Deadline | None:
    """Name the next deadline; a repeating clock we catch up with counts as of its last one."""
    deadline = next_deadline(case.clocks)
    if deadline is None or deadline.at > until:
        return deadline
    if not any(clock.due_at is not None and clock.due_at < until for clock in case.clocks):
        return deadline  # everything is settled in time, as it is while somebody is there
    return next_deadline(_as_of_last(case, clock, until) for clock in case.clocks)


def _as_of_last(case: Case, clock: RunningClock, until: datetime) -> RunningClock:
    if clock.due_at is None or clock.due_at >= until:  # not missed more than once
        return clock
    if clock.clock is Clock.LADDER:
        return clock.model_copy(update={"due_at": ladder.last_rung_by(case, clock, until)})
    if clock.every is None or clock.warn_at is not None:
        return clock
    return clock.model_copy(update={"due_at": last_due_by(case, clock, until)})


def _settle_one(draft: Draft, deadline: Deadline, until: datetime, now: datetime) -> None:
    running = draft.case.clock(deadline.clock)
    assert running is not None
    rule = WARNINGS.get(deadline.clock, breaches.warn) if deadline.is_warning else RULES[deadline.clock]
    rule(draft, running, CatchUp(until, now))
