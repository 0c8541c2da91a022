"""A centre as its people see it: who is on duty and until when, who is next, and whether it can work."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from activities.people.rosters import Rosters
from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.centres.regions import Centre, RosterRequest
from domain.centres.rota import Presence
from domain.policy import RegionRule
from starter.door.permission import staff_only
from starter.door.planned import shifts_of
from starter.door.policies_in_force import known_regions, policy_with
from starter.door.session import Session

_AHEAD = timedelta(days=4)  # over a long weekend
_NEXT = 3  # people named as next


class Duty(NamedTuple):
    """Somebody on duty until an instant (UTC), or until they check out."""

    name: str
    until: datetime | None


class Coming(NamedTuple):
    """Somebody whose shift begins at an instant (UTC)."""

    name: str
    at: datetime


class CentreNow(NamedTuple):
    """A centre at an instant.

    `centre` is its own hours and what was closed by hand; nobody of `on_duty` is away. `may_own`: a case can
    be given to somebody here now. `next` are those whose shifts begin first.
    """

    name: str
    zone: str
    centre: Centre
    on_duty: tuple[Duty, ...]
    next: tuple[Coming, ...]
    may_own: bool


async def see_centre(session: Session, actor: Actor, name: str) -> CentreNow:
    """Read how a centre stands. Raises: Fault (refused, unreachable)."""
    staff_only(actor, "a centre")
    now, rule = session.now(), known_regions()[name]
    asked = RosterRequest(policy=policy_with(name), at=now)

    async def read(store: CaseStore) -> tuple[Centre, tuple[Presence, ...]]:
        roster = await Rosters(store).read(asked)
        return next(one for one in roster.centres if one.name == name), await Rota(store).people(name)

    centre, people = await session.read(read)
    here = [one for one in people if one.region == name and one.is_on_shift(now)]
    return CentreNow(
        name=name,
        zone=rule.zone,
        centre=centre,
        on_duty=tuple(Duty(one.engineer.name, one.until) for one in here),
        next=tuple(_next(people, name, rule, now)),
        may_own=centre.is_staffed_at(now),
    )


def _next(people: Iterable[Presence], name: str, rule: RegionRule, now: datetime) -> list[Coming]:
    """Name whose shifts begin first of those who work here and are not on duty, nor away then."""
    coming = [
        Coming(one.engineer.name, at)
        for one in people
        if one.engineer.region == name and not one.is_on_shift(now)
        if (at := _begins(one, rule, now)) is not None and not one.is_away(at)
    ]
    return sorted(coming, key=lambda one: (one.at, one.name))[:_NEXT]


def _begins(one: Presence, rule: RegionRule, now: datetime) -> datetime | None:
    hours = shifts_of(one.engineer, rule, now, now + _AHEAD)
    return next((span.opens_at for span in hours if span.opens_at > now), None)
