"""What the rota and the centres know: are people known, where do they belong, which centre is open.

It only reads. Where the store cannot be reached nothing is said: the case decides.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeVar

from activities.people.rosters import Rosters
from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from domain.actor import Actor, Role
from domain.centres.regions import Centre, RosterRequest
from policies import PolicyInvalid, PolicyUnknown
from starter.door.faults import Fault, Kind, Way
from starter.door.plain import moment, printable
from starter.door.session import Session

T = TypeVar("T")

Warnings = Mapping[str, str]
"""Warnings of the door itself: what each code means, in words."""


async def assignee_is_known(session: Session, assignee: str | None) -> None:
    """See that a case is given to somebody of the rota, if there is one.

    Raises: Fault (not found) with EngineerNotFound.
    """
    name = (assignee or "").strip()
    people = await _read(session, lambda store: Rota(store).people()) if name else None
    if people and name not in {one.engineer.name for one in people}:
        reason = f"there is no engineer {printable(name[:200])} in the rota"
        raise Fault(Kind.NOT_FOUND, "EngineerNotFound", reason, "capitals count", way=Way.SEE_ROTA)


async def speaker_is_known(session: Session, actor: Actor) -> None:
    """See that whoever takes a case is in the rota, if there is one; the TSS and the SDM are in none.

    Raises: Fault (refused) with EngineerNotFound.
    """
    if not actor.is_staff or actor.name is None or actor.role in (Role.TSS, Role.SDM):
        return
    people = await _read(session, lambda store: Rota(store).people())
    if people and actor.name not in {one.engineer.name for one in people}:
        reason = f"{printable(actor.name[:200])} is not in the rota, and takes no case"
        raise Fault(Kind.REFUSED, "EngineerNotFound", reason, "capitals count", way=Way.SEE_ROTA)


async def at_their_centre(session: Session, actor: Actor) -> Actor:
    """Return the actor with the centre they have checked in at, else their own, where the door names none.

    Who is in no rota speaks for whichever centre it is.
    """
    if actor.region is not None or actor.name is None:
        return actor
    now = session.now()
    for one in await _read(session, lambda store: Rota(store).people()) or ():
        if one.engineer.name == actor.name:
            here = one.region if one.is_on_shift(now) else None
            return actor.model_copy(update={"region": here or one.engineer.region})
    return actor


async def centre_is_open(session: Session, case_id: str, name: str, *, anyway: bool) -> Warnings:
    """See that a case is handed to a centre that is open now; `anyway` warns of what becomes of it.

    Raises: Fault (refused) with CentreClosed, and when the centre opens.
    """
    now = session.now()
    centre = await _read(session, lambda store: _centre(store, case_id, name, now))
    if centre is None or centre.span_at(now) is not None:
        return {}
    opens = centre.opens_after(now)
    until = f"until {moment(opens)}" if opens else "for two days at least"
    if not anyway:
        reason, remedy = f"{centre.name} is closed {until}", "choose a centre that is open, or do it anyway"
        raise Fault(Kind.REFUSED, "CentreClosed", reason, remedy, way=Way.ANYWAY)
    goes = "a case that follows the sun goes on at once to a centre that is open; any other waits there"
    return {"CentreClosed": f"{centre.name} is closed {until}; {goes}"}


async def _centre(store: CaseStore, case_id: str, name: str, now: datetime) -> Centre | None:
    row = await store.case_row(case_id)
    if row is None:
        return None
    try:
        return (await Rosters(store).read(RosterRequest(policy=row.policy, at=now))).centre(name)
    except (PolicyInvalid, PolicyUnknown):
        return None


async def _read(session: Session, read: Callable[[CaseStore], Awaitable[T]]) -> T | None:
    try:
        return await session.read(read)
    except Fault:
        return None
