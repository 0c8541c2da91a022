"""Who may speak, and by which keys: written, found, taken away. Of a key only its sha256 is ever here.

This room keeps rows; what a credential allows is the doors' and the domain's to say.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, delete, or_, select, update

from activities.store.credential_tables import api_keys, browser_sessions, people, sign_in_links
from activities.store.database import Database
from domain.frozen import Frozen
from domain.people import Person

USED_EVERY = timedelta(minutes=1)
"""How often the last use of a key is written at most (ours): each request would cost a write."""


class KeptPerson(Frozen):
    """Somebody as they are kept; every instant UTC. Who was revoked has no way in, by key or by provider."""

    person: Person
    changed_by: str
    changed_at: datetime
    revoked_at: datetime | None = None
    issuer: str | None = None
    subject: str | None = None


class ApiKey(Frozen):
    """A key without its secret; every instant UTC. It ends at `expires_at`, half-open."""

    prefix: str
    person: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    used_at: datetime | None = None


class FoundKey(NamedTuple):
    """A key, the sha256 (hex) it is told by, and whose it is."""

    key: ApiKey
    digest: str
    owner: KeptPerson


_KEY = tuple(column for column in api_keys.c if column.name != "digest")
_PERSON = tuple(people.c)
_OWNER = tuple(column.label(f"owner_{column.name}") for column in people.c)
# Put together once: that takes longer than carrying it out.
_FIND_KEY = select(*api_keys.c, *_OWNER).join(people).where(api_keys.c.prefix == bindparam("shown"))


class Credentials:
    """Keep people and keys in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def person(self, name: str) -> KeptPerson | None:
        """Return one person, named exactly."""
        return await self._one(select(*_PERSON).where(people.c.name == name))

    async def by_email(self, email: str) -> KeptPerson | None:
        """Return whose mail address this is; capitals do not count."""
        return await self._one(select(*_PERSON).where(people.c.email == email.casefold()))

    async def by_subject(self, issuer: str, subject: str) -> KeptPerson | None:
        """Return who an identity provider means."""
        whose = and_(people.c.issuer == issuer, people.c.subject == subject)
        return await self._one(select(*_PERSON).where(whose))

    async def people(self) -> tuple[KeptPerson, ...]:
        """List everybody by name."""
        async with self._store.reading() as connection:
            found = await connection.execute(select(*_PERSON).order_by(people.c.name))
            return tuple(kept_person(row._mapping) for row in found)

    async def keys(self, person: str | None = None) -> tuple[ApiKey, ...]:
        """List the keys, of all or of one person, the oldest first."""
        query = select(*_KEY).order_by(api_keys.c.made_at, api_keys.c.prefix)
        if person is not None:
            query = query.where(api_keys.c.person == person)
        async with self._store.reading() as connection:
            return tuple(ApiKey.model_validate(row._mapping) for row in await connection.execute(query))

    async def find_key(self, prefix: str) -> FoundKey | None:
        """Return a key by its prefix, with whose it is, whatever has become of either."""
        async with self._store.reading() as connection:
            row = (await connection.execute(_FIND_KEY, {"shown": prefix})).one_or_none()
        if row is None:
            return None
        values = dict(row._mapping)
        owner = {column.name: values.pop(f"owner_{column.name}") for column in people.c}
        digest = values.pop("digest")
        return FoundKey(ApiKey.model_validate(values), digest, kept_person(owner))

    async def put(self, person: Person, by: str, at: datetime) -> None:
        """Write a person, new or changed. Who was revoked is let in again, by a new key or their provider.

        Whom a provider means by them is forgotten where their address changes, or they were revoked.
        """
        row = _row(person, by, at)
        async with self._store.writing() as connection:
            changed = update(people).where(people.c.name == person.name).values(row | _binding(row["email"]))
            if not (await connection.execute(changed)).rowcount:
                await connection.execute(people.insert(), row)

    async def add(self, person: Person, by: str, at: datetime) -> bool:
        """Write somebody new; false where somebody has their name or address, who stays as they are."""
        async with self._store.writing() as connection:
            done = await connection.execute(self._store.insert_new(people), _row(person, by, at))
        return done.rowcount == 1

    async def add_key(self, key: ApiKey, digest: str) -> None:
        """Keep a new key."""
        async with self._store.writing() as connection:
            await connection.execute(api_keys.insert(), key.model_dump() | {"digest": digest})

    async def used(self, prefix: str, at: datetime) -> None:
        """Note the use of a key, at most once a minute."""
        long_ago = or_(api_keys.c.used_at.is_(None), api_keys.c.used_at <= at - USED_EVERY)
        noted = update(api_keys).where(api_keys.c.prefix == prefix, long_ago).values(used_at=at)
        async with self._store.writing() as connection:
            await connection.execute(noted)

    async def bind(self, name: str, issuer: str, subject: str) -> bool:
        """Note once and for all whom a provider means by a person; false where that was noted before."""
        unbound = and_(people.c.name == name, people.c.subject.is_(None))
        async with self._store.writing() as connection:
            done = await connection.execute(
                update(people).where(unbound).values(issuer=issuer, subject=subject)
            )
        return done.rowcount == 1

    async def revoke_key(self, prefix: str, by: str, at: datetime) -> int:
        """Take one key away; 0 where it had been before."""
        async with self._store.writing() as connection:
            gone = await connection.execute(_REVOKE.where(api_keys.c.prefix == prefix), _stamp(by, at))
        return gone.rowcount

    async def revoke_person(self, name: str, by: str, at: datetime) -> int:
        """Take a person's every way in, and say how many keys that were."""
        async with self._store.writing() as connection:
            gone = await connection.execute(_REVOKE.where(api_keys.c.person == name), _stamp(by, at))
            shut = update(people).where(people.c.name == name, people.c.revoked_at.is_(None))
            await connection.execute(shut.values(revoked_at=at, changed_by=by, changed_at=at))
            for ways in (sign_in_links, browser_sessions):
                await connection.execute(delete(ways).where(ways.c.person == name))
        return gone.rowcount

    async def _one(self, query: Select[Any]) -> KeptPerson | None:
        async with self._store.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else kept_person(row._mapping)


_REVOKE = update(api_keys).where(api_keys.c.revoked_at.is_(None))


def _binding(email: object) -> dict[str, object]:
    stays = and_(people.c.email.is_not_distinct_from(email), people.c.revoked_at.is_(None))
    return {name: case((stays, people.c[name]), else_=None) for name in ("issuer", "subject")}


def _stamp(by: str, at: datetime) -> dict[str, object]:
    return {"revoked_by": by, "revoked_at": at}


def _row(person: Person, by: str, at: datetime) -> dict[str, object]:
    return {
        "name": person.name,
        "record": person.model_dump_json(exclude_defaults=True),
        "email": person.email.casefold() if person.email else None,
        "changed_by": by,
        "changed_at": at,
        "revoked_at": None,
    }


def kept_person(values: Mapping[Any, Any]) -> KeptPerson:
    """Read a person from the values of their row."""
    return KeptPerson(
        person=Person.model_validate_json(values["record"]),
        changed_by=values["changed_by"],
        changed_at=values["changed_at"],
        revoked_at=values["revoked_at"],
        issuer=values["issuer"],
        subject=values["subject"],
    )
