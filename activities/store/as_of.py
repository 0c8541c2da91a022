"""Lists as they stood at an instant: the moments cases were in then, narrowed and ordered as lists are.

Words of a filter are looked for in what a case is found by now.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, and_, exists, func, or_, select

from activities.store import case_list
from activities.store.board import BoardFilter, board_conditions, counts_of, page_of
from activities.store.case_list import CaseFilter, conditions, is_open
from activities.store.case_search import ROW
from activities.store.columns import Instant
from activities.store.database import Database
from activities.store.moments import COLUMNS, moment_in
from activities.store.own_tables import past_kept
from activities.store.private_cases import for_whom
from activities.store.tables import case_moments, cases, timeline_entries
from domain.actor import ActorKind
from domain.moment import Moment
from domain.phase import Phase
from domain.record import CaseRow
from domain.silence import PASSES_ON
from domain.views.as_of import row_as_of


class RowAsOf(NamedTuple):
    """A case as it stood, its row as it is now, and when somebody of ours had last acted on it (UTC)."""

    row: CaseRow
    now: CaseRow
    moment: Moment
    acted_at: datetime | None


async def list_as_of(store: Database, wanted: CaseFilter, at: datetime) -> tuple[CaseRow, ...]:
    """List cases as they stood, by the due instant that was next then, then rank."""
    stood = _stood(at)
    page = case_list.page_of(select(stood).where(*conditions(wanted, stood.c)), wanted, stood.c)
    return tuple(one.row for one in await _rows(store, page))


async def board_as_of(store: Database, wanted: BoardFilter, at: datetime) -> tuple[RowAsOf, ...]:
    """Read a page of the board as it stood."""
    stood = _stood(at)
    page = select(stood).where(is_open(stood.c), *board_conditions(wanted, stood.c))
    return await _rows(store, page_of(page, wanted, stood.c))


async def count_as_of(store: Database, lists: Mapping[str, BoardFilter], at: datetime) -> dict[str, int]:
    """Count the open cases of several lists as they stood, in one pass."""
    stood = _stood(at)
    query = select(*counts_of(lists, stood.c)).where(is_open(stood.c))
    async with store.reading() as connection:
        return dict((await connection.execute(query)).one()._mapping)


async def count_unknown(
    store: Database, at: datetime, tenant: str | None = None, known_as: Iterable[str] | None = None
) -> int:
    """Count the cases that were there at an instant and of which it is not known how they stood.

    One that was closed by then, and is still, is none of them.
    """
    moments = select(case_moments.c.case_id).where(
        case_moments.c.case_id == cases.c.case_id, case_moments.c.at <= at
    )
    over = and_(cases.c.phase.in_([Phase.CLOSED.value, Phase.ARCHIVED.value]), cases.c.closed_at <= at)
    query = select(func.count()).where(
        cases.c.received_at <= at, ~exists(moments), or_(cases.c.closed_at.is_(None), ~over)
    )
    if tenant is not None:
        query = query.where(cases.c.tenant == tenant)
    if known_as is not None:
        query = query.where(for_whom(known_as))
    async with store.reading() as connection:
        count: int = (await connection.execute(query)).scalar_one()
    return count


async def begun_at(store: Database) -> datetime | None:
    """Name the instant (UTC) before which there was no desk: of its first case, or of its first past."""
    async with store.reading() as connection:
        first = await connection.scalar(select(func.min(cases.c.received_at, type_=Instant)))
        kept = await connection.scalar(select(func.min(past_kept.c.since, type_=Instant)))
    return min(filter(None, (first, kept)), default=None)


_ACTED_AT = (
    select(func.max(timeline_entries.c.at, type_=Instant))
    .where(
        timeline_entries.c.case_id == cases.c.case_id,
        timeline_entries.c.by_kind == ActorKind.STAFF.value,
        timeline_entries.c.kind.not_in([kind.value for kind in sorted(PASSES_ON)]),
    )
    .correlate(cases)
)


def _stood(at: datetime) -> Subquery:
    """Say how every case stood at an instant, with the columns that lists are narrowed by."""
    acted_at = _ACTED_AT.where(timeline_entries.c.at <= at).scalar_subquery().label("acted_at")
    of_the_case = (cases.c.case_id, cases.c.tenant, cases.c.received_at, cases.c.private_to)
    of_the_moment = (case_moments.c[name] for name in sorted({*COLUMNS, "facts"}))
    return (
        select(*of_the_case, *of_the_moment, acted_at)
        .join(case_moments, case_moments.c.case_id == cases.c.case_id)
        .where(case_moments.c.at <= at, case_moments.c.until > at)
        .subquery("stood")
    )


async def _rows(store: Database, page: Select[Any]) -> tuple[RowAsOf, ...]:
    async with store.reading() as connection:
        stood = [row._mapping for row in await connection.execute(page)]
        found = select(*ROW).where(cases.c.case_id.in_([row["case_id"] for row in stood]))
        rows = _by_id(CaseRow.model_validate(row._mapping) for row in await connection.execute(found))
    moments = [(rows[row["case_id"]], moment_in(row), row["acted_at"]) for row in stood]
    return tuple(RowAsOf(row_as_of(row, moment), row, moment, acted) for row, moment, acted in moments)


def _by_id(rows: Iterable[CaseRow]) -> dict[str, CaseRow]:
    return {row.case_id: row for row in rows}
