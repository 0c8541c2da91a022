"""When the centres of a policy are open by its own shifts, zones and holidays; nothing live enters here.

Part of the room of policies. What has been closed by hand and who is there is known to the roster alone.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from domain.centres.shifts import OpenSpan, open_spans
from domain.policy import Shift, SupportPolicy
from domain.time.local_time import LocalZone
from policies.holiday_tables import HolidayTable, holiday_table
from policies.zones import local_zone

_DAY = timedelta(days=1)
_MARGIN = timedelta(days=4)
"""Longer than a shift and any UTC offset, at both ends of what is asked for."""

_ZONES_KEPT = 512


def opening_hours(
    policy: SupportPolicy,
    region: str,
    start: datetime,
    end: datetime,
    holidays: Callable[[str], HolidayTable] = holiday_table,
) -> tuple[OpenSpan, ...]:
    """Write out when a centre is open between two instants (UTC); stretches beyond are whole.

    A guide that speaks of no shifts at all leaves its centres open. Raises: CalendarUnknown and
    HolidayTableInvalid where the centre closes on holidays that cannot be read.
    """
    rule = policy.regions[region]
    if not says_shifts(policy):
        return (OpenSpan(opens_at=start, closes_at=end),)
    closed_on = frozenset(holidays(rule.calendar).dates) if rule.closed_on_holidays else frozenset[date]()
    return open_spans(rule.shifts, zone_around(rule.zone, start, end), closed_on, start, end)


def planned_hours(
    shifts: tuple[Shift, ...], zone: str, start: datetime, end: datetime
) -> tuple[OpenSpan, ...]:
    """Write out shifts of a person, who works on holidays unless somebody says they are away."""
    return open_spans(shifts, zone_around(zone, start, end), frozenset(), start, end)


def says_shifts(policy: SupportPolicy) -> bool:
    """Tell whether the guide says when anybody works; then a centre without shifts never does."""
    return policy.organisation.follow_the_sun.enabled or any(
        region.shifts for region in policy.regions.values()
    )


def zone_around(name: str, start: datetime, end: datetime) -> LocalZone:
    """Write down the local time of a place from some days before `start` until some after `end`.

    Raises: ZoneUnknown.
    """
    return _zone(name, start.astimezone(UTC).date(), end.astimezone(UTC).date())


@lru_cache(maxsize=_ZONES_KEPT)
def _zone(name: str, first: date, last: date) -> LocalZone:
    start, end = datetime.combine(first, time(), UTC), datetime.combine(last, time(), UTC)
    return local_zone(name, start - _MARGIN, end + _DAY + _MARGIN)
