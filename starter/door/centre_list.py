"""The centres as they are now, read from our store alone: no engine is asked, nor loaded."""

from datetime import datetime
from typing import NamedTuple

from activities.people.closures import Closure, Closures
from activities.people.rosters import Rosters
from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.centres.regions import Roster, RosterRequest
from starter.door.permission import staff_only
from starter.door.policies_in_force import policy_named
from starter.door.session import Session

_WHAT = "the list of centres"


class Centres(NamedTuple):
    """The centres of a policy at an instant, and which of them somebody has closed."""

    roster: Roster
    closures: tuple[Closure, ...]


async def centres_now(session: Session, actor: Actor, policy: str, now: datetime) -> Centres:
    """Read the centres of a policy as they are. Raises: Fault (refused, unreachable)."""
    staff_only(actor, _WHAT)
    names = tuple(policy_named(policy).regions)

    async def read(store: CaseStore) -> Centres:
        running = await Closures(store).closed(names, now, now)
        return Centres(await Rosters(store).read(RosterRequest(policy=policy, at=now)), running)

    return await session.read(read)
