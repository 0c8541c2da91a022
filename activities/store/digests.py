"""Keeps what a shift end brings one reader until it leaves in one mail, and says who sends it.

Cases know nothing of each other: their notices meet here. A reader's digest takes what comes until it
leaves, then it is closed, and what comes later begins the next. Whoever sends it holds it for a while alone;
where they die, somebody else of it goes on under the same id. What was sent is in the ledger.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.delivery_tables import digest_notices as notices
from activities.store.delivery_tables import digests as rows
from domain.effects import Effect, said_by

GATHERED_AT_MOST = 3
"""So many times the quiet after the last notice a digest waits for more, counted from the first (ours)."""

HELD = timedelta(seconds=20)
"""How long one sender has it alone: longer than one mail may take (15 s), less than a centre has (80 s)."""


class Digest(NamedTuple):
    """One mail to one reader: the how manyth of theirs, when it leaves (UTC), and whether it is closed."""

    reader: str
    number: int
    leaves_at: datetime
    is_closed: bool


class Digests:
    """Gather notices in a store that its owner opens and closes; each waits `quiet` for others."""

    def __init__(self, store: Database, quiet: timedelta) -> None:
        self._store = store
        self._quiet = quiet

    async def join(self, reader: str, effect: Effect, now: datetime) -> Digest:
        """Put a notice into the reader's digest that is open, or a new one; who is in one stays in it.

        What says the same to the same reader, as somebody else of us, is in it once.
        """
        said = f"{said_by(effect)} {reader}"
        async with self._store.reading() as connection:
            if found := await _joined(connection, said):
                return found
        async with self._store.writing() as connection:
            values = {"said": said, "reader": reader, "number": await self._open(connection, reader, now)}
            kept = values | {"effect": effect.model_dump_json()}
            await connection.execute(self._store.insert_new(notices).values(kept))
            joined = await _joined(connection, said)
        assert joined is not None
        return joined

    async def _open(self, connection: AsyncConnection, reader: str, now: datetime) -> int:
        """Return the number of the open digest, its row locked, and let it wait for more."""
        last = select(rows.c.number).where(rows.c.reader == reader).order_by(rows.c.number.desc()).limit(1)
        number = (await connection.execute(last)).scalar_one_or_none() or 1
        while True:
            query = select(rows.c.first_at, rows.c.is_closed).where(_this(reader, number)).with_for_update()
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                begun = {"first_at": now, "leaves_at": now + self._quiet, "is_closed": False}
                key = {"reader": reader, "number": number}
                await connection.execute(self._store.insert_new(rows).values(key | begun))
            elif row.is_closed:
                number += 1
            else:
                leaves_at = min(now + self._quiet, row.first_at + GATHERED_AT_MOST * self._quiet)
                await connection.execute(
                    update(rows).where(_this(reader, number)).values(leaves_at=leaves_at)
                )
                return number

    async def close(self, digest: Digest) -> tuple[Effect, ...]:
        """Let nobody else in, and return what is in it: the most urgent first, then by cause."""
        this = _this(digest.reader, digest.number)
        inside = and_(notices.c.reader == digest.reader, notices.c.number == digest.number)
        if not digest.is_closed:
            async with self._store.writing() as connection:
                await connection.execute(update(rows).where(this).values(is_closed=True))
        async with self._store.reading() as connection:
            found = (await connection.execute(select(notices.c.effect).where(inside))).scalars()
            effects = [Effect.model_validate_json(one) for one in found]
        return tuple(sorted(effects, key=_urgency))

    async def hold(self, digest: Digest, now: datetime) -> bool:
        """Take the sending of it; False where somebody else is at it."""
        this = and_(_this(digest.reader, digest.number), _free(now))
        async with self._store.writing() as connection:
            done = await connection.execute(update(rows).where(this).values(sending_until=now + HELD))
            return done.rowcount == 1

    async def let_go(self, digest: Digest) -> None:
        """Let somebody else send it: it did not work now."""
        async with self._store.writing() as connection:
            this = _this(digest.reader, digest.number)
            await connection.execute(update(rows).where(this).values(sending_until=None))


async def _joined(connection: AsyncConnection, said: str) -> Digest | None:
    on = and_(rows.c.reader == notices.c.reader, rows.c.number == notices.c.number)
    query = select(rows.c.reader, rows.c.number, rows.c.leaves_at, rows.c.is_closed).join(notices, on)
    row = (await connection.execute(query.where(notices.c.said == said))).one_or_none()
    return None if row is None else Digest(*row)


def _this(reader: str, number: int) -> ColumnElement[bool]:
    return and_(rows.c.reader == reader, rows.c.number == number)


def _free(now: datetime) -> ColumnElement[bool]:
    return rows.c.sending_until.is_(None) | (rows.c.sending_until < now)


def _urgency(effect: Effect) -> tuple[int, datetime, str]:
    return 99 if effect.rank is None else effect.rank, effect.caused_at, effect.id
