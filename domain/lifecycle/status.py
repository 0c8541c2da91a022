"""The status the system sends itself when an update falls due and no person has written one.

Pure. RHIPE-38, RHIPE-43, DED-20, DED-23 to DED-27, GAP-07, GAP-10.
"""

from datetime import datetime

from domain.clocks import Clock, RunningClock, warning_at
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle import outage_notices
from domain.lifecycle.breaches import book_breach, due_cause
from domain.lifecycle.informing import have_him_called, next_update_at
from domain.phase import Phase
from domain.timeline import EntryKind


def update_falls_due(draft: Draft, running: RunningClock, until: datetime, now: datetime) -> None:
    """This will send the status ourselves, once, however many instants were missed (house rule: catch-up).

    Every due instant up to `until` is settled; those handled more than `late_after` late (`now`) count as
    missed and are one breach together, the rest as kept by the system. The next due is the first of the
    series after `until`; it does not drift (GAP-07).
    """
    assert running.due_at is not None
    assert running.every is not None
    last = running.last_due_by(until)
    on_time = now - last <= draft.case.terms.rules.informing.late_after
    missed = (last - running.due_at) // running.every + (0 if on_time else 1)
    _score(draft, on_time=on_time, missed=missed)
    draft.cause, draft.at = due_cause(running, last), last
    _run_on(draft, running, last)
    draft.enter(EntryKind.STATUS_SENT, about=Clock.UPDATE, due_at=last)
    _tell_status(draft, last)
    if missed:
        book_breach(draft, Clock.UPDATE, running.due_at, count=missed, every=running.every)
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
    """This will let the cadence go on from the instant that was settled; while we wait it warns nobody."""
    assert running.every is not None
    next_due = last + running.every
    waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
    warn_at = None if waiting else warning_at(draft.case.terms, last, next_due)
    draft.set(settled_at=last)
    draft.run(running.model_copy(update={"started_at": last, "due_at": next_due, "warn_at": warn_at}))


def _tell_status(draft: Draft, last: datetime) -> None:
    """This will say where the case stands; without news by a person it is marked stale (GAP-07)."""
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
    have_him_called(draft, case.waiting_for)
    outage_notices.repeat(draft)


def _notice_streak(draft: Draft, last: datetime) -> None:
    """This will tell the TSS once when updates by the system follow each other (GAP-07)."""
    streak = draft.case.score.system_streak
    waiting = draft.case.phase is Phase.AWAITING_CUSTOMER
    if streak == draft.case.terms.rules.informing.stale_updates_before_notice and not waiting:
        draft.tell(EffectKind.STALE_NOTICE, Recipient.TSS, about=Clock.UPDATE, count=streak, last_at=last)
