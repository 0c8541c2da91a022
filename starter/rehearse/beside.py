"""Our handoffs beside the log's own: case by case, and added up by level.

Part of the rehearsals. Both are counted over the same time: from the first row of a case in the log to its
last. What our case did after that, until it closed, is kept apart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from domain.frozen import Frozen
from domain.policy import SupportPolicy
from domain.timeline import EntryKind
from starter.rehearse.findings import CaseFinding
from starter.rehearse.hands import LogHands
from starter.rehearse.ownership import Owned, closed_meanwhile, stretches


class OurHands(Frozen):
    """What became of handing one case on. `home` is the centre of its first owner in the log, by our map.

    `handed_over` counts within the log's time of the case, `handed_over_after` beyond it. `accepted` are
    those that were offered and taken; the others changed hands by themselves, as the policy has it. `held` is
    how often nobody was open. `open_seconds` is how long the case was open within that time, and
    `unattended_seconds` how much of it its centre was closed.
    """

    home: str | None
    first: str
    handed_over: int
    handed_over_after: int
    offered: int
    accepted: int
    declined: int
    skipped: int
    held: int
    open_seconds: int
    unattended_seconds: int


class CaseHands(Frozen):
    """One case of the log: its level with us, the log's changes of owner and ours."""

    level: str
    log: LogHands
    ours: OurHands


class HandFigures(Frozen):
    """The cases of one level added up. `cases_*` are how many had any, `most_*` the most in a single case."""

    cases: int = 0
    days: float = 0
    countries: int = 0
    cases_countries: int = 0
    most_countries: int = 0
    centres: int = 0
    teams: int = 0
    came_back: int = 0
    raised: int = 0
    lowered: int = 0
    queued_seconds: int = 0
    handed_over: int = 0
    cases_handed_over: int = 0
    most_handed_over: int = 0
    handed_over_after: int = 0
    offered: int = 0
    accepted: int = 0
    declined: int = 0
    skipped: int = 0
    held: int = 0
    open_seconds: int = 0
    unattended_seconds: int = 0


class Hands(Frozen):
    """The whole comparison; `centres` says which centre stands for a country of the log.

    `rows_by_country` counts rows whose owner sits there, `rows_without_country` those of which nobody knows.
    """

    centres: dict[str, str]
    rows_by_country: dict[str, int]
    rows_without_country: int
    levels: dict[str, HandFigures]
    total: HandFigures
    cases: tuple[CaseHands, ...]


def compared(
    log: Iterable[LogHands],
    owned: Iterable[Owned],
    findings: Iterable[CaseFinding],
    policy: SupportPolicy,
) -> tuple[CaseHands, ...]:
    """Put each case of the log beside ours, linked cases counted with the one they go back to."""
    by_case: dict[str, list[Owned]] = {}
    for one in owned:
        by_case.setdefault(family(one.case), []).append(one)
    levels = {one.case: one.level for one in findings}
    return tuple(
        CaseHands(level=levels[case.case], log=case, ours=_ours(by_case[case.case], case.ends_at, policy))
        for case in log
        if case.case in by_case
    )


def family(case: str) -> str:
    """Name the case of the log that a case of ours, itself or a linked one, stands for."""
    return case.partition("/reopened/")[0]


def _ours(cases: list[Owned], until: datetime, policy: SupportPolicy) -> OurHands:
    within = Counter(step.kind for case in cases for step in case.steps if step.at <= until)
    every = Counter(step.kind for case in cases for step in case.steps)
    parts = [part for case in cases for part in stretches(case, until)]
    been_open = sum((part.ends_at - part.begins_at for part in parts), timedelta(0))
    first = min(cases, key=lambda case: case.received_at)
    return OurHands(
        home=first.home,
        first=first.first,
        handed_over=within[EntryKind.HANDED_OVER],
        handed_over_after=every[EntryKind.HANDED_OVER] - within[EntryKind.HANDED_OVER],
        offered=within[EntryKind.HANDOFF_OFFERED],
        accepted=within[EntryKind.HANDOFF_ACCEPTED],
        declined=within[EntryKind.HANDOFF_DECLINED],
        skipped=within[EntryKind.HANDOFF_SKIPPED],
        held=within[EntryKind.HELD],
        open_seconds=int(been_open.total_seconds()),
        unattended_seconds=int(closed_meanwhile(parts, policy).total_seconds()),
    )


def hands(cases: tuple[CaseHands, ...], centres: Mapping[str, str], policy: SupportPolicy) -> Hands:
    """Add the cases up, the most urgent level first."""
    levels = sorted(policy.rules.levels, key=lambda level: level.rank)
    rows: Counter[str] = Counter()
    for case in cases:
        rows.update(case.log.rows_by_country)
    return Hands(
        centres=dict(centres),
        rows_by_country=dict(sorted(rows.items(), key=lambda row: (-row[1], row[0]))),
        rows_without_country=sum(case.log.rows_without_country for case in cases),
        levels={level.id: _added_up([case for case in cases if case.level == level.id]) for level in levels},
        total=_added_up(list(cases)),
        cases=cases,
    )


def _added_up(cases: list[CaseHands]) -> HandFigures:
    log, ours = [case.log for case in cases], [case.ours for case in cases]
    sums: dict[str, int] = {}
    for name in HandFigures.model_fields.keys() & LogHands.model_fields.keys():
        sums[name] = sum(getattr(one, name) for one in log)
    for name in HandFigures.model_fields.keys() & OurHands.model_fields.keys():
        sums[name] = sum(getattr(one, name) for one in ours)
    lived = sum((one.ends_at - one.begins_at for one in log), timedelta(0))
    return HandFigures.model_validate(
        sums
        | {
            "cases": len(cases),
            "days": round(lived / timedelta(days=1), 1),
            "cases_countries": sum(one.countries > 0 for one in log),
            "most_countries": max((one.countries for one in log), default=0),
            "cases_handed_over": sum(one.handed_over > 0 for one in ours),
            "most_handed_over": max((one.handed_over for one in ours), default=0),
        }
    )
