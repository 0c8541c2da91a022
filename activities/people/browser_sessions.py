"""How people come in with a browser: links of use once, and the sessions they begin.

Of each secret only its sha256 is ever here. What is over is taken out when the next one begins.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.people.credentials import KeptPerson, kept_person
from activities.store.credential_tables import browser_sessions, people, sign_in_links
from activities.store.database import Database
from domain.frozen import Frozen
from domain.people import Person

USED_EVERY = timedelta(minutes=1)
"""How often the last use of a session is written at most (ours): each request would cost a write."""


class SignInLink(Frozen):
    """A link without its secret; every instant UTC. It opens before `expires_at`, once.

    It is of somebody who was let in, or of a `newcomer`, whom its use lets in.
    """

    person: str | None = None
    newcomer: Person | None = None
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None


class BrowserSession(Frozen):
    """A session without its secret; every instant UTC. It ends at `expires_at`, half-open."""

    person: str
    began_by: str
    began_at: datetime
    expires_at: datetime
    used_at: datetime


class FoundLink(NamedTuple):
    """A link, and whose it is; nobody's yet, where it is a newcomer's."""

    link: SignInLink
    owner: KeptPerson | None


class FoundSession(NamedTuple):
    """A session, and whose it is."""

    session: BrowserSession
    owner: KeptPerson


class BrowserSessions:
    """Keep links and sessions in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def add_link(self, digest: str, link: SignInLink) -> None:
        """Keep a new link, and forget those that have expired."""
        async with self._store.writing() as connection:
            await connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= link.made_at))
            newcomer = link.newcomer.model_dump_json(exclude_defaults=True) if link.newcomer else None
            row = link.model_dump(exclude={"newcomer"}) | {"digest": digest, "newcomer": newcomer}
            await connection.execute(sign_in_links.insert(), row)

    async def link(self, digest: str) -> FoundLink | None:
        """Return a link, with whose it is, whatever has become of either."""
        async with self._store.reading() as connection:
            query = select(*_LINK).where(sign_in_links.c.digest == digest)
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            owner = await _owner(connection, row.person) if row.person is not None else None
            newcomer = Person.model_validate_json(row.newcomer) if row.newcomer else None
            return FoundLink(SignInLink.model_validate({**row._mapping, "newcomer": newcomer}), owner)

    async def use_link(self, digest: str, at: datetime) -> bool:
        """Use a link up; false where somebody has, or it has expired: of two at once one comes in."""
        unused = sign_in_links.c.used_at.is_(None) & (sign_in_links.c.expires_at > at)
        used = update(sign_in_links).where(sign_in_links.c.digest == digest, unused).values(used_at=at)
        async with self._store.writing() as connection:
            return (await connection.execute(used)).rowcount == 1

    async def begin(self, digest: str, session: BrowserSession) -> None:
        """Keep a new session, and forget those that have expired."""
        over = browser_sessions.c.expires_at <= session.began_at
        async with self._store.writing() as connection:
            await connection.execute(delete(browser_sessions).where(over))
            await connection.execute(browser_sessions.insert(), session.model_dump() | {"digest": digest})

    async def session(self, digest: str) -> FoundSession | None:
        """Return a session, with whose it is, whatever has become of either."""
        async with self._store.reading() as connection:
            query = select(*_SESSION).where(browser_sessions.c.digest == digest)
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            owner = await _owner(connection, row.person)
            return FoundSession(BrowserSession.model_validate(row._mapping), owner)

    async def used(self, digest: str, at: datetime) -> None:
        """Note that a session was used."""
        noted = update(browser_sessions).where(browser_sessions.c.digest == digest).values(used_at=at)
        async with self._store.writing() as connection:
            await connection.execute(noted)

    async def end(self, digest: str) -> None:
        """Forget a session."""
        async with self._store.writing() as connection:
            await connection.execute(delete(browser_sessions).where(browser_sessions.c.digest == digest))


_LINK = tuple(column for column in sign_in_links.c if column.name != "digest")
_SESSION = tuple(column for column in browser_sessions.c if column.name != "digest")


async def _owner(connection: AsyncConnection, name: str) -> KeptPerson:
    return kept_person((await connection.execute(select(people).where(people.c.name == name))).one()._mapping)
