"""Which centre of a policy stands for a country of the log: by zones and working days, never by names.

Part of the rehearsals. The mapping says in which zone a country works; which centres there are, and when they
work, is the policy's.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from domain.centres.shifts import OpenSpan
from domain.policy import RegionRule, Shift, SupportPolicy, Weekday
from policies.opening_hours import opening_hours, planned_hours

_WEEK = timedelta(weeks=1)
_WORKING_DAY = Shift(days=tuple(Weekday)[:5], start=time(9), end=time(17))
"""Of an owner of whom nothing but the country is known (ours)."""


def placed(countries: Mapping[str, str], policy: SupportPolicy, at: datetime) -> dict[str, str]:
    """Name the centre that stands for each country in the week from `at` (UTC) on.

    It is the centre in that zone, or whose customers live in it; else the one whose shifts lie over most of
    the country's working day, in the policy's order where two do as much.
    """
    return {country: _centre(zone, policy, at) for country, zone in countries.items()}


def _centre(zone: str, policy: SupportPolicy, at: datetime) -> str:
    for name, rule in policy.regions.items():
        if zone in _zones_of(rule):
            return name
    days = planned_hours((_WORKING_DAY,), zone, at, at + _WEEK)
    return max(
        policy.regions, key=lambda name: _shared(opening_hours(policy, name, at, at + _WEEK), days)
    )  # of equals the first


def _zones_of(rule: RegionRule) -> tuple[str, ...]:
    return (rule.zone, *rule.country_zones.values())


def _shared(some: tuple[OpenSpan, ...], others: tuple[OpenSpan, ...]) -> timedelta:
    """Add up how long both are open at once."""
    shared = timedelta(0)
    for one in some:
        for other in others:
            both = min(one.closes_at, other.closes_at) - max(one.opens_at, other.opens_at)
            shared += max(both, timedelta(0))
    return shared
