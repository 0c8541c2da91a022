"""Which centres of a policy are open in some days, and who is on: shifts, closures by hand, the rota.

`starter.door.policy_coverage` says it by the policy alone; here is what has become of it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from activities.people.closures import Closure, Closures
from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.centres.coverage import ClockChange, Stretch, clock_changes, coverage
from domain.centres.rota import Presence
from domain.centres.shifts import OpenSpan, without
from domain.policy import RegionRule, SupportPolicy
from policies import CalendarUnknown, HolidayTableInvalid
from policies.holiday_tables import read_calendar
from policies.opening_hours import opening_hours, zone_around
from starter.door.days import Days
from starter.door.faults import Fault, Kind, Way
from starter.door.permission import staff_only
from starter.door.planned import shifts_of
from starter.door.session import Session

_DAY = timedelta(days=1)


class Holiday(NamedTuple):
    """A public holiday of a centre by its own calendar; the centre may work on it."""

    on: date
    name: str
    is_closed: bool


class Planned(NamedTuple):
    """Somebody who is planned to work in a stretch (UTC)."""

    name: str
    span: OpenSpan


class CentreHours(NamedTuple):
    """One centre in that time: when it is open (UTC), what kept it closed, and who is on.

    `here` have checked in and are not away now; of people without a rota nothing is planned.
    """

    name: str
    zone: str
    open: tuple[OpenSpan, ...]
    closures: tuple[Closure, ...]
    holidays: tuple[Holiday, ...]
    planned: tuple[Planned, ...]
    here: tuple[Presence, ...]


class DaysCovered(NamedTuple):
    """Coverage of `[start, end)`, UTC; `stretches` are without holes, in order."""

    policy: str
    start: datetime
    end: datetime
    gaps_held_by: str
    centres: tuple[CentreHours, ...]
    stretches: tuple[Stretch, ...]
    changes: tuple[ClockChange, ...]

    @property
    def gaps(self) -> tuple[Stretch, ...]:
        """When no centre is open."""
        return tuple(one for one in self.stretches if one.is_gap)

    @property
    def overlaps(self) -> tuple[Stretch, ...]:
        """When more than one is."""
        return tuple(one for one in self.stretches if one.is_overlap)


async def see_coverage(
    session: Session, actor: Actor, policy: SupportPolicy, days: Days, names: Iterable[str] | None = None
) -> DaysCovered:
    """Read the coverage of some days by centres of a policy, all unless named. Raises: Fault."""
    staff_only(actor, "the coverage")
    bounds = days.bounds()
    start, end, now = bounds[0], bounds[-1], session.now()
    wanted = tuple(policy.regions if names is None else names)
    try:
        hours = {name: opening_hours(policy, name, start, end) for name in wanted}
        holidays = {name: _holidays(policy.regions[name], start, end) for name in wanted}
    except (CalendarUnknown, HolidayTableInvalid) as error:
        raise Fault(
            Kind.REFUSED, "CalendarInvalid", str(error), "name a calendar there is", way=Way.LIST_CALENDARS
        ) from error

    async def read(store: CaseStore) -> tuple[tuple[Closure, ...], tuple[Presence, ...]]:
        return await Closures(store).closed(wanted, start, end), await Rota(store).people()

    closures, people = await session.read(read)
    centres = tuple(
        _centre(name, policy.regions[name], hours[name], holidays[name], closures, people, (start, end, now))
        for name in wanted
    )
    zones = [zone_around(rule, start, end) for rule in sorted({one.zone for one in centres} | {days.zone})]
    return DaysCovered(
        policy=f"{policy.name}@{policy.version}",
        start=start,
        end=end,
        gaps_held_by=policy.organisation.follow_the_sun.gaps_held_by,
        centres=centres,
        stretches=coverage({one.name: one.open for one in centres}, start, end),
        changes=clock_changes(zones, start, end),
    )


def _centre(
    name: str,
    rule: RegionRule,
    hours: tuple[OpenSpan, ...],
    holidays: tuple[Holiday, ...],
    closures: Iterable[Closure],
    people: Iterable[Presence],
    when: tuple[datetime, datetime, datetime],
) -> CentreHours:
    start, end, now = when
    closed = tuple(one for one in closures if one.region == name)
    planned = [
        Planned(one.engineer.name, span)
        for one in people
        if one.engineer.region == name
        for span in shifts_of(one.engineer, rule, start, end)
        if not one.is_away(max(span.opens_at, start))
    ]
    return CentreHours(
        name=name,
        zone=rule.zone,
        open=without(hours, tuple(one.span for one in closed)),
        closures=closed,
        holidays=holidays,
        planned=tuple(sorted(planned, key=lambda one: (one.span.opens_at, one.name))),
        here=tuple(one for one in people if one.region == name and one.is_on_shift(now)),
    )


def _holidays(rule: RegionRule, start: datetime, end: datetime) -> tuple[Holiday, ...]:
    """Name the public holidays at a centre on the dates of its own clock. Raises: as `read_calendar`."""
    local = zone_around(rule.zone, start, end)
    first, last = local.to_local(start).date(), local.to_local(end - timedelta(seconds=1)).date()
    known = read_calendar(rule.calendar).days
    dates = (first + number * _DAY for number in range((last - first).days + 1))
    return tuple(Holiday(day, known[day], rule.closed_on_holidays) for day in dates if day in known)
