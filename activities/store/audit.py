"""What was refused: when, at which door, to which credential, what was asked. Never a secret, never a body.

The same refusal within a minute is one row that counts, so that somebody who knocks all day fills nothing;
rows are kept 90 days, and 50,000 of them at most (ours).
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from activities.store.credential_tables import audit as rows
from activities.store.database import Database
from domain.actor import Door
from domain.frozen import Frozen

KEPT = timedelta(days=90)
MOST = 50_000
_SPELL = timedelta(minutes=1)
_ASKED = 200
"""Characters of what was asked that are kept (ours)."""


class Attempt(Frozen):
    """One refusal. `credential` is a key's prefix or `issuer/subject`, None where it is nobody's.

    `why` is for us alone: whoever asked was told the same for each of them.
    """

    door: Door
    credential: str | None
    asked: str
    code: str
    who: str | None = None
    why: str | None = None


class AuditRow(Attempt):
    """A refusal as it is kept: `count` times from `at` until `last_at` (UTC), within a minute."""

    at: datetime
    last_at: datetime
    count: int


class AuditTrail:
    """Keep refusals in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def note(self, attempt: Attempt, at: datetime) -> None:
        """Keep one refusal, or count it with the same of this minute; what is too old or too much goes."""
        short = attempt.model_copy(update={"asked": attempt.asked[:_ASKED]})
        identity = sha256(f"{at:%Y-%m-%dT%H:%M} {short.model_dump_json()}".encode()).hexdigest()
        row = short.model_dump() | {"audit_id": identity, "at": at, "last_at": at, "count": 1}
        insert = self._store.insert_new(rows)
        assert isinstance(insert, PostgresInsert | SqliteInsert)
        async with self._store.writing() as connection:
            if not (await connection.execute(insert, row)).rowcount:
                again = {"last_at": at, "count": rows.c.count + 1}
                await connection.execute(rows.update().where(rows.c.audit_id == identity).values(again))
                return
            await connection.execute(delete(rows).where(rows.c.at < at - KEPT))
            oldest = select(rows.c.audit_id).order_by(rows.c.at.desc(), rows.c.audit_id).offset(MOST)
            await connection.execute(delete(rows).where(rows.c.audit_id.in_(oldest)))

    async def list(self, since: datetime, limit: int = 50) -> tuple[AuditRow, ...]:
        """List what was refused from `since` (UTC) on, the latest first."""
        wanted = [column for column in rows.c if column.name != "audit_id"]
        query = select(*wanted).where(rows.c.last_at >= since)
        ordered = query.order_by(rows.c.last_at.desc(), rows.c.audit_id).limit(limit)
        async with self._store.reading() as connection:
            return tuple(AuditRow.model_validate(row._mapping) for row in await connection.execute(ordered))
