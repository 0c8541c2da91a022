"""Targets that were missed climb; of a first answer the customer is told once that we are late, and by when.

RHIPE-13 to RHIPE-15, RHIPE-43, DED-30. They are promised it within the target again, counted from when they
are told.
"""

from domain.clocks import Clock, RunningClock
from domain.counting import due
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle import ladder
from domain.lifecycle.breaches import miss
from domain.lifecycle.promised import target_of
from domain.lifecycle.when_due import CatchUp, when_due
from domain.rules import RULES_0_4


@when_due(Clock.INITIAL_RESPONSE)
def answer_is_missed(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Record it, tell the customer, and let it climb from the instant at which it was due."""
    assert running.due_at is not None
    miss(draft, running, catch_up)
    if draft.case.rules < RULES_0_4:
        return
    _tell_customer(draft, running, catch_up)
    ladder.climb_from(draft, Clock.INITIAL_RESPONSE, running.due_at)


@when_due(Clock.TRIAGE, Clock.OUTAGE_NOTIFICATION)
def target_is_missed(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Record it, and let it climb from the instant at which it was due."""
    assert running.due_at is not None
    miss(draft, running, catch_up)
    ladder.climb_from(draft, running.clock, running.due_at)


def _tell_customer(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Promise it anew from the instant this is handled, for what lies before that helps nobody."""
    case = draft.case
    target, missed = target_of(case, Clock.INITIAL_RESPONSE), case.clock(Clock.INITIAL_RESPONSE)
    if target is None or missed is None:
        return
    told_at = max(draft.at, catch_up.now.replace(microsecond=0))
    again_at = due(case, Clock.INITIAL_RESPONSE, told_at, target)
    draft.run(missed.model_copy(update={"told_late_at": told_at, "promised_again_at": again_at}))
    draft.tell(
        EffectKind.RESPONSE_LATE,
        Recipient.CUSTOMER,
        about=Clock.INITIAL_RESPONSE,
        due_at=running.due_at,
        next_update_at=again_at,
    )
