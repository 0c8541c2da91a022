"""By which clock somebody reads: their own of the rota, or their centre's, else UTC."""

from zoneinfo import ZoneInfo

from activities.people.rota import Rota
from domain.actor import Actor
from starter.door.policies_in_force import known_regions
from starter.door.session import Session

UTC_ZONE = ZoneInfo("UTC")


async def zone_of(session: Session, actor: Actor) -> ZoneInfo:
    """Return the zone in which instants are shown to somebody. Raises: Fault (unreachable)."""
    name = actor.name
    engineer = await session.read(lambda store: Rota(store).engineer(name)) if name else None
    if engineer is not None and engineer.zone is not None:
        return ZoneInfo(engineer.zone)
    region = actor.region or (engineer.region if engineer else None)
    rule = known_regions().get(region or "")
    return ZoneInfo(rule.zone) if rule else UTC_ZONE
