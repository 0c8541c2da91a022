"""What a software agent would say and nobody has released yet: a table of own truth.

This room writes and reads it; what has to wait for a person is the door's to ask the domain.
"""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from pydantic import Field, JsonValue
from sqlalchemy import select, update

from activities.store.credential_tables import drafts as rows
from activities.store.database import Database
from domain.frozen import Frozen
from domain.messages.base import Instant


class DraftState(StrEnum):
    """What became of a draft."""

    WAITING = "waiting"
    RELEASED = "released"
    DROPPED = "dropped"


class Draft(Frozen):
    """Something an agent would say: of which case, by which verb, why it waits, and who decided; UTC."""

    draft_id: str = Field(default_factory=lambda: uuid4().hex[:12])
    case_id: str
    number: str
    tenant: str
    verb: str
    fields: dict[str, JsonValue]
    because: str
    drafted_by: str
    drafted_at: Instant
    state: DraftState = DraftState.WAITING
    decided_by: str | None = None
    decided_at: Instant | None = None


class Drafts:
    """Keeps drafts in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def keep(self, draft: Draft) -> None:
        """Keep a new draft."""
        async with self._store.writing() as connection:
            await connection.execute(rows.insert(), {**draft.model_dump(), "state": draft.state.value})

    async def find(self, draft_id: str) -> Draft | None:
        """Return one draft, or None."""
        async with self._store.reading() as connection:
            row = (await connection.execute(select(rows).where(rows.c.draft_id == draft_id))).one_or_none()
        return None if row is None else Draft.model_validate(dict(row._mapping))

    async def waiting(self, case_id: str | None = None, limit: int = 200) -> tuple[Draft, ...]:
        """List what waits for a person, the oldest first."""
        query = select(rows).where(rows.c.state == DraftState.WAITING.value)
        if case_id is not None:
            query = query.where(rows.c.case_id == case_id)
        query = query.order_by(rows.c.drafted_at, rows.c.draft_id).limit(limit)
        async with self._store.reading() as connection:
            return tuple(Draft.model_validate(dict(row._mapping)) for row in await connection.execute(query))

    async def decide(self, draft_id: str, state: DraftState, by: str, at: datetime) -> bool:
        """Say what became of a draft that waited; false where somebody else had decided it."""
        is_waiting = rows.c.draft_id == draft_id, rows.c.state == DraftState.WAITING.value
        decided = {"state": state.value, "decided_by": by, "decided_at": at}
        async with self._store.writing() as connection:
            done = await connection.execute(update(rows).where(*is_waiting).values(decided))
        return done.rowcount == 1
