"""Cases behind the links of our letters: read by whoever has one, until it ends or our staff take it back."""

from activities.people.case_links import RevokedCaseLinks
from activities.store.case_store import CaseStore
from activities.words.case_links import CaseTicket
from domain.actor import Actor, ActorKind, Door
from domain.case import Case
from domain.views import staff
from starter.door.case_reader import STORE, Seen, find_for
from starter.door.faults import Fault, Kind
from starter.door.permission import staff_only
from starter.door.session import Session


async def case_behind(session: Session, ticket: CaseTicket) -> tuple[Seen, Actor]:
    """Return the case a link is about, and as whom its holder reads it: a customer without a name.

    Raises: Fault: not found, one for a link that has ended, was taken back, or whose case is not kept.
    """
    case = await session.read(lambda store: _kept(store, ticket.case_id))
    revoked = await session.read(lambda store: RevokedCaseLinks(store).revoked_at(ticket.case_id))
    is_back = revoked is not None and ticket.made_at <= revoked
    if case is None or is_back or session.now() > ticket.until:
        raise Fault(Kind.NOT_FOUND, "LinkEnded", "this link opens nothing any more", "use a newer one")
    reader = Actor(kind=ActorKind.CUSTOMER, tenant=case.request.tenant, door=Door.PORTAL)
    return Seen(staff.view(case), STORE, case), reader


async def _kept(store: CaseStore, case_id: str) -> Case | None:
    file = await store.files.latest(case_id)
    return file.case if file is not None else await store.case_record(case_id)


async def revoke_case_links(session: Session, actor: Actor, case: str) -> str:
    """Take back every link to a case that is out; return its id. Raises: Fault."""
    by = staff_only(actor, "taking links back")
    case_id = await find_for(session, actor, case)
    async with session.write_store() as store:
        await RevokedCaseLinks(store).revoke(case_id, by, session.now())
    return case_id
