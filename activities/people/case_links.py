"""Until when links to one case were taken back: those made up to then open nothing any more."""

from datetime import datetime

from sqlalchemy import select

from activities.store.credential_tables import case_links
from activities.store.database import Database


class RevokedCaseLinks:
    """Keep what was taken back in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def revoke(self, case_id: str, by: str, at: datetime) -> None:
        """Take back every link to a case that was made until an instant (UTC, inclusive)."""
        row = {"case_id": case_id, "revoked_at": at, "revoked_by": by}
        async with self._store.writing() as connection:
            await connection.execute(self._store.upsert(case_links), row)

    async def revoked_at(self, case_id: str) -> datetime | None:
        """Return until when links to a case were taken back (UTC), or None."""
        query = select(case_links.c.revoked_at).where(case_links.c.case_id == case_id)
        async with self._store.reading() as connection:
            found: datetime | None = (await connection.execute(query)).scalar_one_or_none()
        return found
