"""Targets about to be missed, or missed: one warning, one breach entry, and how late it was kept.

DED-21, GAP-07, GAP-19; house rules on warnings and catch-up.
"""

from datetime import datetime

from domain.case import KEPT_BREACHES, Breach
from domain.clocks import Clock, RunningClock
from domain.counting import last_due_by, run_on
from domain.decision import Draft, instant_key
from domain.effects import EffectKind, Recipient
from domain.lifecycle.when_due import CatchUp
from domain.timeline import EntryKind


def due_cause(running: RunningClock, at: datetime) -> str:
    """Name the cause of what a due instant causes: `update@20270615T010000Z`."""
    return f"{running.clock}@{instant_key(at)}"


def repeat(draft: Draft, running: RunningClock, catch_up: CatchUp) -> tuple[datetime, datetime | None]:
    """Settle a repeating clock once, however many due instants were missed; return the last and the next."""
    last = last_due_by(draft.case, running, catch_up.until)
    going_on = run_on(draft.case, running, last)
    draft.set(settled_at=last)
    draft.run(going_on)
    draft.cause, draft.at = due_cause(running, last), last
    return last, going_on.due_at


def warn(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Warn once before a target; nobody is warned of what is already due at `until`."""
    draft.run(running.model_copy(update={"warn_at": None}))
    if running.due_at is None or running.due_at <= catch_up.until:
        return
    draft.set(warning_count=draft.case.warning_count + 1)
    draft.cause = due_cause(running, running.due_at)
    draft.enter(EntryKind.WARNED, internal=True, about=running.clock, due_at=running.due_at)
    draft.tell(EffectKind.WARNING, Recipient.ASSIGNEE, about=running.clock, due_at=running.due_at)


def miss(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Record that a target was missed; the clock runs on until the promise is kept late."""
    assert running.due_at is not None
    draft.cause = due_cause(running, running.due_at)
    draft.set(settled_at=running.due_at)
    draft.run(running.model_copy(update={"due_at": None, "warn_at": None, "missed_at": running.due_at}))
    book_breach(draft, running.clock, running.due_at)


def book_breach(
    draft: Draft, clock: Clock, due_at: datetime, *, count: int = 1, last: datetime | None = None
) -> None:
    """Write one breach for `count` due instants from `due_at` to `last`, and tell the TSS (RHIPE-43)."""
    last = last or due_at
    breach = Breach(clock=clock, due_at=due_at, last_due_at=last, count=count)
    draft.set(
        breaches=(*draft.case.breaches, breach)[-KEPT_BREACHES:], breach_count=draft.case.breach_count + 1
    )
    draft.enter(EntryKind.BREACHED, internal=True, about=clock, due_at=due_at, count=count)
    draft.tell(
        EffectKind.BREACH_NOTICE,
        Recipient.TSS,
        about=clock,
        due_at=due_at,
        count=count,
        first_at=due_at,
        last_at=last,
    )


def kept(draft: Draft, running: RunningClock) -> None:
    """Note how late a missed promise was kept after all, in seconds after its due instant."""
    if running.missed_at is None:
        return
    late = int((draft.at - running.missed_at).total_seconds())
    breaches = tuple(
        breach.model_copy(update={"late_seconds": late})
        if breach.clock is running.clock and breach.due_at == running.missed_at
        else breach
        for breach in draft.case.breaches
    )
    draft.set(breaches=breaches)
    draft.enter(
        EntryKind.KEPT_LATE, internal=True, about=running.clock, due_at=running.missed_at, late_seconds=late
    )
