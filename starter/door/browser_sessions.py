"""How somebody comes in with a browser: by a link of use once, into a session that ends by itself.

A link is shown to whoever made it, once. Looking at what it leads to uses nothing up, for mail scanners and
chat programs look at every link; saying yes there does. Of link and session the store has the sha256 alone:
whoever reads it can be nobody by it. What a form carries (`form_token`) is made from the session's secret.
"""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import NamedTuple

from activities.people.browser_sessions import (
    USED_EVERY,
    BrowserSession,
    BrowserSessions,
    FoundLink,
    FoundSession,
    SignInLink,
)
from activities.people.credentials import Credentials, KeptPerson
from domain.actor import Actor, Door
from domain.people import Person
from starter.door.audit import note_refusal
from starter.door.faults import Fault, Kind, Way, unauthenticated
from starter.door.identity import Caller
from starter.door.newcomers import let_in
from starter.door.permission import may_give_credentials
from starter.door.plain import printable
from starter.door.session import Session

LINK_OPENS_FOR = timedelta(minutes=15)
"""How long a link opens (ours): long enough to be pasted, too short to be found lying about."""

LASTS = timedelta(hours=12)
"""How long a session lasts (ours): a shift and what comes before and after it."""

IDLE = timedelta(hours=4)
"""How long nobody may use a session (ours); a board that is only looked at is used by its reader."""

_RANDOM = 32  # bytes: 256 bits


class NewLink(NamedTuple):
    """A link that was just made: its secret, whose it is, and until when it opens (UTC)."""

    secret: str
    person: str
    expires_at: datetime


class Begun(NamedTuple):
    """A session that was just begun: its secret, who speaks in it, and until when at most (UTC)."""

    secret: str
    caller: Caller
    expires_at: datetime


@dataclass(frozen=True)
class Known:
    """Who speaks in a session that is open, what its forms carry, and until when it is (UTC)."""

    caller: Caller
    form_token: str
    expires_at: datetime


async def make_link(session: Session, actor: Actor, name: str) -> NewLink:
    """Make a link for somebody who was let in. Raises: Fault."""
    by, now, secret = may_give_credentials(actor), session.now(), token_urlsafe(_RANDOM)
    async with session.write_store() as store:
        kept = await Credentials(store).person(name.strip())
        if kept is None or kept.revoked_at is not None:
            reason = f"nobody called {printable(name.strip()[:60])} may come in"
            raise Fault(Kind.NOT_FOUND, "PersonNotFound", reason, "capitals count", way=Way.SEE_PEOPLE)
        person, ends = kept.person.name, now + LINK_OPENS_FOR
        link = SignInLink(person=person, made_at=now, made_by=by, expires_at=ends)
        await BrowserSessions(store).add_link(_digest(secret), link)
    return NewLink(secret, person, ends)


async def see_link(session: Session, secret: str) -> str:
    """Return whom a link would sign in, and use nothing up. Raises: Fault (unauthenticated)."""
    found = await session.read(lambda store: BrowserSessions(store).link(_digest(secret)))
    if why := _why_not_link(found, session.now()):
        raise unauthenticated(f"link: {why}")
    assert found is not None
    link = found.link
    return link.person or (link.newcomer.name if link.newcomer else "")


async def make_link_for(session: Session, whom: KeptPerson | Person, by: str) -> NewLink:
    """Make a link for somebody of the store, or for a newcomer, whom its use lets in. Raises: Fault."""
    now, secret = session.now(), token_urlsafe(_RANDOM)
    link = SignInLink(made_at=now, made_by=by, expires_at=now + LINK_OPENS_FOR)
    person = whom.person if isinstance(whom, KeptPerson) else whom
    whose = {"person": person.name} if isinstance(whom, KeptPerson) else {"newcomer": person}
    async with session.write_store() as store:
        await BrowserSessions(store).add_link(_digest(secret), link.model_copy(update=whose))
    return NewLink(secret, person.name, link.expires_at)


async def come_in(session: Session, secret: str, door: Door) -> Begun:
    """Use a link up and begin a session. Raises: Fault (unauthenticated, one answer for all)."""
    digest, now = _digest(secret), session.now()
    found = await session.read(lambda store: BrowserSessions(store).link(digest))
    why = _why_not_link(found, now)
    if not why:
        async with session.write_store() as store:
            why = "" if await BrowserSessions(store).use_link(digest, now) else "used"
    person = found.owner.person if found and found.owner else None
    if found is not None and found.link.newcomer is not None and not why:
        person = await let_in(session, found.link.newcomer, found.link.made_by)
        why = "" if person is not None else "revoked"
    if why or person is None:
        fault = unauthenticated(f"link: {why}")
        credential = _named("link", digest) if found else None
        await note_refusal(session, fault, door=door, asked="sign in", credential=credential, actor=None)
        raise fault
    return await begin(session, Caller(person.actor(door), _named("link", digest)))


async def begin(session: Session, caller: Caller) -> Begun:
    """Begin a session for somebody who has just proved who they are. Raises: Fault (unreachable)."""
    secret, now = token_urlsafe(_RANDOM), session.now()
    ends = now + LASTS
    begun = BrowserSession(
        person=caller.actor.label, began_by=caller.credential, began_at=now, expires_at=ends, used_at=now
    )
    async with session.write_store() as store:
        await BrowserSessions(store).begin(_digest(secret), begun)
    return Begun(secret, caller, ends)


async def who_is_in(session: Session, secret: str, door: Door) -> Known:
    """Return whose session this is, and note that it is used. Raises: Fault (unauthenticated)."""
    digest, now = _digest(secret), session.now()
    found = await session.read(lambda store: BrowserSessions(store).session(digest))
    if why := _why_not_session(found, now):
        raise unauthenticated(f"session: {why}")
    assert found is not None
    if now - found.session.used_at >= USED_EVERY:
        with suppress(Fault):  # a store that is full signs nobody out
            async with session.write_store() as store:
                await BrowserSessions(store).used(digest, now)
    caller = Caller(found.owner.person.actor(door), _named("session", digest))
    return Known(caller, form_token(secret), found.session.expires_at)


async def sign_out(session: Session, secret: str) -> None:
    """End a session. Raises: Fault (unreachable)."""
    async with session.write_store() as store:
        await BrowserSessions(store).end(_digest(secret))


def form_token(secret: str) -> str:
    """Return what the forms of a session carry, so that no other site can send them."""
    return hmac.new(secret.encode(), b"form", sha256).hexdigest()


def is_form_token(given: str, known: Known) -> bool:
    """Tell whether a form was made for this session."""
    return hmac.compare_digest(given.encode(), known.form_token.encode())


def _why_not_link(found: FoundLink | None, now: datetime) -> str:
    """Say why a link opens nothing; it ends at the instant it expires."""
    if found is None:
        return "unknown"
    if found.owner is not None and found.owner.revoked_at is not None:
        return "revoked"
    if found.link.used_at is not None:
        return "used"
    return "expired" if now >= found.link.expires_at else ""


def _why_not_session(found: FoundSession | None, now: datetime) -> str:
    """Say why a session is over."""
    if found is None:
        return "unknown"
    if found.owner.revoked_at is not None:
        return "revoked"
    if now >= found.session.expires_at:
        return "expired"
    return "idle" if now - found.session.used_at >= IDLE else ""


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _named(what: str, digest: str) -> str:
    """Name a link or session as the audit does, by what cannot be used."""
    return f"{what}/{digest[:12]}"
