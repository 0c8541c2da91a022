"""Cases that began elsewhere: what lies before their import is settled in silence, and recorded as imported.

Nobody is told of events of long ago, and no promise of then counts as missed here: whether it was kept,
another system knows. What is said with an earlier stamp is kept at its own instant.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.counting import dues_by, in_hours, nth_due, run_on

PATIENCE = timedelta(hours=1)
"""How long after the import a case does not end by itself: the rest of it may be under way (ours)."""

_GO_ON = (
    Clock.UPDATE,
    Clock.CUSTOMER_UPDATE,
    Clock.CONFIRMATION,
    Clock.INFORMATION_REMINDER,
    Clock.VENDOR_FOLLOW_UP,
)
_ENDS = (Clock.AUTO_CLOSE, Clock.REOPEN_WINDOW)
_LIVE = (Clock.TERMS_RENEWAL, Clock.HANDOFF, Clock.OFFER)
"""What is no promise of the past, but asks who is there now and what is known now."""


def is_silent(case: Case, at: datetime) -> bool:
    """Tell whether something of that instant (UTC) happened before the case was imported."""
    return case.imported_at is not None and at < case.imported_at


def is_past(case: Case, running: RunningClock) -> bool:
    """Tell whether a clock falls due by the import, so that nobody can keep its promise any more."""
    if case.imported_at is None or running.due_at is None or running.clock in _LIVE:
        return False
    return running.due_at <= case.imported_at


def after_import(case: Case, running: RunningClock) -> tuple[RunningClock | None, int]:
    """Return what is left of a clock whose due instants lie before the import, and how many did.

    A cadence goes on with its first due instant after the import, a target is settled. What ends the case
    waits a while for what may yet be imported.
    """
    assert case.imported_at is not None
    assert running.due_at is not None
    if running.clock in _ENDS:
        fires_at = max(running.fires_at or running.due_at, case.imported_at + PATIENCE)
        return running.model_copy(update={"warn_at": None, "fires_at": fires_at}), 0
    if running.clock is Clock.STALE:
        silent_for = running.due_at - running.started_at
        due_at = in_hours(case, case.imported_at + silent_for)
        return running.model_copy(update={"started_at": case.imported_at, "due_at": due_at}), 0
    if running.clock in _GO_ON and running.every is not None:
        count = dues_by(case, running, case.imported_at)
        warns = running.warn_at is not None
        return run_on(case, running, nth_due(case, running, count), warns=warns), count
    return None, 1


def without_early_warning(case: Case, running: RunningClock) -> RunningClock:
    """Return the clock without a warning that would have come before the import."""
    if running.warn_at is None or not is_silent(case, running.warn_at) or running.clock in _LIVE:
        return running
    return running.model_copy(update={"warn_at": None})
