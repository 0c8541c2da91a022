"""Why a clock is due when it is: the rule, the instant it runs from, and what was skipped on the way.

Pure. Meant to be read by the engineer who doubts a due time, and by the customer he explains it to.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import Case
from domain.clocks import Clock, RunningClock
from domain.closures import ClosedSpan, closed_between
from domain.frozen import Frozen
from domain.lifecycle.informing import cadence
from domain.policy import Target, in_words

_SOURCES = {
    Clock.INITIAL_RESPONSE: ("RHIPE-13", "RHIPE-14"),
    Clock.TRIAGE: ("RHIPE-15",),
    Clock.UPDATE: ("RHIPE-38", "GAP-07", "GAP-10"),
    Clock.CUSTOMER_UPDATE: ("DED-23", "DED-24", "GAP-06"),
    Clock.CONFIRMATION: ("CSS-13", "GAP-08"),
    Clock.VENDOR_CONTACT_CHECK: ("RHIPE-56", "GAP-20"),
    Clock.VENDOR_FOLLOW_UP: ("CSS-09", "CSS-10", "GAP-09"),
    Clock.AUTO_CLOSE: ("RHIPE-35",),
    Clock.REOPEN_WINDOW: ("RHIPE-36",),
    Clock.HANDOFF: ("RHIPE-25", "GAP-11"),
    Clock.OFFER: ("RHIPE-25",),
    Clock.CONTACT_NOTICE: ("RHIPE-37",),
    Clock.SESSION_REMINDER: ("CSS-07",),
    Clock.PLANNED_START: ("WEST-10",),
    Clock.STALE: ("RHIPE-43",),
    Clock.TERMS_RENEWAL: ("GAP-22",),
    Clock.OUTAGE_NOTIFICATION: ("DED-30", "GAP-03"),
}
_STARTS = {
    Clock.INITIAL_RESPONSE: "the request was received or the case reopened",
    Clock.TRIAGE: "the request was received",
    Clock.UPDATE: "the last news to the customer",
    Clock.CUSTOMER_UPDATE: "the last the customer said, the response or the change of level",
    Clock.CONFIRMATION: "the last resolution, or a reply that settled nothing",
    Clock.VENDOR_CONTACT_CHECK: "the case was closed as handed over",
    Clock.VENDOR_FOLLOW_UP: "the escalation, or the last the vendor said",
    Clock.AUTO_CLOSE: "the last resolution, or a reply that settled nothing",
    Clock.REOPEN_WINDOW: "the last closure",
    Clock.HANDOFF: "the centre took the case, or the last look at who is open",
    Clock.OFFER: "the offer to the next centre",
    Clock.CONTACT_NOTICE: "the change of contact",
    Clock.SESSION_REMINDER: "the session was agreed on",
    Clock.PLANNED_START: "the request was received",
    Clock.STALE: "a word of staff or customer",
    Clock.TERMS_RENEWAL: "the terms were compiled",
    Clock.OUTAGE_NOTIFICATION: "the outage was declared",
}


NO_COMMITMENT = "no commitment in the policy"
"""What a query says where a guide promises nothing, instead of inventing a figure (O365-08)."""


class Arithmetic(StrEnum):
    """How time is counted towards a due instant."""

    ELAPSED = "elapsed"
    COVERAGE = "coverage"
    BUSINESS_DAYS = "business_days"


class Explanation(Frozen):
    """How one due instant came about; instants UTC, `closed` in the case's own `zone`.

    `due_at` is None where the clock does not run, or was missed at `missed_at` and not kept yet.
    """

    clock: Clock
    running: bool
    rule: str
    sources: tuple[str, ...]
    arithmetic: Arithmetic
    zone: str
    calendar: str
    started_at: datetime | None = None
    due_at: datetime | None = None
    missed_at: datetime | None = None
    closed: tuple[ClosedSpan, ...] = ()
    steps: tuple[str, ...] = ()


def explain(case: Case, clock: Clock) -> Explanation:
    """This will tell how the clock's due instant was counted, or why the clock does not run."""
    running = case.clock(clock)
    arithmetic = _arithmetic(case, clock)
    calendar = case.terms.calendar
    explanation = Explanation(
        clock=clock,
        running=running is not None,
        rule=running.rule if running else _promise(case, clock),
        sources=_SOURCES[clock],
        arithmetic=arithmetic,
        zone=calendar.zone.name,
        calendar=calendar.name,
    )
    if running is None:
        return explanation.model_copy(update={"steps": (_why_not(case, clock),)})
    end = running.due_at or running.missed_at
    closed: tuple[ClosedSpan, ...] = ()
    if end is not None and arithmetic is not Arithmetic.ELAPSED:
        closed = closed_between(calendar, running.started_at, end)
    return explanation.model_copy(
        update={
            "started_at": running.started_at,
            "due_at": running.due_at,
            "missed_at": running.missed_at,
            "closed": closed,
            "steps": _steps(case, running, arithmetic, closed),
        }
    )


def _arithmetic(case: Case, clock: Clock) -> Arithmetic:
    target = _target(case, clock)
    by_days = clock is Clock.REOPEN_WINDOW and case.terms.rules.closing.reopen_within is None
    if clock is Clock.AUTO_CLOSE or by_days or (target and target.business_days):
        return Arithmetic.BUSINESS_DAYS
    if clock in (Clock.INITIAL_RESPONSE, Clock.TRIAGE) and case.terms.hours_in_coverage:
        return Arithmetic.COVERAGE
    return Arithmetic.ELAPSED


def _target(case: Case, clock: Clock) -> Target | None:
    return case.rule.initial_response if clock is Clock.INITIAL_RESPONSE else None


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
    """This will say a target in words, or that the policy has none (O365-08)."""
    return str(target) if target else NO_COMMITMENT


def promise_every(every: timedelta | None) -> str:
    """This will say a cadence in words, or that the policy has none."""
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
        return "no outage of this case is under way"
    return "its audience has had the first notice, and more come with the updates"


def _without_service_level(case: Case) -> str:
    if not case.terms.plan_rules.service_level:
        return f"the plan {case.terms.plan} has no service level"
    if case.scope is not None and case.scope.rule is not None:
        return f"a request like this ({case.scope.rule}) has no service level"
    return "the request came by a channel without a service level (RHIPE-64)"


def _steps(
    case: Case, running: RunningClock, arithmetic: Arithmetic, closed: tuple[ClosedSpan, ...]
) -> tuple[str, ...]:
    """This will tell the count in sentences, each instant in the case's own zone."""
    steps = [
        f"It runs from {_local(case, running.started_at)}: {_since(case, running)}.",
        (
            f"The promise is {running.rule}, counted as {arithmetic.replace('_', ' ')}"
            f" in {case.terms.calendar.zone.name} (calendar {case.terms.calendar.name})."
        ),
    ]
    holidays = sorted({span.on.isoformat() for span in closed if span.reason == "holiday"})
    if holidays:
        steps.append(f"Skipped as holidays: {', '.join(holidays)}.")
    if any(span.reason == "weekend" for span in closed):
        steps.append("Weekends were skipped.")
    if any(span.reason == "outside_hours" for span in closed):
        steps.append("Hours outside the plan's coverage were skipped.")
    if running.due_at is not None:
        steps.append(f"So it is due at {_local(case, running.due_at)}.")
    elif running.missed_at is not None:
        steps.append(f"It was due at {_local(case, running.missed_at)} and was missed.")
    return tuple(steps)


def _since(case: Case, running: RunningClock) -> str:
    is_planned = running.started_at == case.request.start_at  # WEST-10: promises count from there
    return "the start it was planned for" if is_planned else _STARTS[running.clock]


def _local(case: Case, at: datetime) -> str:
    return f"{case.terms.calendar.zone.to_local(at):%a %Y-%m-%d %H:%M:%S}"
