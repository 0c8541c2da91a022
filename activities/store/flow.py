"""How cases came and went: opened and ended in each quarter of an hour, and how long they took.

A case ends with its resolution, or with its closing where it was closed without one. One that was reopened
has not ended: what it was in between is in its timeline alone.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.case_list import IS_OPEN
from activities.store.instants import QUARTER, quarter, seconds_from
from activities.store.period import Period, received, whose
from activities.store.tables import cases
from domain.frozen import Frozen

MEDIAN, LATE = 50, 90
"""The percentiles that are told: half of all took no longer, and nine in ten."""


class Times(Frozen):
    """How long so many cases took, to the minute: those of a level of a policy, or all (None)."""

    policy: str | None
    level: str | None
    rank: int
    cases: int
    median: timedelta
    p90: timedelta


class Flow(NamedTuple):
    """Cases opened and ended, by the instant (UTC) at which a quarter of an hour began.

    `open_before` were so many when the first of them began.
    """

    open_before: int
    opened: Counter[datetime]
    ended: Counter[datetime]

    def over(self, bounds: Sequence[datetime]) -> tuple["DayFlow", ...]:
        """Add up from each bound to the next."""
        opened, ended = _by_bound(self.opened, bounds), _by_bound(self.ended, bounds)
        days, open_cases = [], self.open_before
        for at, since in enumerate(bounds[:-1]):
            open_cases += opened[at] - ended[at]
            day = DayFlow(since=since, opened=opened[at], ended=ended[at], open_at_end=open_cases)
            days.append(day)
        return tuple(days)


def _by_bound(counts: Counter[datetime], bounds: Sequence[datetime]) -> Counter[int]:
    found: Counter[int] = Counter()
    for at, count in counts.items():
        found[bisect_right(bounds, at) - 1] += count
    return found


class DayFlow(Frozen):
    """A day from `since` (UTC): cases opened and ended in it, and how many were open at its end."""

    since: datetime
    opened: int
    ended: int
    open_at_end: int


_ENDED_AT = case((IS_OPEN, null()), else_=func.coalesce(cases.c.resolved_at, cases.c.closed_at))


async def flow(connection: AsyncConnection, period: Period) -> Flow:
    """Count what was opened and what ended in a period, and what was open when it began."""
    opened = await _counted(connection, cases.c.received_at, received(period))
    inside = and_(period.since <= _ENDED_AT, period.until > _ENDED_AT, whose(period))
    ended = await _counted(connection, _ENDED_AT, inside)
    still = and_(cases.c.received_at < period.since, or_(_ENDED_AT.is_(None), period.since <= _ENDED_AT))
    query = select(func.count()).select_from(cases).where(still, whose(period))
    return Flow((await connection.execute(query)).scalar_one(), opened, ended)


async def response_times(connection: AsyncConnection, period: Period) -> tuple[Times, ...]:
    """Tell how long the first answer of a person took, to cases received in a period that have one."""
    return await _times(connection, period, cases.c.responded_at)


async def resolution_times(connection: AsyncConnection, period: Period) -> tuple[Times, ...]:
    """Tell how long the (last) resolution took, of cases received in a period that are resolved."""
    return await _times(connection, period, case((IS_OPEN, null()), else_=cases.c.resolved_at))


async def _counted(
    connection: AsyncConnection, at: ColumnElement[Any], wanted: ColumnElement[bool]
) -> Counter[datetime]:
    number = quarter(at).label("number")
    found = await connection.execute(select(number, func.count()).where(wanted).group_by(number))
    return Counter({datetime.fromtimestamp(int(n) * QUARTER, UTC): int(count) for n, count in found})


async def _times(connection: AsyncConnection, period: Period, end: ColumnElement[Any]) -> tuple[Times, ...]:
    """Count cases by the minutes they took, level by level, and read the percentiles off the counts."""
    level, minutes = (
        (cases.c.policy, cases.c.level, cases.c.rank),
        seconds_from(cases.c.received_at, end) // 60,
    )
    took = minutes.label("took")
    query = select(*level, took, func.count().label("many")).where(received(period), end.is_not(None))
    by: dict[tuple[str | None, int, str | None], Counter[int]] = {}
    for row in await connection.execute(query.group_by(*level, took)):
        for key in ((None, -1, None), (row.policy.partition("@")[0], row.rank, row.level)):
            by.setdefault(key, Counter())[max(int(row.took), 0)] += int(row.many)
    return tuple(_read(*key, counts) for key, counts in sorted(by.items(), key=_in_order))


def _in_order(one: tuple[tuple[str | None, int, str | None], Counter[int]]) -> tuple[str, int, str]:
    policy, rank, level = one[0]
    return policy or "", rank, level or ""


def _read(policy: str | None, rank: int, level: str | None, counts: Counter[int]) -> Times:
    return Times(
        policy=policy,
        level=level,
        rank=rank,
        cases=counts.total(),
        median=timedelta(minutes=_at(counts, MEDIAN)),
        p90=timedelta(minutes=_at(counts, LATE)),
    )


def _at(counts: Counter[int], percent: int) -> int:
    """Return the minutes that so many of a hundred did not exceed."""
    place, passed = (counts.total() * percent + 99) // 100, 0
    for minutes in sorted(counts):
        passed += counts[minutes]
        if passed >= place:
            return minutes
    raise ValueError("nothing was counted")
