"""The status the system sends itself when an update falls due and no person has written one.

RHIPE-38, RHIPE-43, DED-20, DED-23 to DED-27, GAP-07, GAP-10.
"""

from datetime import datetime

from domain.clocks import Clock, RunningClock
from domain.counting import dues_by, nth_due, run_on
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle import ladder, outage_notices
from domain.lifecycle.breaches import book_breach, due_cause
from domain.lifecycle.updates import have_them_called, next_update_at
from domain.lifecycle.when_due import CatchUp, when_due
from domain.phase import Phase
from domain.timeline import EntryKind


@when_due(Clock.UPDATE)
def update_falls_due(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Send the status ourselves, once, however many instants were missed (house rule: catch-up).

    Every due instant up to `until` is settled; those handled more than `late_after` late (`now`) count as
    missed and are one breach together, the rest as kept by the system. The next due is the first of the
    series after `until`; it does not drift (GAP-07).
    """
    assert running.due_at is not None
    dues = dues_by(draft.case, running, catch_up.until)
    last = nth_due(draft.case, running, dues)
    on_time = catch_up.now - last <= draft.case.terms.rules.informing.late_after
    missed = dues - 1 if on_time else dues
    _score(draft, on_time=on_time, missed=missed)
    draft.cause, draft.at = due_cause(running, last), last
    _run_on(draft, running, last)
    draft.enter(EntryKind.STATUS_SENT, about=Clock.UPDATE, due_at=last)
    _tell_status(draft, last)
    if missed:
        last_missed = nth_due(draft.case, running, missed)
        book_breach(draft, Clock.UPDATE, running.due_at, count=missed, last=last_missed)
    _climb(draft, last, missed)
    _notice_streak(draft, last)


def _score(draft: Draft, *, on_time: bool, missed: int) -> None:
    score = draft.case.score
    waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
    changes = {
        "system": score.system + (1 if on_time else 0),
        "missed": score.missed + missed,
        "system_streak": score.system_streak + (0 if waiting else 1),
    }
    draft.set(score=score.model_copy(update=changes))


def _run_on(draft: Draft, running: RunningClock, last: datetime) -> None:
    """Let the cadence go on from the instant that was settled; while we wait it warns nobody."""
    waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
    draft.set(settled_at=last)
    draft.run(run_on(draft.case, running, last, warns=not waiting))


def _tell_status(draft: Draft, last: datetime) -> None:
    """Say where the case stands; without news by a person it is marked stale (GAP-07)."""
    case = draft.case
    draft.tell(
        EffectKind.STATUS_UPDATE,
        Recipient.CUSTOMER,
        about=Clock.UPDATE,
        due_at=last,
        next_update_at=next_update_at(draft),
        waiting_since=case.waiting_since,
        text=case.waiting_for,
        stale=case.phase is not Phase.AWAITING_CUSTOMER,
    )
    have_them_called(draft, case.waiting_for)
    outage_notices.repeat(draft)


def _climb(draft: Draft, last: datetime, missed: int) -> None:
    """Let updates that no person wrote climb: once so many in a row are the system's, or one was missed."""
    streak = draft.case.score.system_streak
    in_a_row = draft.case.terms.rules.informing.stale_updates_before_notice
    if draft.case.phase is not Phase.AWAITING_CUSTOMER and (missed or (streak and streak % in_a_row == 0)):
        ladder.climb_from(draft, Clock.UPDATE, last)


def _notice_streak(draft: Draft, last: datetime) -> None:
    """Tell the TSS once when updates by the system follow each other (GAP-07)."""
    streak = draft.case.score.system_streak
    waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
    if streak == draft.case.terms.rules.informing.stale_updates_before_notice and not waiting:
        draft.tell(EffectKind.STALE_NOTICE, Recipient.TSS, about=Clock.UPDATE, count=streak, last_at=last)
