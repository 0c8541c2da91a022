"""Targets about to be missed, or missed: one warning, one breach entry, and how late it was kept.

Pure. DED-21, GAP-07, GAP-19; house rules on warnings and catch-up.
"""

from datetime import datetime, timedelta

from domain.case import KEPT_BREACHES, Breach
from domain.clocks import Clock, RunningClock
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.timeline import EntryKind


def due_cause(running: RunningClock, at: datetime) -> str:
    """This will name the cause of what a due instant causes: `update@20270615T010000Z`."""
    return f"{running.clock}@{at:%Y%m%dT%H%M%SZ}"


def warn(draft: Draft, running: RunningClock, until: datetime) -> None:
    """This will warn once before a target; nobody is warned of what is already due at `until`."""
    draft.run(running.model_copy(update={"warn_at": None}))
    if running.due_at is None or running.due_at <= until:
        return
    draft.set(warning_count=draft.case.warning_count + 1)
    draft.cause = due_cause(running, running.due_at)
    draft.enter(EntryKind.WARNED, internal=True, about=running.clock, due_at=running.due_at)
    draft.tell(EffectKind.WARNING, Recipient.ASSIGNEE, about=running.clock, due_at=running.due_at)


def miss(draft: Draft, running: RunningClock) -> None:
    """This will record that a target was missed; the clock runs on until the promise is kept late."""
    assert running.due_at is not None
    draft.cause = due_cause(running, running.due_at)
    draft.set(settled_at=running.due_at)
    draft.run(running.model_copy(update={"due_at": None, "warn_at": None, "missed_at": running.due_at}))
    book_breach(draft, running.clock, running.due_at)


def book_breach(
    draft: Draft, clock: Clock, due_at: datetime, *, count: int = 1, every: timedelta | None = None
) -> None:
    """This will write one breach for `count` due instants from `due_at` on, and tell the TSS (RHIPE-43)."""
    last = due_at + (count - 1) * (every or timedelta(0))
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
    """This will note how late a missed promise was kept after all, in seconds after its due instant."""
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
