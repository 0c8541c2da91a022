"""Keeps what waits to be told while a lane is away, and gives it back in its order.

This room writes and reads the table; what goes there and when is the workflow's to say. What was told is
taken out when the next is asked for.
"""

from sqlalchemy import delete, select
from temporalio import activity

from activities.store.database import Database
from activities.store.delivery_tables import waiting_effects as rows
from domain.effects import Effect
from domain.waiting import (
    KEEP_WAITING,
    READ_WAITING,
    WaitingBatch,
    WaitingEffect,
    WaitingFound,
    WaitingKept,
    WaitingWanted,
)


class Waiting:
    """Keep effects in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._put = store.upsert(rows)

    @activity.defn(name=KEEP_WAITING)
    async def keep_waiting(self, batch: WaitingBatch) -> WaitingKept:
        """Keep effects of a lane, whole; the same ones again change nothing."""
        own = {"queue": batch.queue, "lane": batch.lane.value}
        values = [
            own | {"number": one.number, "effect": one.effect.model_dump_json()} for one in batch.effects
        ]
        async with self._store.writing() as connection:
            await connection.execute(self._put, values)
        return WaitingKept(kept=len(values))

    @activity.defn(name=READ_WAITING)
    async def read_waiting(self, wanted: WaitingWanted) -> WaitingFound:
        """Return the next of a lane in their order, and forget those told before."""
        lane = (rows.c.queue == wanted.queue, rows.c.lane == wanted.lane.value)
        query = select(rows.c.number, rows.c.effect).where(*lane, rows.c.number > wanted.told)
        async with self._store.writing() as connection:
            await connection.execute(delete(rows).where(*lane, rows.c.number <= wanted.told))
            found = await connection.execute(query.order_by(rows.c.number).limit(wanted.most))
            return WaitingFound(
                effects=tuple(
                    WaitingEffect(number=number, effect=Effect.model_validate_json(effect))
                    for number, effect in found
                )
            )
