"""What a door asks the rota and the centres before it speaks: is he known, where does he belong, who is open.

Part of the doors. It only reads. A door that cannot reach the store speaks without: the case decides.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from starter.door import Door
from starter.faults import Exit, Fault
from starter.output import moment, printable
from starter.receipts import Warnings
from starter.store import stored

if TYPE_CHECKING:
    from activities.case_store import CaseStore
    from domain.regions import Centre
    from starter.saying import Fields

T = TypeVar("T")


async def assignee_is_known(door: Door, said: "Fields") -> Warnings:
    """This will see that a case is given to somebody of the rota, if there is one.

    Raises: Fault (not found) with EngineerNotFound.
    """
    from activities.rota import Rota

    name = (said["assignee"] or "").strip()
    people = await _read(door, lambda store: Rota(store).people()) if name else None
    if people and name not in {one.engineer.name for one in people}:
        reason = f"there is no engineer {printable(name[:200])} in the rota"
        raise Fault(Exit.NOT_FOUND, "EngineerNotFound", reason, "see sunrelay rota; capitals count")
    return {}


async def speaks_for_his_centre(door: Door, said: "Fields") -> Warnings:
    """This will look up where who speaks has checked in, else where he belongs, if his door does not say.

    Who is in no rota speaks as before: for whichever centre it is.
    """
    from activities.rota import Rota

    actor, now = door.actor, datetime.now(UTC)
    if actor.region is None and actor.name is not None:
        people = await _read(door, lambda store: Rota(store).people()) or ()
        for one in people:
            if one.engineer.name == actor.name:
                here = one.region if one.is_on_shift(now) else None
                door.stands_at(here or one.engineer.region)
    return {}


async def centre_is_open(door: Door, said: "Fields") -> Warnings:
    """This will warn that a case is handed to a centre that is closed now, and what becomes of it."""
    now = datetime.now(UTC)
    centre = await _read(door, lambda store: _centre(store, said["case"], said["to"], now))
    if centre is None or centre.span_at(now) is not None:
        return {}
    opens = centre.opens_after(now)
    until = f"until {moment(opens)}" if opens else "for two days at least"
    goes = "a case that follows the sun goes on at once to a centre that is open; any other waits there"
    return {"CentreClosed": f"{centre.name} is closed {until}; {goes}"}


async def _centre(store: "CaseStore", case_id: str, name: str, now: datetime) -> "Centre | None":
    from activities.rosters import Rosters
    from domain.regions import RosterRequest
    from policies import PolicyInvalid, PolicyUnknown

    row = await store.case_row(case_id)
    if row is None:
        return None
    try:
        return (await Rosters(store).read(RosterRequest(policy=row.policy, at=now))).centre(name)
    except (PolicyInvalid, PolicyUnknown):
        return None


async def _read(door: Door, read: "Callable[[CaseStore], Awaitable[T]]") -> T | None:
    try:
        return await stored(door, read)
    except Fault:
        return None
