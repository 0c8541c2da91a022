"""What the cases of a span of time add up to: satisfaction, targets, updates, escalations, repeats.

This room asks the case store and adds up; it decides nothing. Whose figures they are, and who may read them,
is said by the door. RHIPE-43, RHIPE-44.
"""

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.columns import Instant
from activities.database import Database
from activities.tables import cases, survey_answers, timeline_entries
from domain.clocks import Clock
from domain.frozen import Frozen
from domain.phase import OPEN, Phase
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


class Target(Frozen):
    """How often one promise was kept and missed; `missed` counts due instants, for updates each one."""

    clock: str
    met: int
    missed: int


class Statistics(Frozen):
    """Of the cases received in `[since, until)`, UTC; `tenant` None for all of them.

    `unanswered`: no person has answered yet. `updates`: by whom due updates were kept, or not at all.
    `breaches` counts targets missed by clock. A count of escalations is by kind of timeline entry.
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
    """This will add up what a store holds; its owner opens and closes it."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def statistics(self, since: datetime, until: datetime, tenant: str | None = None) -> Statistics:
        """This will add up the cases received, and the answers given, in `[since, until)` (UTC)."""
        received = _received(since, until, tenant)
        async with self._store.reading() as connection:
            row = (await connection.execute(_totals(received))).one()._mapping
            breaches = await _by(connection, received, EntryKind.BREACHED)
            escalations = await _by(connection, received, *ESCALATIONS, about=False)
            satisfaction = await _satisfaction(connection, since, until, tenant)
        given = {name: int(value or 0) for name, value in row.items()}
        return Statistics(
            since=since,
            until=until,
            tenant=tenant,
            satisfaction=satisfaction,
            targets=_targets(given),
            updates={who: given[f"updates_{who}"] for who in ("by_staff", "by_system", "missed")},
            breaches=breaches,
            escalations=escalations,
            **{name: given[name] for name in ("cases", "still_open", "closed", "reopened", "reopenings")},
        )

    async def repeats(
        self, since: datetime, until: datetime, at_least: int, tenant: str | None = None
    ) -> tuple[Repeat, ...]:
        """This will find what came at least so often from one tenant about one category (RHIPE-43)."""
        async with self._store.reading() as connection:
            found = await connection.execute(_repeated(_received(since, until, tenant), at_least))
            return tuple([await _repeat(connection, row._mapping, since, until) for row in found])


def _received(since: datetime, until: datetime, tenant: str | None) -> ColumnElement[bool]:
    span = and_(cases.c.received_at >= since, cases.c.received_at < until)
    return span if tenant is None else and_(span, cases.c.tenant == tenant)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


_IS_OPEN = cases.c.phase.in_(sorted(phase.value for phase in OPEN))
_IS_CLOSED = cases.c.phase.in_([Phase.CLOSED.value, Phase.ARCHIVED.value])
_ANSWER_MISSED = (
    select(timeline_entries.c.number)
    .where(
        timeline_entries.c.case_id == cases.c.case_id,
        timeline_entries.c.kind == EntryKind.BREACHED.value,
        timeline_entries.c.about == Clock.INITIAL_RESPONSE.value,
    )
    .exists()
)


def _totals(received: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    promised = cases.c.response_promised.is_(True)
    kept = and_(promised, cases.c.responded_at.is_not(None), ~_ANSWER_MISSED)
    return select(
        func.count().label("cases"),
        _count(_IS_OPEN).label("still_open"),
        _count(_IS_CLOSED).label("closed"),
        _count(cases.c.reopens > 0).label("reopened"),
        func.sum(cases.c.reopens).label("reopenings"),
        _count(kept).label("responses_met"),
        _count(and_(promised, _ANSWER_MISSED)).label("responses_missed"),
        func.sum(cases.c.updates_by_staff).label("updates_by_staff"),
        func.sum(cases.c.updates_by_system).label("updates_by_system"),
        func.sum(cases.c.updates_missed).label("updates_missed"),
    ).where(received)


def _targets(given: dict[str, int]) -> tuple[Target, ...]:
    kept = given["updates_by_staff"] + given["updates_by_system"]
    return (
        Target(clock=Clock.INITIAL_RESPONSE, met=given["responses_met"], missed=given["responses_missed"]),
        Target(clock=Clock.UPDATE, met=kept, missed=given["updates_missed"]),
    )


async def _by(
    connection: AsyncConnection, received: ColumnElement[bool], *kinds: EntryKind, about: bool = True
) -> dict[str, int]:
    """This will count timeline entries by what they are about, or by their kind."""
    name = timeline_entries.c.about if about else timeline_entries.c.kind
    times = func.sum(func.coalesce(timeline_entries.c.count, 1)) if about else func.count()
    query = (
        select(name, cast(times, Integer))
        .join(cases, cases.c.case_id == timeline_entries.c.case_id)
        .where(received, timeline_entries.c.kind.in_([kind.value for kind in kinds]))
        .group_by(name)
        .order_by(name)
    )
    return {str(one or "-"): int(count) for one, count in await connection.execute(query)}


async def _satisfaction(
    connection: AsyncConnection, since: datetime, until: datetime, tenant: str | None
) -> Satisfaction:
    at = survey_answers.c.answered_at
    query = select(survey_answers.c.score, func.count()).where(at >= since, at < until)
    if tenant is not None:
        whose = select(cases.c.case_id).where(cases.c.tenant == tenant)
        query = query.where(survey_answers.c.case_id.in_(whose))
    rows = await connection.execute(query.group_by(survey_answers.c.score))
    found = {int(score): int(count) for score, count in rows}
    answers = sum(found.values())
    total = sum(score * count for score, count in found.items())
    return Satisfaction(
        answers=answers,
        mean=round(total / answers, 2) if answers else None,
        scores={score: found.get(score, 0) for score in range(1, BEST + 1)},
    )


def _repeated(received: ColumnElement[bool], at_least: int) -> Select[*tuple[Any, ...]]:
    count = func.count().label("count")
    last_at = func.max(cases.c.received_at, type_=Instant).label("last_at")
    return (
        select(
            cases.c.tenant,
            cases.c.category,
            count,
            func.min(cases.c.received_at, type_=Instant).label("first_at"),
            last_at,
            _count(_IS_OPEN).label("still_open"),
        )
        .where(received)
        .group_by(cases.c.tenant, cases.c.category)
        .having(func.count() >= at_least)
        .order_by(count.desc(), last_at.desc(), cases.c.tenant)
    )


async def _repeat(connection: AsyncConnection, row: Any, since: datetime, until: datetime) -> Repeat:
    """This will add the numbers of the latest ten."""
    about = cases.c.category
    same = about.is_(None) if row["category"] is None else about == row["category"]
    query = select(cases.c.number).where(_received(since, until, row["tenant"]), same)
    latest = await connection.execute(query.order_by(cases.c.received_at.desc()).limit(10))
    return Repeat.model_validate({**row, "numbers": tuple(latest.scalars())})
