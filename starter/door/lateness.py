"""How late the clocks of cases fired, for who leads the desk: read from the store alone."""

from datetime import datetime, timedelta

from activities.store.lateness import LatenessFigures
from activities.store.period import Period
from domain.actor import Actor
from domain.clocks import Clock
from starter.door.faults import Fault, all_at_once, usage
from starter.door.permission import may_read_statistics
from starter.door.policies_in_force import known_region
from starter.door.session import Session

LOOKS_BACK = timedelta(days=30)
"""How far, where nobody says since when (ours)."""


async def see_lateness(
    session: Session,
    actor: Actor,
    since: datetime | None = None,
    clock: str | None = None,
    centre: str | None = None,
) -> LatenessFigures:
    """Add up how late what was due from `since` (UTC) until now was acted on.

    Raises: Fault for who leads nothing; with all that is wrong, for a clock or centre nobody knows or an
    instant to come; unreachable.
    """
    may_read_statistics(actor)
    now = session.now()
    with all_at_once() as look:
        start = look.at(_passed, now - LOOKS_BACK if since is None else since, now)
        kind = look.at(_known_clock, clock)
        place = look.at(_known_centre, centre)
    period = Period(since=start, until=now)
    return await session.read(lambda store: store.lateness.figures(period, kind, place))


def _passed(since: datetime, now: datetime) -> datetime:
    if since > now:
        raise usage("the instant is still to come", "name one that has passed", "since")
    return since


def _known_clock(clock: str | None) -> str | None:
    """Return a clock there is, blanks and hyphens for underscores. Raises: Fault (usage)."""
    if clock is None:
        return None
    name = clock.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in list(Clock):
        known = ", ".join(Clock)
        raise usage(f"there is no clock {clock[:60]!r}", f"use one of {known}", "clock")
    return name


def _known_centre(centre: str | None) -> str | None:
    try:
        return None if centre is None else known_region(centre)
    except Fault as fault:
        fault.fields = ("centre",)
        raise
