"""The board as it is asked of the store: open cases in one order, how many there are, and what has changed.

The order is when what is owed first was or is due, then the rank, then who came first: a missed promise is
always before one that is still to be kept. Nothing in it moves with the clock, so that pages go on where they
ended.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from activities.store.case_list import IS_OPEN, CaseFilter, Columns, conditions
from activities.store.case_search import ROW
from activities.store.columns import Instant
from activities.store.database import Database
from activities.store.tables import cases
from domain.frozen import Frozen
from domain.record import CaseRow

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_MOST_CHANGES = 500  # rows one look brings; the rest come with the next


class Place(Frozen):
    """The place of one case in the order; the next page begins behind it."""

    owed_at: datetime
    rank: int
    received_at: datetime
    case_id: str

    @classmethod
    def of(cls, row: CaseRow) -> Self:
        """Mark the place of a row."""
        return cls(
            owed_at=row.owed_at or _NEVER, rank=row.rank, received_at=row.received_at, case_id=row.case_id
        )


class BoardFilter(Frozen):
    """Which open cases are wanted: `missed_by` an instant, with no act of ours since `silent_since`."""

    cases: CaseFilter = CaseFilter()
    missed_by: datetime | None = None
    silent_since: datetime | None = None
    limit: int = 100
    after: Place | None = None


class BoardRow(Frozen):
    """A case, and when somebody of ours last acted on it, other than to pass it on (UTC)."""

    row: CaseRow
    acted_at: datetime | None = None
    recorded_at: datetime | None = None


class BoardGroup(NamedTuple):
    """How many open cases one owner has in one centre, offered to one other or to none; `counts` by list."""

    assignee: str | None
    region: str
    offered_to: str | None
    cases: int
    counts: Mapping[str, int]


_ROWS = (*ROW, cases.c.acted_at, cases.c.recorded_at)


async def read_rows(store: Database, wanted: BoardFilter) -> tuple[BoardRow, ...]:
    """Read a page of the board; which cases are on it the index says, and only these are read."""
    page = page_of(select(cases.c.case_id).where(IS_OPEN, *board_conditions(wanted)), wanted)
    async with store.reading() as connection:
        found = await connection.execute(
            select(*_ROWS).where(cases.c.case_id.in_(page)).order_by(*place_of())
        )
        return tuple(_read(row._mapping) for row in found)


async def count_list(store: Database, wanted: BoardFilter) -> int:
    """Count the open cases of one list, which may be narrowed."""
    query = select(func.count()).select_from(cases).where(IS_OPEN, *board_conditions(wanted))
    async with store.reading() as connection:
        count: int = (await connection.execute(query)).scalar_one()
    return count


async def count_rows(store: Database, lists: Mapping[str, BoardFilter]) -> dict[str, int]:
    """Count the open cases of several lists in one pass over all that are open."""
    async with store.reading() as connection:
        found = (await connection.execute(select(*counts_of(lists)).where(IS_OPEN))).one()
    return dict(found._mapping)


async def count_groups(store: Database, lists: Mapping[str, BoardFilter]) -> tuple[BoardGroup, ...]:
    """Count the open cases of several lists by owner, centre and offer, in one pass over all open ones."""
    by = (cases.c.assignee, cases.c.region, cases.c.offered_to)
    counts = counts_of(lists)
    query = select(*by, func.count().label("cases"), *counts).where(IS_OPEN).group_by(*by)
    async with store.reading() as connection:
        found = [row._mapping for row in await connection.execute(query)]
    return tuple(
        BoardGroup(
            assignee=row["assignee"],
            region=row["region"],
            offered_to=row["offered_to"],
            cases=row["cases"],
            counts={name: row[name] for name in lists},
        )
        for row in found
    )


def counts_of(lists: Mapping[str, BoardFilter], of: Columns = cases.c) -> list[ColumnElement[int]]:
    """Count the rows of several lists at once."""
    return [
        func.coalesce(func.sum(case((and_(True, *board_conditions(wanted, of)), 1), else_=0)), 0).label(name)
        for name, wanted in lists.items()
    ]


async def read_changes(store: Database, since: datetime) -> tuple[BoardRow, ...]:
    """Read the cases that were written at `since` (UTC) or later, open or not, the earliest first."""
    query = select(*_ROWS).where(cases.c.recorded_at >= since).order_by(cases.c.recorded_at)
    async with store.reading() as connection:
        return tuple(_read(row._mapping) for row in await connection.execute(query.limit(_MOST_CHANGES)))


def board_conditions(wanted: BoardFilter, of: Columns = cases.c) -> Iterable[ColumnElement[bool]]:
    """Say what a case has to be to be on a list: as its row is now, or `of` others with the same columns."""
    yield from conditions(wanted.cases, of)
    if wanted.missed_by is not None:
        yield _owed_at(of) < wanted.missed_by
    if wanted.silent_since is not None:
        yield func.coalesce(of.acted_at, of.received_at, type_=Instant) < wanted.silent_since


def page_of(query: Select[Any], wanted: BoardFilter, of: Columns = cases.c) -> Select[Any]:
    """Put rows in the order of the board, and leave the page that is wanted."""
    if wanted.after is not None:
        query = query.where(_is_behind(wanted.after, of))
    return query.order_by(*place_of(of)).limit(wanted.limit)


def place_of(of: Columns = cases.c) -> tuple[ColumnElement[Any], ...]:
    """Name what puts cases in their order."""
    return _owed_at(of), of.rank, of.received_at, of.case_id


def _owed_at(of: Columns) -> ColumnElement[datetime]:
    return func.coalesce(of.owed_at, _NEVER, type_=Instant)


def _is_behind(place: Place, of: Columns) -> ColumnElement[bool]:
    """Tell whether a case comes later in the order."""
    behind: list[ColumnElement[bool]] = []
    columns = place_of(of)
    values = (place.owed_at, place.rank, place.received_at, place.case_id)
    for number, (column, value) in enumerate(zip(columns, values, strict=True)):
        same = [one == theirs for one, theirs in zip(columns[:number], values, strict=False)]
        behind.append(and_(*same, column > value))
    return or_(*behind)


def _read(row: Mapping[Any, Any]) -> BoardRow:
    values = {name: row[name] for name in CaseRow.model_fields}
    return BoardRow(
        row=CaseRow.model_validate(values), acted_at=row["acted_at"], recorded_at=row["recorded_at"]
    )
