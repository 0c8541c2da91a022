"""Rosters: every centre of a policy as of an instant, from its own shifts and what is live in the store.

This room reads and gives up in time. Without the store the shifts of the policy count, and nobody is counted:
an outage of ours must not close a centre.
"""

import logging
import time as clock
from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from activities.people.closures import Closure, closures_in
from activities.people.rota import checked_in, open_cases, regions_with_people
from activities.store.database import Database
from activities.store.patience import Patience
from domain.centres.regions import HORIZON, Centre, Roster, RosterRequest
from domain.centres.rota import Presence, who_takes
from domain.centres.shifts import OpenSpan, breaks, common, days, without
from domain.policy import SupportPolicy
from policies import CalendarUnknown, HolidayTable, HolidayTableInvalid, holiday_table, load_policy
from policies.opening_hours import opening_hours

READ_WITHIN = timedelta(seconds=1)
"""How long a decision waits for what is live; then the policy's own shifts count."""

_BEFORE = timedelta(days=1)
"""How far back stretches are known: a shift that began yesterday is whole, and what was open is seen."""

_NAMED_FOR = timedelta(seconds=5)
"""How long whoever was named counts as having one case more: until then the store may not know of it."""

_DAY = timedelta(days=1)
_POLICIES_KEPT = 64

_log = logging.getLogger(__name__)


class _Live(NamedTuple):
    """What only the store knows, of the centres asked for."""

    closures: tuple[Closure, ...]
    people: tuple[Presence, ...]
    counted: frozenset[str]
    open_cases: dict[str, int]


class _Named:
    """Whom this process named lately: cases whose shift ends at one instant are not all for one person."""

    def __init__(self) -> None:
        self._lately: deque[tuple[float, str]] = deque()
        self._times: Counter[str] = Counter()

    def times(self, engineer: str) -> int:
        while self._lately and self._lately[0][0] <= clock.monotonic():
            _, gone = self._lately.popleft()
            self._times[gone] -= 1
        return self._times[engineer]

    def count(self, engineer: str) -> None:
        self._lately.append((clock.monotonic() + _NAMED_FOR.total_seconds(), engineer))
        self._times[engineer] += 1


class Rosters:
    """Read rosters; policies and holidays are read once and then kept, the rest is live.

    Without a `store` the policy's own shifts are all there is.
    """

    def __init__(
        self,
        store: Database | None,
        policies: Callable[[str], SupportPolicy] = load_policy,
        holidays: Callable[[str], HolidayTable] = holiday_table,
        patience: timedelta = READ_WITHIN,
    ) -> None:
        self._store = store
        self._policy = lru_cache(maxsize=_POLICIES_KEPT)(policies)
        self._holidays = lru_cache(maxsize=_POLICIES_KEPT)(holidays)
        address = "nowhere" if store is None else store.address
        self._patience = Patience[_Live](f"the rota at {address}", patience)
        self._named = _Named()

    async def read(self, request: RosterRequest) -> Roster:
        """Tell of every centre of a policy, in the policy's order.

        Raises: PolicyUnknown; PolicyInvalid.
        """
        policy, at = self._policy(request.policy), request.at
        live = None
        if self._store is not None:
            # Cases of a day share a read; what holds at the very instant of each is sorted out afterwards.
            key = (tuple(policy.regions), at.astimezone(UTC).date())
            live = await self._patience.read(key, partial(_read, self._store, *key))
        centre = partial(_centre, policy, live, self._named, request)
        return Roster(
            read_at=at,
            until=at + HORIZON,
            centres=tuple(centre(name, self._hours(policy, name, at)) for name in policy.regions),
            asked=request,
        )

    async def close(self) -> None:
        """Wait until the last read has ended; the store may be closed after that."""
        await self._patience.close()

    def _hours(self, policy: SupportPolicy, name: str, at: datetime) -> tuple[OpenSpan, ...]:
        """Write out a centre's own hours; where its holidays cannot be read, it has none."""
        hours = partial(opening_hours, policy, name, at - _BEFORE, at + HORIZON)
        try:
            return hours(self._holidays)
        except (CalendarUnknown, HolidayTableInvalid) as error:
            _log.error("the holidays of %s are not counted: %s", name, error)
            return hours(_no_holidays)


async def _read(store: Database, regions: tuple[str, ...], day: date) -> _Live:
    """Read what is live in one transaction, so that its parts are of one moment."""
    start = datetime.combine(day, time(), UTC)
    async with store.reading() as connection:
        return _Live(
            closures=await closures_in(connection, regions, start - _BEFORE, start + _DAY + HORIZON),
            people=await checked_in(connection, regions),
            counted=await regions_with_people(connection),
            open_cases=await open_cases(connection, regions),
        )


def _centre(
    policy: SupportPolicy,
    live: _Live | None,
    named: _Named,
    request: RosterRequest,
    name: str,
    hours: tuple[OpenSpan, ...],
) -> Centre:
    rule = policy.regions[name]
    break_up_to = policy.organisation.follow_the_sun.break_up_to
    planned = Centre(
        name=name,
        zone=rule.zone,
        open=days(hours, break_up_to),
        breaks=breaks(hours, break_up_to),
        languages=rule.languages,
        skills=rule.skills,
        contact=rule.contact,
    )
    return planned if live is None else planned.model_copy(update=_known(live, named, request, planned))


def _known(live: _Live, named: _Named, request: RosterRequest, planned: Centre) -> dict[str, object]:
    """Return what is live of a centre, in the place of what its policy plans; count who takes a case next."""
    name = planned.name
    here = [one for one in live.people if one.region == name and one.is_on_shift(request.at)]
    engineer = who_takes((_busier(one, named) for one in here), request.skill, request.tier)
    closed = tuple(one.span for one in live.closures if one.region == name)
    known: dict[str, object] = {
        "open": without(planned.open, closed),
        "shut": common(planned.open, closed),
        "on_shift": len(here) if name in live.counted else None,
        "open_cases": live.open_cases.get(name, 0),
        "languages": _each_once(planned.languages, (one.engineer.languages for one in here)),
        "skills": _each_once(planned.skills, (one.engineer.skills for one in here)),
    }
    if engineer is not None:
        named.count(engineer.name)
        known |= {
            "engineer": engineer.name,
            "engineer_tier": engineer.tier,
            "is_specialist": request.skill in engineer.skills,
        }
    return known


def _busier(one: Presence, named: _Named) -> Presence:
    return one.model_copy(update={"open_cases": one.open_cases + named.times(one.engineer.name)})


def _each_once(own: tuple[str, ...], theirs: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*own, *(word for words in theirs for word in words)]))


def _no_holidays(name: str) -> HolidayTable:
    return holiday_table("none")
