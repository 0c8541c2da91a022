"""Who is open at an instant of a scenario: its own regions, with somebody on shift wherever one is open."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from domain.local_time import LocalZone
from domain.policy import Shift
from domain.regions import HORIZON, Centre, Roster
from domain.shifts import open_spans
from tests.scenarios.files import Json, Scenario

_DAY = timedelta(days=1)


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
