"""Cases nobody has a word for: where the customer is promised no updates, silence is noticed here.

RHIPE-43. So it is where a solved case is ours to close. Where they are promised some, two by the system in a
row are noticed instead (`status`). The clock is left alone while people speak, and looks when it falls due
how long ago the last word was: a busy case costs nothing. The TSS is told once, and again only after
somebody spoke.
"""

from domain.actor import Actor
from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.counting import in_hours
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.when_due import CatchUp, after_step, when_due
from domain.phase import OPEN, Phase
from domain.rules import RULES_0_4

_WATCHED = OPEN - {Phase.AWAITING_CUSTOMER}
"""While we wait for the customer nothing is stale (house rule)."""


def _is_watched(case: Case) -> bool:
    return case.phase in _WATCHED or case.answer_owed_since is not None or _is_left_to_us(case)


def _is_left_to_us(case: Case) -> bool:
    """Tell whether only our own people close the solved case, so that nothing else would end it."""
    closes = case.terms.rules.closing.confirmation
    return case.phase is Phase.RESOLVED and closes == "none" and case.rules >= RULES_0_4


@after_step
def heard(draft: Draft, speaker: Actor) -> None:
    """Note a word of staff or customer, and see that the clock runs where silence is watched.

    The request itself is one, whoever sent it.
    """
    after = draft.case.rule.stale_after
    running = draft.case.clock(Clock.STALE)
    if after is None or not _is_watched(draft.case):
        if running is not None:
            draft.stop(Clock.STALE)
        return
    if draft.case.heard_at is not None and not (speaker.is_staff or speaker.is_requester):
        return
    draft.set(heard_at=draft.at)
    if running is None:
        _watch(draft)


@when_due(Clock.STALE)
def silence_falls_due(draft: Draft, running: RunningClock, _catch_up: CatchUp) -> None:
    """Tell the TSS since when nobody has said anything, or wait on where somebody has."""
    assert running.due_at is not None
    case = draft.case
    draft.set(settled_at=running.due_at)
    draft.stop(Clock.STALE)
    after, since = case.rule.stale_after, case.heard_at
    if after is None or since is None or not _is_watched(case):
        return
    if since + after > running.due_at:
        _watch(draft)
        return
    draft.cause = due_cause(running, running.due_at)
    draft.tell(EffectKind.STALE_NOTICE, Recipient.TSS, about=Clock.STALE, first_at=since)


def _watch(draft: Draft) -> None:
    after, since = draft.case.rule.stale_after, draft.case.heard_at
    assert after is not None
    assert since is not None
    due_at = in_hours(draft.case, since + after)
    draft.run(RunningClock(clock=Clock.STALE, started_at=since, due_at=due_at, rule="silence"))
