"""A promise that nobody keeps climbs: who of us hears of it, after how much and how often, is the policy's.

RHIPE-43, GAP-07; house rule on missed promises. It begins with a target that was missed (a first answer, a
rating, the first notice of an outage), or with updates in a row that no person wrote, and ends as soon as
one of our people does something with the case.
Hours count as those of cadences do.
"""

from datetime import datetime, timedelta

from domain.actor import Actor
from domain.case import Case
from domain.clocks import LATE, Clock, RunningClock
from domain.counting import counted_since, due
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.imported import is_silent
from domain.lifecycle.breaches import due_cause
from domain.lifecycle.when_due import CatchUp, after_step, when_due
from domain.phase import Phase
from domain.policy import Rung, Target
from domain.rules import RULES_0_4

_WHO = {
    "assignee": Recipient.ASSIGNEE,
    "centre": Recipient.ASSIGNEE,  # the list of the centre that owns a case hears what its engineer hears
    "tss": Recipient.TSS,
    "sdm": Recipient.SDM,
}
_TARGETS = (
    Clock.INITIAL_RESPONSE,
    Clock.DEPARTMENT_CONTACT,
    Clock.TRIAGE,
    Clock.OUTAGE_NOTIFICATION,
)
_JUST_BEFORE = timedelta(seconds=-1)


def climb_from(draft: Draft, missed: Clock, at: datetime) -> None:
    """Let a promise missed at `at` (UTC) climb; where one climbs already, it goes on."""
    case = draft.case
    if case.rules < RULES_0_4 or case.phase not in LATE or is_silent(case, at):
        return
    if case.clock(Clock.LADDER) is not None:
        return
    _climb_on(draft, RunningClock(clock=Clock.LADDER, started_at=at, due_at=at, rule=missed), _JUST_BEFORE)


def goes_on_climbing(case: Case, now: datetime) -> Case:
    """Let what was missed under rules that knew no ladder climb from `now` (UTC) on, counted from the miss.

    Whoever would have been told before is not told any more; the next rung is.
    """
    late = [one for one in case.clocks if one.clock in _TARGETS and one.missed_at is not None]
    if not late or case.clock(Clock.LADDER) is not None or case.phase not in LATE:
        return case
    draft = Draft(case, now.replace(microsecond=0), "ladder")
    first = min(late, key=lambda one: one.missed_at or now)
    assert first.missed_at is not None
    at = first.missed_at
    running = RunningClock(clock=Clock.LADDER, started_at=at, due_at=at, rule=first.clock)
    _climb_on(draft, running, counted_since(case, running, draft.at))
    return draft.case


@after_step
def somebody_acted(draft: Draft, speaker: Actor) -> None:
    """Stop where a person of ours has done something with the case."""
    if speaker.is_staff and draft.case.clock(Clock.LADDER) is not None:
        draft.stop(Clock.LADDER)


@when_due(Clock.LADDER)
def climb(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Tell everybody whose rung has come by `until` (UTC), each once, however often it came meanwhile."""
    case, last = draft.case, draft.at
    assert running.due_at is not None
    draft.set(settled_at=last)
    if not _is_still_missed(case, Clock(running.rule)):
        draft.stop(Clock.LADDER)
        return
    passed = counted_since(case, running, catch_up.until)
    is_in_time = catch_up.until == running.due_at
    before = (passed if is_in_time else counted_since(case, running, running.due_at)) + _JUST_BEFORE
    draft.cause = due_cause(running, last)
    come = [rung for rung in _rungs(case) if rung.comes_by(passed) > rung.comes_by(before)]
    for to in dict.fromkeys(_WHO[rung.to] for rung in come):
        draft.tell(EffectKind.STILL_MISSED, to, about=running.rule, first_at=running.started_at, last_at=last)
    _climb_on(draft, running, passed)


def last_rung_by(case: Case, running: RunningClock, until: datetime) -> datetime:
    """Name the instant of the last rung at or before `until` (both UTC), the next one at least."""
    assert running.due_at is not None
    passed = counted_since(case, running, until)
    last = max((at for rung in _rungs(case) if (at := rung.last_by(passed)) is not None), default=None)
    return running.due_at if last is None else max(running.due_at, _instant(case, running, last))


def _climb_on(draft: Draft, running: RunningClock, passed: timedelta) -> None:
    coming = [at for rung in _rungs(draft.case) if (at := rung.next_after(passed)) is not None]
    if not coming:
        draft.stop(Clock.LADDER)
        return
    draft.run(running.model_copy(update={"due_at": _instant(draft.case, running, min(coming))}))


def _rungs(case: Case) -> tuple[Rung, ...]:
    return tuple(
        rung for rung in case.terms.rules.notices.ladder if not rung.levels or case.level in rung.levels
    )


def _instant(case: Case, running: RunningClock, after: timedelta) -> datetime:
    if not after:
        return running.started_at
    return due(case, Clock.LADDER, running.started_at, Target.made(within=after))


def _is_still_missed(case: Case, missed: Clock) -> bool:
    """Tell whether what was missed is still owed: nobody has kept it, or the next update is ours to write.

    While we wait for the customer, they are owed the first notice of an outage and nothing else.
    """
    running = case.clock(missed)
    if running is None:
        return False
    if case.phase is Phase.AWAITING_CUSTOMER and missed is not Clock.OUTAGE_NOTIFICATION:
        return False
    return missed not in _TARGETS or running.missed_at is not None
