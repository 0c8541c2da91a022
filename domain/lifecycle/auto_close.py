"""How a resolved case comes to its end while nobody says anything, and what stops that.

RHIPE-35, CSS-13, GAP-08. Silence closes it or, where the requester's word is wanted, is reminded of. While an
answer is owed to them the silence is ours, and ends nothing.
"""

from datetime import datetime

from domain.clocks import Clock, RunningClock
from domain.counting import due, run_cadence, whole_days
from domain.decision import Draft


def business_clock(draft: Draft, clock: Clock, start: datetime, days: int) -> RunningClock:
    """Start a clock of whole business days, on the case's own calendar."""
    due_at = due(draft.case, clock, start, whole_days(days))
    return RunningClock(clock=clock, started_at=start, due_at=due_at, rule=f"{days} business days")


def await_the_end(draft: Draft) -> None:
    """Let the case close by itself after some business days (3: RHIPE-35), or remind of the word
    that is still wanted (off by default, GAP-08).
    """
    closing = draft.case.terms.rules.closing
    if closing.auto_close_business_days is not None:
        draft.run(business_clock(draft, Clock.AUTO_CLOSE, draft.at, closing.auto_close_business_days))
    every = closing.reminder_every
    if every is not None and closing.awaits_confirmation:
        draft.run(run_cadence(draft.case, Clock.CONFIRMATION, draft.at, every))


def answered(draft: Draft) -> None:
    """Go on from our answer, where one was owed: the silence that follows is the customer's again."""
    if draft.case.answer_owed_since is None:
        return
    draft.set(answer_owed_since=None)
    draft.stop(Clock.UPDATE)
    await_the_end(draft)
