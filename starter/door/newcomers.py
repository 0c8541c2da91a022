"""People of the requester's side who are let in because a case names them: who that is, and by which name.

Their mail address is that of a case's contact, and the case's tenant is theirs. It is compared letter by
letter, capitals aside, and a letter goes to the address as the case has it: an address that only looks the
same leads nobody in. Nobody is made before they have used what was mailed there.
"""

from collections.abc import Iterator
from typing import NamedTuple

from activities.people.credentials import Credentials, KeptPerson
from activities.people.rota import Rota
from activities.store.case_keys import cases_by_mail
from activities.store.case_store import CaseStore
from domain.actor import ActorKind, Role
from domain.case import Case
from domain.mailbox import MailboxInvalid, mailbox
from domain.people import Person
from starter.door.session import Session

_REQUESTERS = frozenset({ActorKind.CUSTOMER, ActorKind.PARTNER})
_MOST_NAMES = 50


class OfSeveral(NamedTuple):
    """An address that cases of several tenants name: whose cases they may see is for our staff to say."""

    email: str


async def requester_at(session: Session, email: str) -> KeptPerson | Person | OfSeveral | None:
    """Return whose address this is: somebody of the requester's side who was let in, or a newcomer.

    None for nobody, for our own people, and for whoever was shut out. Raises: Fault (unreachable).
    """
    try:
        address = mailbox(email.strip())
    except MailboxInvalid:
        return None
    kept = await session.read(lambda store: Credentials(store).by_email(address))
    if kept is not None:
        is_theirs = kept.person.side in _REQUESTERS and kept.revoked_at is None
        return kept if is_theirs else None
    return await session.read(lambda store: _named_in_cases(store, address))


async def let_in(session: Session, newcomer: Person, by: str) -> Person | None:
    """Let a newcomer in under a name that nobody has; None where their address was shut out meanwhile."""
    async with session.write_store() as store:
        book = Credentials(store)
        for name in _names(newcomer):
            kept = await book.by_email(newcomer.email or "")
            if kept is not None:
                return kept.person if kept.revoked_at is None else None
            if await Rota(store).engineer(name) is not None:
                continue
            person = newcomer.model_copy(update={"name": name})
            if await book.add(person, by, session.now()):
                return person
    return None


def _names(newcomer: Person) -> Iterator[str]:
    """Say by which names somebody may go, the best first; the address makes most of them their own."""
    yield newcomer.name
    yield f"{newcomer.name} ({newcomer.email})"[:200]
    yield from (f"{newcomer.name[:60]} ({newcomer.email}) {number}"[:200] for number in range(2, _MOST_NAMES))


async def _named_in_cases(store: CaseStore, address: str) -> Person | OfSeveral | None:
    found: dict[str, Person] = {}
    for case in [await _case(store, case_id) for case_id in await cases_by_mail(store, address)]:
        contact = case.contact if case else None
        if case is None or contact is None or contact.email is None:
            continue
        if contact.email.casefold() == address.casefold():
            tenant = case.request.tenant
            person = Person(name=contact.name, role=Role.CUSTOMER, tenant=tenant, email=contact.email)
            found.setdefault(tenant, person)
    first = next(iter(found.values()), None)
    return OfSeveral(first.email or address) if first is not None and len(found) > 1 else first


async def _case(store: CaseStore, case_id: str) -> Case | None:
    file = await store.files.latest(case_id)
    return file.case if file is not None else await store.case_record(case_id)
