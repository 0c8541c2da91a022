"""General feedback: what is said of us without a case, at any time (RHIPE-62).

This room keeps it and lists it; nothing follows from it by itself.
"""

from datetime import datetime

from sqlalchemy import select

from activities.store.database import Database
from activities.store.own_tables import feedback as rows
from domain.feedback import Feedback


class FeedbackBook:
    """Keep feedback in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def add(self, feedback: Feedback) -> Feedback:
        """Keep feedback, and return what is kept under its id: a repetition changes nothing."""
        this = rows.c.feedback_id == feedback.feedback_id
        async with self._store.writing() as connection:
            await connection.execute(self._store.insert_new(rows), feedback.model_dump())
            found = (await connection.execute(select(rows).where(this))).one()
        return Feedback.model_validate(found._mapping)

    async def list(self, since: datetime, tenant: str | None = None, limit: int = 50) -> tuple[Feedback, ...]:
        """List what was received from `since` (UTC) on, the latest first."""
        query = select(rows).where(rows.c.received_at >= since)
        if tenant is not None:
            query = query.where(rows.c.tenant == tenant)
        ordered = query.order_by(rows.c.received_at.desc(), rows.c.feedback_id).limit(limit)
        async with self._store.reading() as connection:
            return tuple(Feedback.model_validate(row._mapping) for row in await connection.execute(ordered))
