"""What the cases of a span of time add up to: satisfaction, targets, updates, escalations, repeats.

This room asks the case store and adds up; it decides nothing. Whose figures they are, and who may read them,
is said by the door. RHIPE-43, RHIPE-44.
"""

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.attainment import LevelTargets, Target, attained, targets_of
from activities.store.case_list import IS_OPEN
from activities.store.columns import Instant
from activities.store.database import Database
from activities.store.own_tables import survey_answers
from activities.store.period import Period, count_of, is_a, is_of_all, received, whose
from activities.store.tables import cases, timeline_entries
from domain.frozen import Frozen
from domain.survey import BEST
from domain.timeline import EntryKind

ESCALATIONS = (
    EntryKind.ESCALATED,
    EntryKind.ESCALATION_REQUESTED,
    EntryKind.ESCALATION_DECLINED,
    EntryKind.ESCALATED_TO_VENDOR,
    EntryKind.REVIEW_REQUESTED,
)
"""What counts as one: to the next tier, to the vendor, the wish for it and its review (RHIPE-44)."""


class Satisfaction(Frozen):
    """Answers given in the span: how many, their mean, and how many of each score from 1 to 5."""

    answers: int
    mean: float | None
    scores: dict[int, int]


class Statistics(Frozen):
    """Of the cases received in `[since, until)`, UTC; `tenant` None for all of them.

    `unanswered`: no person has answered yet. `updates`: by whom due updates were kept, or not at all.
    `breaches` counts targets missed by clock. A count of escalations is by kind of timeline entry.
    `levels` are the targets of each.
    """

    since: datetime
    until: datetime
    tenant: str | None
    cases: int
    still_open: int
    closed: int
    reopened: int
    reopenings: int
    satisfaction: Satisfaction
    targets: tuple[Target, ...]
    updates: dict[str, int]
    breaches: dict[str, int]
    escalations: dict[str, int]
    levels: tuple[LevelTargets, ...] = ()


class Repeat(Frozen):
    """Cases of one tenant about one thing: how many, their numbers (the latest first), when (UTC)."""

    tenant: str
    category: str | None
    count: int
    first_at: datetime
    last_at: datetime
    still_open: int
    numbers: tuple[str, ...] = Field(max_length=10)


class Figures:
    """Add up what a store holds; its owner opens and closes it."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def statistics(
        self, since: datetime, until: datetime, tenant: str | None = None, policy: str | None = None
    ) -> Statistics:
        """Add up the cases received, and the answers given, in `[since, until)` (UTC)."""
        period = Period(since=since, until=until, tenant=tenant, policy=policy)
        async with self._store.reading() as connection:
            given, levels = await attained(connection, period)
            breaches = await _breaches(connection, period)
            escalations = await _escalations(connection, period)
            satisfaction = await _satisfaction(connection, period)
        return Statistics(
            since=since,
            until=until,
            tenant=tenant,
            satisfaction=satisfaction,
            targets=targets_of(given),
            updates={who: given[f"updates_{who}"] for who in ("by_staff", "by_system", "missed")},
            breaches=breaches,
            escalations=escalations,
            levels=levels,
            **{name: given[name] for name in ("cases", "still_open", "closed", "reopened", "reopenings")},
        )

    async def repeats(
        self, since: datetime, until: datetime, at_least: int, tenant: str | None = None
    ) -> tuple[Repeat, ...]:
        """Find what came at least so often from one tenant about one category (RHIPE-43)."""
        period = Period(since=since, until=until, tenant=tenant)
        async with self._store.reading() as connection:
            found = await connection.execute(_repeated(period, at_least))
            return tuple([await _repeat(connection, row._mapping, period) for row in found])


async def _breaches(connection: AsyncConnection, period: Period) -> dict[str, int]:
    """Count targets missed by clock."""
    entry = timeline_entries.c
    times = func.sum(func.coalesce(entry.count, 1))
    query = _entries(period, EntryKind.BREACHED, entry.about, cast(times, Integer))
    found = await connection.execute(query.group_by(entry.about).order_by(entry.about))
    return {str(one or "-"): int(count) for one, count in found}


async def _escalations(connection: AsyncConnection, period: Period) -> dict[str, int]:
    """Count escalations by kind; those there are none of are left out."""
    each = [_entries(period, kind, literal(kind.value).label("kind"), func.count()) for kind in ESCALATIONS]
    found = {str(kind): int(count) for kind, count in await connection.execute(union_all(*each))}
    return {kind: found[kind] for kind in sorted(found) if found[kind]}


def _entries(period: Period, kind: EntryKind, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Select entries of one kind, of the cases that were received in a period."""
    of_cases = select(*columns).join_from(timeline_entries, cases)
    return of_cases.where(is_a(kind), received(period))


async def _satisfaction(connection: AsyncConnection, period: Period) -> Satisfaction:
    at = survey_answers.c.answered_at
    query = select(survey_answers.c.score, func.count()).where(at >= period.since, at < period.until)
    if not is_of_all(period):
        query = query.where(survey_answers.c.case_id.in_(select(cases.c.case_id).where(whose(period))))
    rows = await connection.execute(query.group_by(survey_answers.c.score))
    found = {int(score): int(count) for score, count in rows}
    answers = sum(found.values())
    total = sum(score * count for score, count in found.items())
    return Satisfaction(
        answers=answers,
        mean=round(total / answers, 2) if answers else None,
        scores={score: found.get(score, 0) for score in range(1, BEST + 1)},
    )


def _repeated(period: Period, at_least: int) -> Select[*tuple[Any, ...]]:
    count = func.count().label("count")
    last_at = func.max(cases.c.received_at, type_=Instant).label("last_at")
    return (
        select(
            cases.c.tenant,
            cases.c.category,
            count,
            func.min(cases.c.received_at, type_=Instant).label("first_at"),
            last_at,
            count_of(IS_OPEN).label("still_open"),
        )
        .where(received(period))
        .group_by(cases.c.tenant, cases.c.category)
        .having(func.count() >= at_least)
        .order_by(count.desc(), last_at.desc(), cases.c.tenant)
    )


async def _repeat(connection: AsyncConnection, row: Any, period: Period) -> Repeat:
    """Add the numbers of the latest ten."""
    about = cases.c.category
    same = about.is_(None) if row["category"] is None else about == row["category"]
    theirs = period.model_copy(update={"tenant": row["tenant"]})
    query = select(cases.c.number).where(received(theirs), same)
    latest = await connection.execute(query.order_by(cases.c.received_at.desc()).limit(10))
    return Repeat.model_validate({**row, "numbers": tuple(latest.scalars())})
