"""How often promises were kept: of the first answer and of due updates, for all and level by level.

What people kept stands apart from what the system sent by itself (GAP-07). RHIPE-44.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.case_list import IS_OPEN
from activities.store.period import Period, count_of, is_a, received
from activities.store.tables import cases, timeline_entries
from domain.clocks import Clock
from domain.frozen import Frozen
from domain.phase import Phase
from domain.timeline import EntryKind


class Target(Frozen):
    """How often one promise was kept and missed; `missed` counts due instants, for updates each one.

    `by_staff` of those `met` were kept by a person; the others are statuses that the system sent by itself.
    """

    clock: str
    by_staff: int
    met: int
    missed: int


class LevelTargets(Frozen):
    """The targets of one level of one policy: names of levels are never compared across policies."""

    policy: str
    level: str
    rank: int
    cases: int
    targets: tuple[Target, ...]


class Attained(NamedTuple):
    """What the cases of a period add up to, by name, and the targets of each level."""

    sums: Mapping[str, int]
    levels: tuple[LevelTargets, ...]


_IS_CLOSED = cases.c.phase.in_([Phase.CLOSED.value, Phase.ARCHIVED.value])
_LEVEL = (cases.c.policy, cases.c.level, cases.c.rank)
_PROMISED = cases.c.response_promised.is_(True)
_ANSWERED = and_(_PROMISED, cases.c.responded_at.is_not(None))
_SUMS: dict[str, ColumnElement[int]] = {
    "cases": func.count(),
    "still_open": count_of(IS_OPEN),
    "closed": count_of(_IS_CLOSED),
    "reopened": count_of(cases.c.reopens > 0),
    "reopenings": func.sum(cases.c.reopens),
    "answered": count_of(_ANSWERED),
    "updates_by_staff": func.sum(cases.c.updates_by_staff),
    "updates_by_system": func.sum(cases.c.updates_by_system),
    "updates_missed": func.sum(cases.c.updates_missed),
}
_OF_MISSED: dict[str, ColumnElement[int]] = {
    "responses_missed": count_of(_PROMISED),
    "answered_late": count_of(_ANSWERED),
}
"""Of the cases whose first answer was missed; a case of which it was missed twice is one of them."""


async def attained(connection: AsyncConnection, period: Period) -> Attained:
    """Add up the cases that were received in a period, policy by policy and the most urgent level first."""
    parts: dict[tuple[str, int, str], Counter[str]] = {}
    for sums, query in ((_SUMS, _all(period)), (_OF_MISSED, _late(period))):
        for row in await connection.execute(query):
            level = parts.setdefault((row.policy.partition("@")[0], row.rank, row.level), Counter())
            level.update({name: int(row._mapping[name] or 0) for name in sums})
    whole = Counter[str]()
    for part in parts.values():
        whole.update(part)
    levels = tuple(
        LevelTargets(policy=policy, level=level, rank=rank, cases=sums["cases"], targets=targets_of(sums))
        for (policy, rank, level), sums in sorted(parts.items())
    )
    return Attained(whole, levels)


def targets_of(given: Mapping[str, int]) -> tuple[Target, ...]:
    """Say how the two promises were kept that every case may have."""
    in_time = given["answered"] - given["answered_late"]
    by_staff, missed = given["updates_by_staff"], given["updates_missed"]
    return (
        Target(clock=Clock.INITIAL_RESPONSE, by_staff=in_time, met=in_time, missed=given["responses_missed"]),
        Target(
            clock=Clock.UPDATE, by_staff=by_staff, met=by_staff + given["updates_by_system"], missed=missed
        ),
    )


def _all(period: Period) -> Select[*tuple[Any, ...]]:
    sums = (column.label(name) for name, column in _SUMS.items())
    return select(*_LEVEL, *sums).where(received(period)).group_by(*_LEVEL)


def _late(period: Period) -> Select[*tuple[Any, ...]]:
    entry, answer = timeline_entries.c, Clock.INITIAL_RESPONSE.value
    late = select(entry.case_id).where(is_a(EntryKind.BREACHED), entry.about == answer).distinct().subquery()
    sums = (column.label(name) for name, column in _OF_MISSED.items())
    whose_answer = select(*_LEVEL, *sums).join(late, late.c.case_id == cases.c.case_id)
    return whose_answer.where(received(period)).group_by(*_LEVEL)
