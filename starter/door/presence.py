"""Who is there now: checking an engineer in and out, and saying that they are away."""

from datetime import datetime, timedelta

from activities.people.rota import Rota
from domain.actor import Actor
from domain.centres.rota import Engineer, Presence, stays_until
from policies.opening_hours import planned_hours
from starter.door.faults import Fault, Kind, Way
from starter.door.permission import staff_only
from starter.door.plain import printable
from starter.door.policies_in_force import known_region, known_regions
from starter.door.session import Session

_WHAT = "the rota"
_DAY = timedelta(days=1)


async def check_in(
    session: Session, actor: Actor, name: str, guest_of: str | None, at: datetime, until: datetime | None
) -> Presence:
    """Check an engineer in from `at` until `until`, else until the shift ends. Raises: Fault."""
    by = staff_only(actor, _WHAT)
    region = None if guest_of is None else known_region(guest_of)
    async with session.write_store() as store:
        rota = Rota(store)
        engineer = await rota.engineer(name.strip())
        if engineer is None:
            raise _nobody(name)
        ends = until or _shift_ends_at(engineer, region, at)
        return _known(name, await rota.check_in(engineer.name, at, by, region, ends))


async def check_out(session: Session, actor: Actor, name: str) -> bool:
    """Check an engineer out; return whether they were in. Raises: Fault."""
    by = staff_only(actor, _WHAT)
    async with session.write_store() as store:
        was_in = await Rota(store).check_out(name.strip(), session.now(), by)
    if was_in is None:
        raise _nobody(name)
    return was_in


async def go_away(
    session: Session, actor: Actor, name: str, at: datetime, until: datetime | None
) -> Presence:
    """Say that an engineer is away from `at` until they check in, or `until`. Raises: Fault."""
    by = staff_only(actor, _WHAT)
    async with session.write_store() as store:
        return _known(name, await Rota(store).away(name.strip(), at, until, by))


def _shift_ends_at(engineer: Engineer, guest_of: str | None, now: datetime) -> datetime:
    """Find the end of the shift: their own, or else that of the centre."""
    rule = known_regions().get(guest_of or engineer.region)
    shifts, zone = engineer.shifts, engineer.zone
    if rule is not None:
        shifts, zone = (shifts, zone or rule.zone) if shifts else (rule.shifts, rule.zone)
    hours = () if zone is None else planned_hours(shifts, zone, now - _DAY, now + _DAY)
    return stays_until(hours, now)


def _known(name: str, found: Presence | None) -> Presence:
    if found is None:
        raise _nobody(name)
    return found


def _nobody(name: str) -> Fault:
    reason = f"there is no engineer {printable(name.strip()[:200])}"
    return Fault(Kind.NOT_FOUND, "EngineerNotFound", reason, "capitals count", way=Way.SEE_ROTA)
