"""How many centres of a policy are open, and when: worked out from its files alone.

What was closed by hand, and who is there, is not in a plan.
"""

from datetime import UTC, date, datetime, time, timedelta

from domain.centres.coverage import (
    ClockChange,
    Recurrence,
    Stretch,
    Week,
    clock_changes,
    coverage,
    recurring,
    weeks,
)
from domain.frozen import Frozen
from domain.policy import SupportPolicy
from policies.holiday_tables import CalendarUnknown, HolidayTableInvalid
from policies.opening_hours import opening_hours, zone_around
from starter.door.faults import Fault, Kind, Way, usage

LONGEST = 800
"""The most days of one look (ours): more than two years, so that each holiday is there twice."""


class Coverage(Frozen):
    """What is known of a period: every stretch, and what is the same day after day put together."""

    policy: str
    since: datetime
    until: datetime
    regions: tuple[str, ...]
    gaps_held_by: str
    gaps: tuple[Recurrence, ...]
    overlaps: tuple[Recurrence, ...]
    weeks: tuple[Week, ...]
    clock_changes: tuple[ClockChange, ...]
    stretches: tuple[Stretch, ...]


def policy_coverage(policy: SupportPolicy, first: date, days: int) -> Coverage:
    """Work out the coverage of so many days from 00:00 UTC of the first. Raises: Fault (refused, usage)."""
    start = datetime.combine(first, time(), UTC)
    try:
        return _coverage(policy, start, start + timedelta(days=days))
    except (CalendarUnknown, HolidayTableInvalid) as error:
        way, remedy = Way.LIST_CALENDARS, "name a calendar there is"
        raise Fault(Kind.REFUSED, "CalendarInvalid", str(error), remedy, way=way) from error
    except OverflowError:
        remedy = "name a day within the years of the calendars"
        raise usage(f"{first}: out of range", remedy, "from_") from None


def _coverage(policy: SupportPolicy, start: datetime, end: datetime) -> Coverage:
    hours = {name: opening_hours(policy, name, start, end) for name in policy.regions}
    stretches = coverage(hours, start, end)
    zones = [zone_around(rule.zone, start, end) for rule in policy.regions.values()]
    changes = clock_changes(zones, start, end)
    return Coverage(
        policy=f"{policy.name}@{policy.version}",
        since=start,
        until=end,
        regions=tuple(policy.regions),
        gaps_held_by=policy.organisation.follow_the_sun.gaps_held_by,
        gaps=recurring([one for one in stretches if one.is_gap]),
        overlaps=recurring([one for one in stretches if one.is_overlap]),
        weeks=weeks(stretches, changes),
        clock_changes=changes,
        stretches=stretches,
    )
