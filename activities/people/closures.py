"""Centres closed by hand: from when until when, why, and by whom; ended by hand or by the clock.

This room keeps closures; what a closed centre means for a case is the domain's to say. What has ended stays,
so that the store can tell why a case went elsewhere.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.own_tables import region_closures as rows
from domain.centres.shifts import OpenSpan
from domain.frozen import Frozen

_FOREVER = datetime.max.replace(tzinfo=UTC)


class Closure(Frozen):
    """A centre closed `[closed_from, closed_until)` in UTC; without an end, until somebody opens it."""

    region: str
    closed_from: datetime
    closed_until: datetime | None
    reason: str
    changed_by: str
    changed_at: datetime

    @property
    def span(self) -> OpenSpan:
        """The stretch that is taken out of the centre's hours."""
        return OpenSpan(opens_at=self.closed_from, closes_at=self.closed_until or _FOREVER)


class Closures:
    """Keep closures in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def close(self, region: str, at: datetime, until: datetime | None, reason: str, by: str) -> None:
        """Close a centre from `at` on; a closure that runs already ends where this one begins."""
        given = Closure(
            region=region, closed_from=at, closed_until=until, reason=reason, changed_by=by, changed_at=at
        )
        async with self._store.writing() as connection:
            await _end(connection, region, at, by)
            await connection.execute(self._store.upsert(rows), given.model_dump())

    async def open(self, region: str, at: datetime, by: str) -> bool:
        """End every closure of a centre; false where it was not closed by hand."""
        async with self._store.writing() as connection:
            return await _end(connection, region, at, by)

    async def closed(self, regions: Iterable[str], start: datetime, end: datetime) -> tuple[Closure, ...]:
        """List the closures that touch `[start, end)` (UTC), in order of time."""
        async with self._store.reading() as connection:
            return await closures_in(connection, regions, start, end)


async def closures_in(
    connection: AsyncConnection, regions: Iterable[str], start: datetime, end: datetime
) -> tuple[Closure, ...]:
    """List the closures that touch `[start, end)` (UTC), in order of time."""
    query = select(rows).where(rows.c.region.in_(list(regions)), rows.c.closed_from < end, _ends_after(start))
    found = await connection.execute(query.order_by(rows.c.closed_from))
    return tuple(Closure.model_validate(row._mapping) for row in found)


async def _end(connection: AsyncConnection, region: str, at: datetime, by: str) -> bool:
    """End what runs at an instant, and take out what would only begin later."""
    later = delete(rows).where(rows.c.region == region, rows.c.closed_from >= at)
    running = update(rows).where(and_(rows.c.region == region, _ends_after(at)))
    gone = await connection.execute(later)
    ended = await connection.execute(running.values(closed_until=at, changed_by=by, changed_at=at))
    return gone.rowcount + ended.rowcount > 0


def _ends_after(at: datetime) -> ColumnElement[bool]:
    return or_(rows.c.closed_until.is_(None), rows.c.closed_until > at)
