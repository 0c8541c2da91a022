"""Who is at the door: a credential becomes an actor, and nothing a caller says of themselves does.

Unknown, expired and revoked get one answer; the audit alone says which it was.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activities.people.credentials import USED_EVERY, ApiKey, Credentials, FoundKey, KeptPerson
from domain.actor import Actor, Door
from starter.door.api_keys import BEGIN, is_key_of, prefix_of
from starter.door.audit import note_refusal
from starter.door.faults import Fault, unauthenticated
from starter.door.session import Session

_log = logging.getLogger("sunrelay.door")


@dataclass(frozen=True)
class Caller:
    """Who speaks, and by which credential: a key's prefix, or `issuer/subject`. No secret is in it."""

    actor: Actor
    credential: str


@dataclass(frozen=True)
class Subject:
    """Whom an identity provider vouches for. `email` is None unless the provider has verified it."""

    issuer: str
    subject: str
    email: str | None = None

    @property
    def credential(self) -> str:
        """The subject as the audit names it."""
        return f"{self.issuer}/{self.subject}"


class TokenReader(Protocol):
    """Reads the tokens of an identity provider."""

    async def read(self, token: str, now: datetime) -> Subject:
        """Return whom a token vouches for. Raises: Fault (unauthenticated, unreachable)."""


async def authenticate(
    session: Session, bearer: str, *, door: Door, asked: str, tokens: TokenReader | None = None
) -> Caller:
    """Return who presents this key or token, as they speak through this door.

    `bearer` is what stands behind `Bearer` in a request, "" where nothing does; `asked` is the door's own
    word for what was wanted. Raises: Fault (unauthenticated, one answer for all; unreachable).
    """
    presented = bearer.strip()
    prefix = prefix_of(presented)
    try:
        if tokens is None or not presented or presented.startswith(BEGIN):
            return await _by_key(session, presented, prefix, door)
        return await _admit(session, await tokens.read(presented, session.now()), door)
    except _Unknown as unknown:
        fault, credential = unauthenticated(unknown.why), unknown.credential
    except Fault as refused:
        fault, credential = refused, None
    await note_refusal(session, fault, door=door, asked=asked, credential=credential, actor=None)
    raise fault


class _Unknown(Exception):
    """Nobody we let in: `why`, and by which credential of ours, where it is one."""

    def __init__(self, why: str, credential: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.credential = credential


async def _by_key(session: Session, presented: str, prefix: str | None, door: Door) -> Caller:
    found = await session.read(lambda store: Credentials(store).find_key(prefix or ""))
    if not is_key_of(presented, found.digest if found else None) or found is None:
        raise _Unknown("unknown" if presented else "missing", found.key.prefix if found else None)
    now = session.now()
    if why := _why_not(found, now):
        raise _Unknown(why, found.key.prefix)
    await _note_use(session, found.key, now)
    return Caller(found.owner.person.actor(door), found.key.prefix)


def _why_not(found: FoundKey, now: datetime) -> str | None:
    """Say why a key opens nothing; it ends at the instant it expires."""
    if found.key.revoked_at is not None or found.owner.revoked_at is not None:
        return "revoked"
    return "expired" if now >= found.key.expires_at else None


async def _note_use(session: Session, key: ApiKey, now: datetime) -> None:
    """Write when a key was last used, at most once a minute; a store that is full locks nobody out."""
    if key.used_at is not None and now - key.used_at < USED_EVERY:
        return
    with suppress(Fault):
        async with session.write_store() as store:
            await Credentials(store).used(key.prefix, now)


async def admitted(session: Session, subject: Subject, door: Door, *, asked: str) -> Caller:
    """Return the person of the store a provider vouches for. Raises: Fault (unauthenticated, unreachable)."""
    try:
        return await _admit(session, subject, door)
    except _Unknown as unknown:
        fault = unauthenticated(unknown.why)
        await note_refusal(session, fault, door=door, asked=asked, credential=unknown.credential, actor=None)
    raise fault


async def _admit(session: Session, subject: Subject, door: Door) -> Caller:
    """Return the person of the store a provider vouches for.

    Who is known by their subject is that person; else who has the verified address and was never bound to a
    subject, and from then on is: an address that is given to somebody else later opens nothing.
    """
    known = await session.read(
        lambda store: Credentials(store).by_subject(subject.issuer, subject.subject)
    ) or await _first_time(session, subject)
    if known is None:
        raise _Unknown("nobody of ours", subject.credential)
    if known.revoked_at is not None:
        raise _Unknown("revoked", subject.credential)
    return Caller(known.person.actor(door), subject.credential)


async def _first_time(session: Session, subject: Subject) -> KeptPerson | None:
    email = subject.email
    if email is None:
        return None
    known = await session.read(lambda store: Credentials(store).by_email(email))
    if known is None or known.subject is not None or known.revoked_at is not None:
        return None
    async with session.write_store() as store:
        is_bound = await Credentials(store).bind(known.person.name, subject.issuer, subject.subject)
    return known if is_bound else None
