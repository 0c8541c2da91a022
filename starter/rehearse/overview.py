"""What the cases of a rehearsal add up to: where and when, handoffs, the longest, what promises cost.

Part of the rehearsals. Everything is read from the findings of the cases and from the policy.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import nlargest
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from domain.frozen import Frozen
from domain.phase import Phase
from domain.policy import SupportPolicy
from policies.values import promise
from starter.rehearse.engine_cost import EngineCost
from starter.rehearse.findings import CaseFinding

HOURS, HOURS_OF_WEEK = 24, 168
LONGEST = 15
"""So many of the longest cases are listed (ours)."""

_OVER = frozenset({Phase.CLOSED, Phase.ARCHIVED})


class CentreHours(Frozen):
    """Breaches booked while a centre had the case: by the hour of its clock they fell due, and by promise.

    Of a promise missed several times in a row, such as updates, each miss counts, at the hour of the first.
    """

    centre: str
    zone: str
    hours: tuple[int, ...]
    clocks: dict[str, int]


class CentreWeek(Frozen):
    """What people said to the cases a centre had, by hour of its own week: Monday from 00:00 is the first."""

    centre: str
    zone: str
    hours: tuple[int, ...]


class Way(Frozen):
    """How many cases one centre handed to another."""

    giver: str
    taker: str
    count: int


class Tax(Frozen):
    """What handoffs cost: how long until the first act of ours after each, and what was asked again.

    Of all handoffs; None where nobody went on after any. RHIPE-25, `domain.views.handoff_tax`.
    """

    handoffs: int
    went_on: int
    median_seconds: int | None = None
    p90_seconds: int | None = None
    longest_seconds: int | None = None
    asked_again: int = 0


class LongCase(Frozen):
    """One of the longest cases, open from `received_at` to `ended_at`, or to the log's end where None."""

    case: str
    level: str
    received_at: datetime
    ended_at: datetime | None
    seconds: int
    messages: int
    breaches: int
    due_updates: int
    updates_by_staff: int


class PromiseCost(Frozen):
    """What a level promises, in words, and what keeping it took of our people.

    `due` are the updates that fell due or were given: so many our people would write to keep the promise
    alone. `due_a_case` is that by case of the level; None where there is no case.
    """

    level: str
    cases: int
    initial_response: str
    update_every: str
    responses: int
    due: int
    by_staff: int
    by_system: int
    missed: int
    due_a_case: float | None = None


class Overview(Frozen):
    """All of it. Centres come in the order of the policy."""

    breaches: tuple[CentreHours, ...]
    load: tuple[CentreWeek, ...]
    ways: tuple[Way, ...]
    tax: Tax
    longest: tuple[LongCase, ...]
    promises: tuple[PromiseCost, ...]
    engine: EngineCost


def overview_of(
    findings: Sequence[CaseFinding], policy: SupportPolicy, ends_at: datetime, engine: EngineCost
) -> Overview:
    """Add up the cases of a log whose last instant is `ends_at`."""
    return Overview(
        breaches=tuple(_breaches(findings, policy)),
        load=tuple(_load(findings, policy)),
        ways=_ways(findings),
        tax=_tax(findings),
        longest=_longest(findings, ends_at),
        promises=tuple(_promise_costs(findings, policy)),
        engine=engine,
    )


def handoffs_of(findings: Iterable[CaseFinding]) -> int:
    """Count how often cases changed hands."""
    return sum(sum(one.ways.values()) for one in findings)


def _breaches(findings: Iterable[CaseFinding], policy: SupportPolicy) -> Iterator[CentreHours]:
    hours: dict[str, list[int]] = {}
    clocks: dict[str, Counter[str]] = {}
    zones = {name: ZoneInfo(rule.zone) for name, rule in policy.regions.items()}
    for one in (breach for case in findings for breach in case.breaches):
        if one.centre in zones:
            at = one.due_at.astimezone(zones[one.centre])
            hours.setdefault(one.centre, [0] * HOURS)[at.hour] += one.count
            clocks.setdefault(one.centre, Counter())[one.clock] += one.count
    for name in policy.regions:
        if name in hours:
            told = dict(sorted(clocks[name].items()))
            yield CentreHours(centre=name, zone=zones[name].key, hours=tuple(hours[name]), clocks=told)


def _load(findings: Iterable[CaseFinding], policy: SupportPolicy) -> Iterator[CentreWeek]:
    weeks: dict[str, list[int]] = {}
    for case in findings:
        for centre, hours in case.load.items():
            week = weeks.setdefault(centre, [0] * HOURS_OF_WEEK)
            for hour in hours:
                week[hour] += 1
    for name, rule in policy.regions.items():
        if name in weeks:
            yield CentreWeek(centre=name, zone=rule.zone, hours=tuple(weeks[name]))


def _ways(findings: Iterable[CaseFinding]) -> tuple[Way, ...]:
    counted: Counter[str] = Counter()
    for case in findings:
        counted.update(case.ways)
    parted = [(*about.split(" -> ", 1), count) for about, count in counted.most_common()]
    return tuple(Way(giver=giver, taker=taker, count=count) for giver, taker, count in parted)


def _tax(findings: Sequence[CaseFinding]) -> Tax:
    seconds = sorted(second for case in findings for second in case.went_on_seconds)
    return Tax(
        handoffs=handoffs_of(findings),
        went_on=len(seconds),
        median_seconds=int(median(seconds)) if seconds else None,
        p90_seconds=int(quantiles(seconds, n=10)[-1]) if len(seconds) > 1 else None,
        longest_seconds=max(seconds, default=None),
        asked_again=sum(case.asked_again for case in findings),
    )


def _longest(findings: Iterable[CaseFinding], ends_at: datetime) -> tuple[LongCase, ...]:
    return tuple(nlargest(LONGEST, (_long(one, ends_at) for one in findings), key=lambda one: one.seconds))


def _long(one: CaseFinding, ends_at: datetime) -> LongCase:
    ended_at = one.closings[-1].at if one.closings and one.phase in _OVER else None
    return LongCase(
        case=one.case,
        level=one.level,
        received_at=one.received_at,
        ended_at=ended_at,
        seconds=max(0, int(((ended_at or ends_at) - one.received_at).total_seconds())),
        messages=one.messages,
        breaches=sum(breach.count for breach in one.breaches),
        due_updates=sum(row.staff + row.system + row.missed for row in one.updates),
        updates_by_staff=sum(row.staff for row in one.updates),
    )


def _promise_costs(findings: Sequence[CaseFinding], policy: SupportPolicy) -> Iterator[PromiseCost]:
    for rule in sorted(policy.rules.levels, key=lambda level: level.rank):
        cases = sum(one.level == rule.id for one in findings)
        rows = [row for one in findings for row in one.updates if row.level == rule.id]
        staff, system = sum(row.staff for row in rows), sum(row.system for row in rows)
        missed = sum(row.missed for row in rows)
        due = staff + system + missed
        yield PromiseCost(
            level=rule.id,
            cases=cases,
            initial_response=promise(policy, policy.default_plan, rule.id, "initial_response").words,
            update_every=promise(policy, policy.default_plan, rule.id, "update_every").words,
            responses=sum(row.level == rule.id for one in findings for row in one.responses),
            due=due,
            by_staff=staff,
            by_system=system,
            missed=missed,
            due_a_case=round(due / cases, 2) if cases else None,
        )
