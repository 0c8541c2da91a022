"""A centre as it stood at an instant: whether it was open, who was on duty, and what it had.

What nobody kept then is said to be not known, and never guessed. Whether its workers took work then is kept
by nobody.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple, Self

from activities.people.closures import Closure, Closures
from activities.people.past import CentrePast, RegionAsOf
from activities.store.as_of import count_as_of
from activities.store.board import BoardFilter
from activities.store.case_list import CaseFilter
from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.centres.rota import Presence
from domain.centres.shifts import OpenSpan, days
from domain.frozen import Frozen
from policies import CalendarUnknown, HolidayTableInvalid
from policies.opening_hours import opening_hours
from starter.door.centre_now import Duty
from starter.door.faults import Fault
from starter.door.past_instant import check_instant
from starter.door.permission import staff_only
from starter.door.policies_in_force import known_region, policy_named
from starter.door.session import Session

_AROUND = timedelta(days=4)  # over a long weekend
_MOMENT = timedelta(microseconds=1)


class Hours(NamedTuple):
    """The hours of a centre by its own shifts: the day an instant lay in, else when it opened next (UTC)."""

    zone: str
    span: OpenSpan | None
    opens_at: datetime | None


class CentreAsOf(NamedTuple):
    """A centre as it stood `at` an instant (UTC).

    `hours` is None where nobody kept them, `on_duty` where nobody kept who was there; of those, `away` had
    said that they were not. `closed` is the closure by hand that ran.
    """

    name: str
    at: datetime
    hours: Hours | None
    closed: Closure | None
    on_duty: tuple[Duty, ...] | None
    away: tuple[str, ...]
    unowned: int
    offered: int

    @property
    def is_open(self) -> bool | None:
        """Whether it was open; None where that is not known."""
        if self.closed is not None:
            return False
        return None if self.hours is None else self.hours.span is not None


class CentreRecord(Frozen):
    """A centre as it stood, for programs; None is not known. Instants are UTC."""

    region: str
    as_of: datetime
    is_open: bool | None
    open_until: datetime | None
    opens_at: datetime | None
    closed_by_hand: Closure | None
    on_duty: tuple[str, ...] | None
    away: tuple[str, ...]
    unowned: int
    offered: int

    @classmethod
    def of(cls, one: CentreAsOf) -> Self:
        """Write a centre down."""
        hours = one.hours
        return cls(
            region=one.name,
            as_of=one.at,
            is_open=one.is_open,
            open_until=hours.span.closes_at if hours and hours.span and one.is_open else None,
            opens_at=hours.opens_at if hours and not hours.span else None,
            closed_by_hand=one.closed,
            on_duty=None if one.on_duty is None else tuple(who.name for who in one.on_duty),
            away=one.away,
            unowned=one.unowned,
            offered=one.offered,
        )


async def see_centre_as_of(session: Session, actor: Actor, name: str, at: datetime) -> CentreAsOf:
    """Read how a centre stood. Raises: Fault (refused, usage, unreachable)."""
    staff_only(actor, "a centre")
    name = known_region(name)
    await check_instant(session, at)
    region, people, closures = await session.read(partial(_read, name, at))
    lists = {
        "unowned": BoardFilter(cases=CaseFilter(region=name, unassigned=True)),
        "offered": BoardFilter(cases=CaseFilter(offered_to=name)),
    }
    counted = await session.read(lambda store: count_as_of(store, lists, at))
    here = [one for one in people or () if one.region == name and one.is_on_shift(at)]
    return CentreAsOf(
        name=name,
        at=at,
        hours=None if region is None else _hours(region, name, at),
        closed=closures[0] if closures else None,
        on_duty=None if people is None else tuple(Duty(one.engineer.name, one.until) for one in here),
        away=tuple(one.engineer.name for one in people or () if one.is_away(at)),
        **counted,
    )


async def _read(
    name: str, at: datetime, store: CaseStore
) -> tuple[RegionAsOf | None, tuple[Presence, ...] | None, tuple[Closure, ...]]:
    past, kept = CentrePast(store), await store.moments.kept_since()
    is_kept = "people" in kept and at >= kept["people"]
    people = await past.people(name, at) if is_kept else None
    closures = await Closures(store).closed([name], at, at + _MOMENT)
    return await past.region(name, at), people, closures


def _hours(region: RegionAsOf, name: str, at: datetime) -> Hours | None:
    """Say when it was open by the shifts it had then; None where its policy or holidays are gone."""
    try:
        policy = policy_named(region.policy)
        policy = policy.model_copy(update={"regions": {name: region.rule}})
        hours = opening_hours(policy, name, at - _AROUND, at + _AROUND)
    except (Fault, CalendarUnknown, HolidayTableInvalid):
        return None
    spans = days(hours, policy.organisation.follow_the_sun.break_up_to)
    span = next((one for one in spans if one.has(at)), None)
    return Hours(region.rule.zone, span, next((one.opens_at for one in spans if one.opens_at > at), None))
