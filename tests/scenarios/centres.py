"""Who is open at an instant of a scenario: its own regions, with somebody on shift wherever one is open."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from domain.centres.regions import HORIZON, Centre, Roster
from domain.centres.shifts import open_spans
from domain.policy import Shift
from domain.terms import HORIZON as TERMS_HORIZON
from domain.time.local_time import LocalZone
from policies.zones import local_zone
from tests.scenarios.files import Json, Scenario

_DAY = timedelta(days=1)


@lru_cache(maxsize=256)
def zone_from(name: str, day: date) -> LocalZone:
    """The local time of a place for terms or a roster of one day."""
    start = datetime.combine(day, time(), UTC)
    return local_zone(name, start - 2 * _DAY, start + TERMS_HORIZON + 3 * _DAY)


def shift_roster(roster: Roster, weeks: int) -> Roster:
    """The same roster some whole weeks later."""
    by = timedelta(weeks=weeks)
    centres = tuple(
        centre.model_copy(
            update={
                "open": tuple(
                    span.model_copy(update={"opens_at": span.opens_at + by, "closes_at": span.closes_at + by})
                    for span in centre.open
                )
            }
        )
        for centre in roster.centres
    )
    return Roster(read_at=roster.read_at + by, until=roster.until + by, centres=centres)


def roster_at(scenario: Scenario, at: datetime, zone: Callable[[str, date], LocalZone]) -> Roster:
    """Every centre of the file in its order, with the scenario's overrides (`regions.NAME.KEY`)."""
    until = at + HORIZON
    return Roster(
        read_at=at,
        until=until,
        centres=tuple(_centre(scenario, _overridden(scenario, one), at, zone) for one in scenario.regions),
    )


def _overridden(scenario: Scenario, region: Json) -> Json:
    prefix = f"regions.{region['name']}."
    return region | {
        path.removeprefix(prefix): value
        for path, value in scenario.overrides.items()
        if path.startswith(prefix)
    }


def _centre(scenario: Scenario, region: Json, at: datetime, zone: Callable[[str, date], LocalZone]) -> Centre:
    holidays = scenario.calendars[region["calendar"]] if region["closed_on_holidays"] else ()
    shifts = tuple(
        Shift(
            days=tuple(shift["days"]),
            start=time.fromisoformat(shift["start"]),
            end=time.fromisoformat(shift["end"]),
        )
        for shift in region["shifts"]
    )
    local = zone(region["zone"], at.date())
    spans = open_spans(shifts, local, frozenset(holidays), at - _DAY, at + HORIZON)
    return Centre(name=region["name"], zone=region["zone"], open=spans, on_shift=1)
