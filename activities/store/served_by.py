"""Which Temporal namespace the cases of a store live in: a worker notes it, and doors compare.

Where a door writes to the one and reads of the other, what it shows is not what it changes.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from activities.store.database import Database
from activities.store.own_tables import served_by


class Served(NamedTuple):
    """A namespace, by an id no other has, and where it was when that was noted."""

    namespace_id: str
    address: str


async def note_server(store: Database, served: Served) -> None:
    """Note the namespace of a worker that begins; it takes the place of what was noted before."""
    row = {"namespace_id": served.namespace_id, "address": served.address, "noted_at": datetime.now(UTC)}
    async with store.writing() as connection:
        await connection.execute(delete(served_by))
        await connection.execute(insert(served_by), row)


async def noted_server(store: Database) -> Served | None:
    """Return what was noted last, if anything was."""
    async with store.reading() as connection:
        query = select(served_by.c.namespace_id, served_by.c.address).order_by(served_by.c.noted_at.desc())
        row = (await connection.execute(query.limit(1))).one_or_none()
    return None if row is None else Served(row.namespace_id, row.address)
