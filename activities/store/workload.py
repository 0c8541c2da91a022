"""How much the desk has on hand, by centre and rank: what its metrics are made of.

Three queries, each over what is open alone and answered by an index; nobody's name is in the answers.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.case_list import IS_OPEN
from activities.store.database import Database
from activities.store.delivery_tables import delivery_ledger as ledger
from activities.store.delivery_tables import waiting_effects
from activities.store.ledger import DeliveryStatus
from activities.store.tables import cases
from domain.frozen import Frozen

SOON = timedelta(minutes=15)
"""How near a promise has to be to be counted as due soon (ours)."""

TRIED_FOR = timedelta(days=2)
"""What began longer ago is of no interest any more: nothing is tried for longer than a day."""


class Share(NamedTuple):
    """Of what a number is: a centre, and a rank."""

    region: str
    rank: int


class OpenCases(Frozen):
    """Open cases: all of them, those with a promise within 15 minutes, past one, and with a breach."""

    open: int
    due_soon: int
    overdue: int
    breached: int


class Workload(Frozen):
    """What is on hand at an instant.

    `offers`: cases offered to a centre, which has not accepted them yet. `undelivered`: notices that are
    still tried; `undeliverable`: those of the last two days that were given up. `kept_back`: notices that
    wait for a lane that is away, of all centres together.
    """

    cases: Mapping[Share, OpenCases]
    offers: Mapping[Share, int]
    undelivered: Mapping[Share, int]
    undeliverable: Mapping[Share, int]
    kept_back: int


async def read_workload(store: Database, at: datetime) -> Workload:
    """Count what is on hand at an instant (UTC), as the store knows it."""
    async with store.reading() as connection:
        found = await connection.execute(_open_cases(at))
        begun = await connection.execute(_notices(at))
        notices = [(DeliveryStatus(status), Share(region, rank), n) for status, region, rank, n in begun]
        return Workload(
            cases={
                Share(region, rank): OpenCases(open=open_, due_soon=soon, overdue=over, breached=breached)
                for region, rank, open_, soon, over, breached in found
            },
            offers=await _offers(connection),
            undelivered={share: n for status, share, n in notices if status is DeliveryStatus.BEGUN},
            undeliverable={share: n for status, share, n in notices if status is not DeliveryStatus.BEGUN},
            kept_back=await connection.scalar(select(func.count()).select_from(waiting_effects)) or 0,
        )


def _open_cases(at: datetime) -> Select[*tuple[Any, ...]]:
    due = cases.c.next_due_at
    return (
        select(
            cases.c.region,
            cases.c.rank,
            func.count(),
            _count(and_(due >= at, due < at + SOON)),
            _count(due < at),
            _count(cases.c.breaches > 0),
        )
        .where(IS_OPEN)
        .group_by(cases.c.region, cases.c.rank)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


async def _offers(connection: AsyncConnection) -> dict[Share, int]:
    query = (
        select(cases.c.offered_to, cases.c.rank, func.count())
        .where(cases.c.offered_to.is_not(None), cases.c.accepted_by.is_(None))
        .group_by(cases.c.offered_to, cases.c.rank)
    )
    return {Share(region, rank): n for region, rank, n in await connection.execute(query)}


def _notices(at: datetime) -> Select[*tuple[Any, ...]]:
    unsettled = (DeliveryStatus.BEGUN.value, DeliveryStatus.UNDELIVERABLE.value)
    return (
        select(ledger.c.status, cases.c.region, cases.c.rank, func.count())
        .join(cases, cases.c.case_id == ledger.c.case_id)
        .where(ledger.c.status.in_(unsettled), ledger.c.begun_at >= at - TRIED_FOR)
        .group_by(ledger.c.status, cases.c.region, cases.c.rank)
    )
