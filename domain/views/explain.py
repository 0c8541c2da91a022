"""Why a clock is due when it is: the rule, the instant it runs from, and what was skipped on the way.

Meant to be read by the engineer who doubts a due time, and by the customer they explain it to.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.centres.closures import ClosedSpan, closed_between
from domain.citing import CHANNEL, key_of
from domain.clocks import Clock, Recounted, RunningClock
from domain.counting import Arithmetic
from domain.counting import arithmetic as counts_as
from domain.frozen import Frozen
from domain.lifecycle.promised import derived, target_of
from domain.lifecycle.updates import cadence
from domain.policy import Target, in_words

NO_COMMITMENT = "no commitment in the policy"
"""What a query says where a guide promises nothing, instead of inventing a figure (O365-08)."""


class Explanation(Frozen):
    """How one due instant came about; instants UTC, `closed` in the case's own `zone`.

    `due_at` is None where the clock does not run, or was missed at `missed_at` and not kept yet. It is
    counted from `counted_from`: where a level was raised that is the change, else where the clock started.
    Of a missed answer `promised_again_at` is what the customer was told since, by the same rule. Other terms
    moved it at `recounted_at` from `old_due_at`, where they did since it started.
    """

    clock: Clock
    running: bool
    rule: str
    sources: tuple[str, ...]
    arithmetic: Arithmetic
    zone: str
    calendar: str
    started_at: datetime | None = None
    counted_from: datetime | None = None
    due_at: datetime | None = None
    missed_at: datetime | None = None
    promised_again_at: datetime | None = None
    recounted_at: datetime | None = None
    old_due_at: datetime | None = None
    closed: tuple[ClosedSpan, ...] = ()
    steps: tuple[str, ...] = ()


def explain(case: Case, clock: Clock) -> Explanation:
    """Tell how the clock's due instant was counted, or why the clock does not run."""
    running = case.clock(clock)
    promise = derived(case, running) if running else None
    arithmetic = counts_as(case, clock, promise.target if promise else target_of(case, clock))
    calendar = case.terms.calendar
    explanation = Explanation(
        clock=clock,
        running=running is not None,
        rule=running.rule if running else _promise(case, clock),
        sources=sources(case, clock),
        arithmetic=arithmetic,
        zone=calendar.zone.name,
        calendar=calendar.name,
    )
    if running is None:
        return explanation.model_copy(update={"steps": (_why_not(case, clock),)})
    end = running.due_at or running.missed_at
    start = promise.counted_from if promise else running.started_at
    closed: tuple[ClosedSpan, ...] = ()
    if end is not None and arithmetic is not Arithmetic.ELAPSED:
        closed = closed_between(calendar, start, end)
    return explanation.model_copy(
        update={
            "started_at": running.started_at,
            "counted_from": start,
            "due_at": running.due_at,
            "missed_at": running.missed_at,
            "promised_again_at": running.promised_again_at,
            **_recounted(running),
            "closed": closed,
            "steps": _steps(case, running, start, arithmetic, closed),
        }
    )


def sources(case: Case, clock: Clock) -> tuple[str, ...]:
    """Name where a promise comes from, by the marks of the case's own policy.

    What no policy has a value for is ours: of the clock's own sources the gaps alone are of no one guide.
    Terms from before 0.4 know no marks.
    """
    cited = case.terms.cited
    if cited is None:
        return clock.sources
    own = cited.get(key_of(clock, case.level))
    return own or tuple(one for one in clock.sources if one.startswith("GAP-"))


def _promise(case: Case, clock: Clock) -> str:
    if not case.has_sla:
        return NO_COMMITMENT
    if clock is Clock.INITIAL_RESPONSE:
        return promise_of(case.rule.initial_response)
    if clock is Clock.UPDATE:
        return promise_every(cadence(case))
    if clock is Clock.CUSTOMER_UPDATE:
        return promise_every(case.rule.customer_update_every)
    return NO_COMMITMENT


def promise_of(target: Target | None) -> str:
    """Say a target in words, or that the policy has none (O365-08)."""
    return str(target) if target else NO_COMMITMENT


def promise_every(every: timedelta | None) -> str:
    """Say a cadence in words, or that the policy has none."""
    return f"every {in_words(every)}" if every else NO_COMMITMENT


def _why_not(case: Case, clock: Clock) -> str:
    if not case.has_sla:
        return f"The clock does not run: {_without_service_level(case)}."
    if clock is Clock.INITIAL_RESPONSE and case.rule.initial_response is None:
        return f"The clock does not run: {case.level} has no response target in {case.terms.plan}."
    if clock is Clock.UPDATE and case.rule.update_as_agreed and case.agreed_interval is None:
        return f"The clock does not run: {case.level} is told news as agreed, and no interval is agreed."
    if clock is Clock.UPDATE and cadence(case) is None:
        return f"The clock does not run: {case.level} has no update cadence."
    if clock is Clock.CUSTOMER_UPDATE and case.rule.customer_update_every is None:
        return f"The clock does not run: at {case.level} the customer owes no updates."
    if clock is Clock.OUTAGE_NOTIFICATION:
        return f"The clock does not run: {_about_outage(case)}."
    return f"The clock does not run while the case is {case.phase.replace('_', ' ')}."


def _about_outage(case: Case) -> str:
    if case.outage is None or not case.outage.is_running:
        return "this case has no outage under way"
    return "its audience has had the first notice, and more come with the updates"


def _without_service_level(case: Case) -> str:
    if not case.terms.plan_rules.service_level:
        return f"the plan {case.terms.plan} has no service level"
    if case.scope is not None and case.scope.rule is not None:
        return f"a request like this ({case.scope.rule}) has no service level"
    cited = ("RHIPE-64",) if case.terms.cited is None else case.terms.cited.get(CHANNEL, ())
    source = f" ({', '.join(cited)})" if cited else ""
    return f"the request came by a channel without a service level{source}"


def _steps(
    case: Case,
    running: RunningClock,
    start: datetime,
    arithmetic: Arithmetic,
    closed: tuple[ClosedSpan, ...],
) -> tuple[str, ...]:
    """Tell the count in sentences, each instant in the case's own zone."""
    steps = [
        f"It runs from {_local(case, running.started_at)}: {_since(case, running)}.",
        (
            f"The promise is {running.rule}, counted as {arithmetic.replace('_', ' ')}"
            f" in {case.terms.calendar.zone.name} (calendar {case.terms.calendar.name})."
        ),
    ]
    if start != running.started_at:
        steps.append(
            f"The level was raised, and the new promise is counted from then: {_local(case, start)}."
        )
    steps += _skipped(closed)
    if (recounted := _since_start(running)) is not None:
        steps.append(
            f"Other terms count since {_local(case, recounted.at)};"
            f" until then it was due at {_local(case, recounted.old_due_at)}."
        )
    if running.due_at is not None:
        steps.append(f"So it is due at {_local(case, running.due_at)}.")
    elif running.missed_at is not None:
        steps.append(f"It was due at {_local(case, running.missed_at)} and was missed.")
    if running.told_late_at is not None and running.promised_again_at is not None:
        steps.append(
            f"The customer was told so at {_local(case, running.told_late_at)}, and promised it anew:"
            f" {running.rule} from then, by {_local(case, running.promised_again_at)}."
        )
    return tuple(steps)


def _skipped(closed: tuple[ClosedSpan, ...]) -> list[str]:
    """Tell what was not counted."""
    steps = []
    holidays = sorted({span.on.isoformat() for span in closed if span.reason == "holiday"})
    if holidays:
        steps.append(f"Skipped as holidays: {', '.join(holidays)}.")
    if any(span.reason == "weekend" for span in closed):
        steps.append("Weekends were skipped.")
    if any(span.reason == "outside_hours" for span in closed):
        steps.append("Hours outside the plan's coverage were skipped.")
    part_days = sorted({span.on.isoformat() for span in closed if span.reason == "special"})
    if part_days:
        steps.append(f"Closed for some hours: {', '.join(part_days)}.")
    return steps


def _since_start(running: RunningClock) -> Recounted | None:
    """Return how other terms have moved the due instant; the next one of a series was not moved."""
    recounted = running.recounted
    return recounted if recounted is not None and recounted.at >= running.started_at else None


def _recounted(running: RunningClock) -> dict[str, datetime]:
    recounted = _since_start(running)
    return {} if recounted is None else {"recounted_at": recounted.at, "old_due_at": recounted.old_due_at}


def _since(case: Case, running: RunningClock) -> str:
    if running.started_at == case.request.start_at:  # WEST-10: promises count from there
        return "the start it was planned for"
    if running.clock is Clock.UPDATE and running.started_at == case.answer_owed_since:
        return "the reply that is owed an answer"
    return running.clock.runs_from


def _local(case: Case, at: datetime) -> str:
    return f"{case.terms.calendar.zone.to_local(at):%a %Y-%m-%d %H:%M:%S}"
