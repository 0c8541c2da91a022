"""The customer's own duty: at the most urgent levels they tell us news as often as we tell them.

DED-23, DED-24, GAP-06: a lapse is reminded of, written down and counted; it never lowers a level and
never closes a case.
"""

from domain.clocks import Clock, RunningClock
from domain.counting import dues_by, run_cadence
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import repeat
from domain.lifecycle.when_due import CatchUp, when_due
from domain.planned import work_begins_at
from domain.timeline import EntryKind


def run_duty(draft: Draft) -> None:
    """Let the customer's next update fall due one interval from now, where the level wants one."""
    every = draft.case.rule.customer_update_every
    if every is None or not draft.case.has_sla:
        draft.stop(Clock.CUSTOMER_UPDATE)
        return
    begins_at = work_begins_at(draft.case, draft.at)
    draft.run(run_cadence(draft.case, Clock.CUSTOMER_UPDATE, begins_at, every))


def discharge(draft: Draft) -> None:
    """Count what the customer says, whoever enters it, as their update: the next is due later."""
    if draft.case.clock(Clock.CUSTOMER_UPDATE) is not None:
        run_duty(draft)


@when_due(Clock.CUSTOMER_UPDATE)
def duty_falls_due(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Remind the customer once, however many of their updates were missed up to `until` (UTC)."""
    lapses = dues_by(draft.case, running, catch_up.until)
    draft.set(customer_lapses=draft.case.customer_lapses + lapses)
    last, next_due = repeat(draft, running, catch_up)
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
