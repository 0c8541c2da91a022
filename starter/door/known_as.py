"""By what somebody of the requester's side is known, where a private case is for some of them alone."""

from activities.people.credentials import Credentials
from domain.actor import Actor, Door
from domain.private import known_as
from starter.door.permission import is_ours
from starter.door.session import Session


async def known_for(session: Session, actor: Actor, private_to: str | None) -> tuple[str, ...]:
    """Return by what an actor is known, where that is asked for a case. Raises: Fault (unreachable)."""
    return () if private_to is None else await narrowed_to(session, actor) or ()


async def narrowed_to(session: Session, actor: Actor) -> tuple[str, ...] | None:
    """Return by what an actor is known, for a list of cases; None for whoever sees private ones, too.

    A mail address is that of the person of our store whose credential they came with. Raises: Fault.
    """
    name = actor.name
    if is_ours(actor):
        return None
    if name is None or actor.door is Door.CLI:
        return known_as(actor)
    kept = await session.read(lambda store: Credentials(store).person(name))
    mine = kept is not None and kept.person.tenant == actor.tenant
    return known_as(actor, kept.person.email if kept is not None and mine else None)
