"""Whether somebody is there at every hour of a plan around the clock.

Part of the room of policies. The year that is looked at is fixed, so that a file is a policy or none whatever
day it is loaded on. Centres work by the week, so a week is looked at after each change of the clocks, and the
days around each holiday on which a centre closes: all there is to see, in a few milliseconds.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

from domain.centres.coverage import Stretch, clock_changes, coverage
from domain.policy import SupportPolicy
from policies.errors import Fault
from policies.holiday_tables import CalendarUnknown, HolidayTableInvalid, holiday_table
from policies.opening_hours import opening_hours, zone_around
from policies.zones import ZoneUnknown

REFERENCE = datetime(2027, 1, 1, tzinfo=UTC)
"""Where the look begins (ours)."""

HORIZON = timedelta(days=400)
"""How far it goes: as far as a case's terms (ours); every zone changes its clocks as often as in a year."""

_END = REFERENCE + HORIZON
_DAY = timedelta(days=1)
_WEEK = timedelta(days=8)  # a whole week after a change, and the shifts that began before it
_PATH = ("organisation", "follow_the_sun", "gaps_held_by")

Window = tuple[datetime, datetime]


def faults_of_coverage(policy: SupportPolicy) -> Iterator[Fault]:
    """Find plans around the clock with an hour in which nobody is there and nobody holds (GAP-11).

    Zones and calendars that nobody has are told elsewhere.
    """
    rule = policy.organisation.follow_the_sun
    if not rule.enabled or rule.gaps_held_by == "owner":
        return
    with suppress(ZoneUnknown, CalendarUnknown, HolidayTableInvalid):
        for name, plan in policy.plans.items():
            gap = first_gap(policy, plan.regions) if plan.around_the_clock else None
            if gap is not None:
                yield _PATH, f"plan {name} runs around the clock, and {_told(gap)}"


def _told(gap: Stretch) -> str:
    when = f"from {gap.since:%Y-%m-%d %H:%MZ} to {gap.until:%Y-%m-%d %H:%MZ}"
    return f'no centre is open {when}; close the gap, or say "owner": who has a case holds it meanwhile'


def first_gap(policy: SupportPolicy, regions: tuple[str, ...] = ()) -> Stretch | None:
    """Find the first stretch of the 400 days in which none of the regions is open; empty means all.

    Raises: ZoneUnknown; CalendarUnknown; HolidayTableInvalid.
    """
    names = regions or tuple(policy.regions)
    for start, end in _windows(policy, names):
        hours = {name: opening_hours(policy, name, start, end) for name in names}
        for stretch in coverage(hours, start, end):
            if stretch.is_gap:
                return stretch
    return None


def _windows(policy: SupportPolicy, names: tuple[str, ...]) -> list[Window]:
    rules = [policy.regions[name] for name in names]
    zones = [zone_around(rule.zone, REFERENCE, _END) for rule in rules]
    changes = [change.at for change in clock_changes(zones, REFERENCE, _END)]
    found = [(at, at + _WEEK) for at in (REFERENCE, *changes)]
    for calendar in {rule.calendar for rule in rules if rule.closed_on_holidays}:
        for on in holiday_table(calendar).dates:
            midnight = datetime.combine(on, time(), UTC)
            if REFERENCE <= midnight < _END:
                found.append((max(midnight - _DAY, REFERENCE), midnight + 3 * _DAY))
    return _joined(found)


def _joined(windows: list[Window]) -> list[Window]:
    """Join windows that touch, so that no day is looked at twice."""
    found: list[Window] = []
    for start, end in sorted(windows):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
