"""What programs were answered under their own keys, kept for as long as the case is.

This room writes and reads it; whether a request is the same one is the door's to say.
"""

from sqlalchemy import bindparam, select

from activities.store.credential_tables import answered_requests as rows
from activities.store.database import Database
from domain.frozen import Frozen
from domain.messages.base import Instant as At


class Answered(Frozen):
    """One answer: to whom, under which key, to what content (a digest), and the answer itself as JSON."""

    caller: str
    key: str
    digest: str
    status: int
    body: str
    case_id: str | None = None
    answered_at: At


# Put together once: that takes longer than carrying it out.
_FIND = select(rows).where(rows.c.caller == bindparam("whose"), rows.c.key == bindparam("under"))


class AnsweredRequests:
    """Keeps answers in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._put = store.insert_new(rows)

    async def find(self, caller: str, key: str) -> Answered | None:
        """Return what a caller was answered under a key, or None."""
        async with self._store.reading() as connection:
            row = (await connection.execute(_FIND, {"whose": caller, "under": key})).one_or_none()
        return None if row is None else Answered.model_validate(dict(row._mapping))

    async def keep(self, answer: Answered) -> None:
        """Keep an answer; the first one under a key stays."""
        async with self._store.writing() as connection:
            await connection.execute(self._put, answer.model_dump())
