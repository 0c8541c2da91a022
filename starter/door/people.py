"""Giving and taking credentials: who may come in, by which key, until when.

A key is shown to whoever made it, once; what is kept of it cannot be shown.
"""

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from activities.addresses import AddressInvalid, address_of
from activities.people.credentials import ApiKey, Credentials, KeptPerson
from activities.people.rota import Rota
from activities.people.tenant_records import TenantFilter, TenantRecords
from domain.actor import Actor
from domain.effects import Channel
from domain.people import Person
from starter.door.api_keys import make_key, prefix_of
from starter.door.faults import Fault, Kind, Way, usage
from starter.door.permission import may_give_credentials
from starter.door.plain import printable
from starter.door.policies_in_force import known_region
from starter.door.requests import shapeless
from starter.door.rota import Warnings
from starter.door.session import Session


class Added(NamedTuple):
    """Who was let in, and the warnings of the door: what each code means, in words."""

    person: Person
    warnings: Warnings


class Made(NamedTuple):
    """A key, whole, and what is kept of it."""

    secret: str
    key: ApiKey


class Listed(NamedTuple):
    """Somebody, and their keys, without secrets."""

    kept: KeptPerson
    keys: tuple[ApiKey, ...]


class Revoked(NamedTuple):
    """Whom or which key it was about, and how many keys were taken away by it."""

    what: str
    keys: int


async def add_person(
    session: Session, actor: Actor, fields: dict[str, Any], *, replace: bool = False
) -> Added:
    """Let somebody in, or change who they are with `replace`; by itself that opens nothing. Raises: Fault."""
    by = may_give_credentials(actor)
    person = _read(fields)
    if person.region is not None:
        known_region(person.region)
    warnings = await _against_our_records(session, person)
    async with session.write_store() as store:
        book = Credentials(store)
        kept = await book.person(person.name)
        if kept is not None and not replace and (kept.person != person or kept.revoked_at is not None):
            raise _is_there(kept)
        if person.email and (other := await book.by_email(person.email)) and other.person.name != person.name:
            raise _has_address(person.email, other)
        await book.put(person, by, session.now())
    return Added(person, warnings)


def _read(fields: dict[str, Any]) -> Person:
    try:
        person = Person.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise shapeless(error) from None
    try:
        is_mail = person.email is None or address_of(person.email).channel is Channel.EMAIL
    except AddressInvalid:
        is_mail = False
    if not is_mail:
        raise usage("email: give one mail address, such as kim@example.com", "mend the address", "email")
    return person


async def _against_our_records(session: Session, person: Person) -> Warnings:
    """See that who takes cases is in the rota, if there is one, and warn of a tenant nobody has listed."""
    async with session.write_store() as store:
        people = await Rota(store).people() if person.takes_cases else ()
        tenants = await TenantRecords(store).records(TenantFilter(limit=1)) if person.tenant else ()
        is_listed = bool(tenants) and await TenantRecords(store).record(person.tenant or "") is not None
    if people and person.name not in {one.engineer.name for one in people}:
        reason = f"{printable(person.name)} is not in the rota, and could take no case"
        raise Fault(Kind.REFUSED, "EngineerNotFound", reason, "capitals count", way=Way.SEE_ROTA)
    if tenants and not is_listed:
        return {"TenantNotListed": f"the directory does not list {printable(person.tenant or '')}"}
    return {}


async def give_key(session: Session, actor: Actor, name: str, ends: datetime) -> Made:
    """Make a key for somebody who was let in; it ends at `ends` (UTC). Raises: Fault."""
    by = may_give_credentials(actor)
    made = make_key()
    async with session.write_store() as store:
        kept = await Credentials(store).person(name.strip())
        if kept is None or kept.revoked_at is not None:
            raise _nobody(name)
        key = ApiKey(
            prefix=made.prefix, person=kept.person.name, made_at=session.now(), made_by=by, expires_at=ends
        )
        await Credentials(store).add_key(key, made.digest)
    return Made(made.key, key)


async def list_people(session: Session, actor: Actor) -> tuple[Listed, ...]:
    """List who may come in, by name, and by which keys. Raises: Fault."""
    may_give_credentials(actor)
    people = await session.read(lambda store: Credentials(store).people())
    keys = await session.read(lambda store: Credentials(store).keys())
    return tuple(Listed(one, tuple(key for key in keys if key.person == one.person.name)) for one in people)


async def revoke(session: Session, actor: Actor, what: str) -> Revoked:
    """Take one key away, by its prefix or the whole of it, or all that somebody has. Raises: Fault.

    It counts from the next request on: nothing is remembered of a key between two.
    """
    by, asked = may_give_credentials(actor), what.strip()
    prefix = prefix_of(asked) or asked
    async with session.write_store() as store:
        book, now = Credentials(store), session.now()
        if await book.find_key(prefix) is not None:
            return Revoked(prefix, await book.revoke_key(prefix, by, now))
        if await book.person(asked) is None:
            raise _nobody(asked)
        return Revoked(asked, await book.revoke_person(asked, by, now))


def _nobody(name: str) -> Fault:
    reason = f"nobody called {printable(name.strip()[:60])} may come in, and no key begins so"
    return Fault(Kind.NOT_FOUND, "PersonNotFound", reason, "capitals count", way=Way.SEE_PEOPLE)


def _is_there(kept: KeptPerson) -> Fault:
    stands = "had their credentials taken" if kept.revoked_at else "is there as somebody else"
    reason = f"{printable(kept.person.name)} {stands}"
    return Fault(Kind.CONFLICT, "PersonExists", reason, "change them on purpose", way=Way.REPLACE_PERSON)


def _has_address(email: str, other: KeptPerson) -> Fault:
    reason = f"{printable(email)} is the address of {printable(other.person.name)}"
    return Fault(Kind.CONFLICT, "AddressTaken", reason, "give another address", ("email",))
