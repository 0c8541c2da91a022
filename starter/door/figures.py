"""What the desk's cases add up to over some days, for who leads it: read from the store alone.

Two kinds of figures: of the cases received in that time, whatever became of them since; and of what happened
in it, whenever the case was received.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.case_store import CaseStore
from activities.store.flow import DayFlow, Times, flow, resolution_times, response_times
from activities.store.handoffs import Way, latest_taxes, ways
from activities.store.lateness import LatenessFigures
from activities.store.missed import Missed, missed
from activities.store.period import Period
from activities.store.statistics import Figures, Statistics
from domain.actor import Actor
from domain.centres.coverage import clock_changes
from domain.clocks import Clock
from domain.frozen import Frozen
from domain.views.handoff_tax import HandoffTax
from policies.opening_hours import zone_around
from starter.door.days import Days, read_days
from starter.door.faults import Fault, Looks, all_at_once
from starter.door.known_names import check_names
from starter.door.permission import may_read_statistics
from starter.door.policies_in_force import known_regions
from starter.door.session import Session

T = TypeVar("T")
U = TypeVar("U")
_Asks = Callable[[AsyncConnection, Period], Awaitable[T]]

_ORDER = {clock.value: place for place, clock in enumerate(Clock)}


class MissedBy(Frozen):
    """What one centre missed, by the hour of its own clock; `hours` are 24 counts from midnight on."""

    centre: str
    zone: str
    hours: tuple[int, ...]
    clocks: dict[str, int]


class HandoffCost(Frozen):
    """What handoffs cost, of the latest `read`: how long until somebody went on, and what was asked twice.

    `waiting` have nobody yet who went on.
    """

    read: int
    waiting: int
    median: timedelta | None
    p90: timedelta | None
    asked_again: int


class DeskFigures(Frozen):
    """What the cases add up to, `at` an instant (UTC). `handoffs` is the count of all in that time."""

    at: datetime
    days: Days
    tenant: str | None
    policy: str | None
    received: Statistics
    responses: tuple[Times, ...]
    resolutions: tuple[Times, ...]
    flow: tuple[DayFlow, ...]
    missed: tuple[MissedBy, ...]
    handoffs: int
    ways: tuple[Way, ...]
    cost: HandoffCost
    lateness: LatenessFigures


async def check_whose(
    session: Session, actor: Actor, look: Looks, tenant: str | None, policy: str | None
) -> None:
    """See that there is such a tenant and such a policy; what is wrong is kept in `look`."""
    try:
        await check_names(session, actor, tenant=tenant, policy=policy)
    except Fault as fault:
        if not fault.fields:
            raise
        look.wrong.append(fault)


async def see_figures(
    session: Session,
    actor: Actor,
    first: str,
    last: str,
    zone: ZoneInfo,
    tenant: str | None = None,
    policy: str | None = None,
) -> DeskFigures:
    """Add up some days. Raises: Fault (refused; usage, with all that is wrong; unreachable)."""
    may_read_statistics(actor)
    now = session.now()
    with all_at_once() as look:
        days = read_days(first, last, now, zone, look)
        await check_whose(session, actor, look, tenant, policy)
    bounds = days.bounds()
    period = Period(since=bounds[0], until=bounds[-1], tenant=tenant, policy=policy)

    async def read(store: CaseStore) -> DeskFigures:
        return await _figures(store, days, bounds, period, now)

    return await session.read(read)


async def _figures(
    store: CaseStore, days: Days, bounds: tuple[datetime, ...], period: Period, now: datetime
) -> DeskFigures:
    """Read all of it side by side: a case that changes meanwhile may be counted as before or as after."""
    whole = Figures(store).statistics(period.since, period.until, period.tenant, period.policy)
    received, late, (responses, resolutions), (came, found), (each_way, taxes) = await asyncio.gather(
        whole,
        store.lateness.figures(period),
        _read(store, period, response_times, resolution_times),
        _read(store, period, flow, partial(missed, changes=_changes(period))),
        _read(store, period, ways, latest_taxes),
    )
    return DeskFigures(
        at=now,
        days=days,
        tenant=period.tenant,
        policy=period.policy,
        received=received,
        responses=responses,
        resolutions=resolutions,
        flow=came.over(bounds),
        missed=_by_centre(found.items()),
        handoffs=sum(way.count for way in each_way),
        ways=each_way,
        cost=_cost(taxes),
        lateness=late,
    )


async def _read(store: CaseStore, period: Period, one: _Asks[T], other: _Asks[U]) -> tuple[T, U]:
    async with store.reading() as connection:
        return await one(connection, period), await other(connection, period)


def _changes(period: Period) -> tuple[datetime, ...]:
    """List when the clocks of a centre are put on or back in a period."""
    names = sorted({rule.zone for rule in known_regions().values()})
    zones = [zone_around(name, period.since, period.until) for name in names]
    return tuple(one.at for one in clock_changes(zones, period.since, period.until))


def _by_centre(found: Iterable[tuple[Missed, int]]) -> tuple[MissedBy, ...]:
    """Put what was missed in the hours of each centre's own clock; one that is gone has those of UTC."""
    zones = {name: rule.zone for name, rule in known_regions().items()}
    hours: dict[str, list[int]] = {}
    clocks: dict[str, dict[str, int]] = {}
    for one, count in found:
        local = one.at.astimezone(ZoneInfo(zones.get(one.centre, "UTC")))
        hours.setdefault(one.centre, [0] * 24)[local.hour] += count
        by_clock = clocks.setdefault(one.centre, {})
        by_clock[one.clock] = by_clock.get(one.clock, 0) + count
    return tuple(
        MissedBy(
            centre=centre,
            zone=zones.get(centre, "UTC"),
            hours=tuple(hours[centre]),
            clocks={name: clocks[centre][name] for name in sorted(clocks[centre], key=_in_order)},
        )
        for centre in sorted(hours, key=lambda name: (-sum(hours[name]), name))
    )


def _in_order(clock: str) -> tuple[int, str]:
    return _ORDER.get(clock, len(_ORDER)), clock


def _cost(taxes: tuple[HandoffTax, ...]) -> HandoffCost:
    took = sorted(tax.seconds for tax in taxes if tax.seconds is not None)
    return HandoffCost(
        read=len(taxes),
        waiting=len(taxes) - len(took),
        median=_at(took, 50),
        p90=_at(took, 90),
        asked_again=sum(tax.asked_again for tax in taxes),
    )


def _at(took: list[int], percent: int) -> timedelta | None:
    """Return the length that so many of a hundred did not exceed."""
    return timedelta(seconds=took[(len(took) * percent + 99) // 100 - 1]) if took else None
