"""The customer's own duty: at the most urgent levels he tells us news as often as we tell him.

Pure. DED-23, DED-24, GAP-06: a lapse is reminded of, written down and counted; it never lowers a level and
never closes a case.
"""

from datetime import datetime

from domain.clocks import Clock, RunningClock
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import due_cause
from domain.planned import work_begins_at
from domain.policy import in_words
from domain.timeline import EntryKind


def run_duty(draft: Draft) -> None:
    """This will let the customer's next update fall due one interval from now, where the level wants one."""
    every = draft.case.rule.customer_update_every
    if every is None or not draft.case.has_sla:
        draft.stop(Clock.CUSTOMER_UPDATE)
        return
    begins_at = work_begins_at(draft.case, draft.at)
    draft.run(
        RunningClock(
            clock=Clock.CUSTOMER_UPDATE,
            started_at=begins_at,
            due_at=begins_at + every,
            every=every,
            rule=f"every {in_words(every)}",
        )
    )


def discharge(draft: Draft) -> None:
    """This will count what the customer says, whoever enters it, as his update: the next is due later."""
    if draft.case.clock(Clock.CUSTOMER_UPDATE) is not None:
        run_duty(draft)


def duty_falls_due(draft: Draft, running: RunningClock, until: datetime) -> None:
    """This will remind the customer once, however many of his updates were missed up to `until` (UTC)."""
    assert running.due_at is not None
    assert running.every is not None
    last = running.last_due_by(until)
    lapses = (last - running.due_at) // running.every + 1
    draft.set(settled_at=last, customer_lapses=draft.case.customer_lapses + lapses)
    next_due = last + running.every
    draft.run(running.model_copy(update={"started_at": last, "due_at": next_due}))
    draft.cause, draft.at = due_cause(running, last), last
    draft.enter(
        EntryKind.CUSTOMER_UPDATE_LAPSED, about=Clock.CUSTOMER_UPDATE, due_at=running.due_at, count=lapses
    )
    draft.tell(
        EffectKind.CUSTOMER_UPDATE_REMINDER,
        Recipient.CUSTOMER,
        about=Clock.CUSTOMER_UPDATE,
        due_at=last,
        next_update_at=next_due,
        count=lapses,
    )
