"""`sunrelay policy coverage`: how many centres are open at every minute, gaps, overlaps; by the policy alone.

Part of the doors. Files alone are read: what was closed by hand, and who is there, is not in a plan.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from domain.coverage import (
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
from starter.door import Door, register
from starter.faults import Exit, Fault, usage
from starter.output import counted, span

if TYPE_CHECKING:
    from domain.policy import SupportPolicy

_LONGEST = 800


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


def add_to(group: typer.Typer) -> None:
    """This will add the command to the chapter of policies."""
    register(group, "coverage")(coverage_)


async def coverage_(
    door: Door,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A policy, or NAME@VERSION.")],
    days: Annotated[int, typer.Option(min=1, max=_LONGEST, help="How many days.")] = 60,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="From 00:00 UTC; today.")
    ] = None,
) -> None:
    """Show when how many centres are open: gaps, overlaps, and the weeks in which clocks change."""
    from starter.centres import policy_named

    policy = policy_named(name)
    start = datetime.combine(_first_day(from_), time(), UTC)
    try:
        found = policy_coverage(policy, start, start + timedelta(days=days))
    except OverflowError:
        raise usage(f"--from {from_}: out of range", "name a day within the years of the calendars") from None
    if not door.output.is_text:
        door.output.record(found)
        return
    from starter.coverage_pages import coverage_page

    door.output.show(coverage_page(found))
    door.output.say(_last_word(found))


def policy_coverage(policy: "SupportPolicy", start: datetime, end: datetime) -> Coverage:
    """This will work out the coverage of `[start, end)` in UTC. Raises: Fault (refused); OverflowError."""
    from policies import CalendarUnknown, HolidayTableInvalid
    from policies.opening_hours import opening_hours, zone_around

    try:
        hours = {name: opening_hours(policy, name, start, end) for name in policy.regions}
    except (CalendarUnknown, HolidayTableInvalid) as error:
        raise Fault(Exit.REFUSED, "CalendarInvalid", str(error), "see sunrelay calendar list") from error
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


def _first_day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise usage(f"--from {text}: no date", "name a date such as 2027-03-01") from None


def _last_word(found: Coverage) -> str:
    gaps = [one for one in found.stretches if one.is_gap]
    period = f"{found.policy}: {counted((found.until - found.since).days, 'day')} from {found.since:%Y-%m-%d}"
    if not gaps:
        return f"{period}, no gap"
    total = sum((one.length for one in gaps), timedelta())
    holder = "the owner holds meanwhile" if found.gaps_held_by == "owner" else "nobody holds meanwhile"
    return f"{period}, {counted(len(gaps), 'gap')}, {span(total)} together; {holder}"
