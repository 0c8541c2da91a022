"""Every event of every case, in the order in which the store came to know it: what an export follows.

A reader who remembers their place misses nothing. On PostgreSQL two transactions may end in another order
than they took their numbers: what is told is only what was written before the oldest one still under way.
"""

from sqlalchemy import ColumnElement, Select, and_, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.private_cases import for_whom
from activities.store.tables import cases, event_order, timeline_entries
from domain.frozen import Frozen
from domain.record import RecordBatch
from domain.timeline import TimelineEntry

_PLACE = event_order.c
_ALL_DONE: ColumnElement[int] = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


class Place(Frozen):
    """How far somebody has read; the next page begins behind it."""

    written_by: int = 0
    place: int = 0


class CaseEvent(Frozen):
    """One entry of a case's timeline, with the case it is of; every instant UTC."""

    at_place: Place
    case_id: str
    number: str
    tenant: str
    entry: TimelineEntry


class Page(Frozen):
    """Some events in order. `end`: there were no more when they were read; `until` is where to go on."""

    events: tuple[CaseEvent, ...]
    until: Place
    end: bool


class CaseEvents:
    """Reads the order in a store that its owner opens and closes, and writes it beside the entries."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._put = store.insert_new(event_order)

    async def write(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        """Give each new entry its place, as part of the batch's transaction; a known one keeps its own."""
        if batch.entries:
            rows = [{"case_id": batch.row.case_id, "number": entry.number} for entry in batch.entries]
            await connection.execute(self._put, rows)

    async def after(
        self,
        place: Place,
        limit: int,
        tenant: str | None = None,
        *,
        all_: bool = True,
        known_as: tuple[str, ...] | None = None,
    ) -> Page:
        """Return the events behind a place: a tenant's, or everybody's; `all_` with what is internal.

        `known_as`: those of private cases only where these are for somebody known by one of these.
        """
        query = self._select(place).limit(limit + 1)
        if tenant is not None:
            query = query.where(cases.c.tenant == tenant)
        if known_as is not None:
            query = query.where(for_whom(known_as))
        if not all_:
            query = query.where(timeline_entries.c.internal.is_(False))
        async with self._store.reading() as connection:
            rows = [row._mapping for row in await connection.execute(query)]
        events = tuple(_event(dict(row)) for row in rows[:limit])
        until = events[-1].at_place if events else place
        return Page(events=events, until=until, end=len(rows) <= limit)

    def _select(self, place: Place) -> Select[tuple[object, ...]]:
        behind = or_(
            _PLACE.written_by > place.written_by,
            and_(_PLACE.written_by == place.written_by, _PLACE.place > place.place),
        )
        named = and_(timeline_entries.c.case_id == _PLACE.case_id, timeline_entries.c.number == _PLACE.number)
        of_case = (cases.c.number.label("case_number"), cases.c.tenant)
        query = (
            select(_PLACE.place, _PLACE.written_by, *of_case, *timeline_entries.c)
            .join_from(event_order, timeline_entries, named)
            .join(cases, cases.c.case_id == timeline_entries.c.case_id)
            .where(behind)
            .order_by(_PLACE.written_by, _PLACE.place)
        )
        return query if self._store.has_one_writer else query.where(_PLACE.written_by < _ALL_DONE)


def _event(row: dict[str, object]) -> CaseEvent:
    place = Place(written_by=row.pop("written_by"), place=row.pop("place"))
    case_id, number, tenant = (str(row.pop(name)) for name in ("case_id", "case_number", "tenant"))
    return CaseEvent(
        at_place=place,
        case_id=case_id,
        number=number,
        tenant=tenant,
        entry=TimelineEntry.model_validate(row),
    )
