"""The laws of open time and business days, held on any calendar, mostly on days on which the clocks change.

The oracles count minutes and walk days with the zone database itself; the code under test sees only data.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.centres.closures import closed_between
from domain.time.calendar import (
    BusinessCalendar,
    Span,
    add_business_days,
    add_open_time,
    is_open,
    open_time_between,
)
from domain.time.pauses import due_with_pauses, open_time_with_pauses
from tests.domain.desks import AUCKLAND, MELBOURNE, NINE_TO_FIVE, WEEKDAYS_ROUND, calendar, utc, zone

MINUTE = timedelta(minutes=1)
PLACES = [MELBOURNE, AUCKLAND, "Asia/Manila", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1), timezones=st.just(UTC))
changes_of_clocks = st.sampled_from(
    [change.at for place in PLACES for change in zone(place).changes[1:] if change.at < utc("2027-03-01")]
)
near_changes = st.builds(
    lambda at, by: at + by, changes_of_clocks, st.timedeltas(timedelta(days=-2), timedelta(days=2))
)
edges = st.lists(st.integers(0, 1440), unique=True, max_size=6).map(sorted)
day_hours = edges.map(lambda at: tuple(Span(*pair) for pair in zip(at[::2], at[1::2], strict=False)))
calendars = st.builds(
    calendar,
    st.sampled_from(PLACES),
    st.tuples(*[day_hours] * 6, st.just(NINE_TO_FIVE)),
    st.sets(st.dates(date(2026, 1, 1), date(2027, 3, 1)), max_size=8).map(
        lambda days: sorted(day.isoformat() for day in days)
    ),
)
budgets = st.timedeltas(timedelta(microseconds=1), timedelta(hours=60))


@given(calendars, instants | near_changes, budgets)
def test_the_open_time_up_to_a_due_instant_is_the_budget(
    desk: BusinessCalendar, start: datetime, budget: timedelta
) -> None:
    assert open_time_between(desk, start, add_open_time(desk, start, budget)) == budget


@given(calendars, instants | near_changes, budgets, budgets)
def test_open_time_is_additive(
    desk: BusinessCalendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    between = add_open_time(desk, start, first)
    end = add_open_time(desk, between, second)
    assert end == add_open_time(desk, start, first + second)
    middle = start + (end - start) / 3
    assert open_time_between(desk, start, middle) + open_time_between(desk, middle, end) == first + second


@given(calendars, instants | near_changes, budgets, st.lists(st.tuples(instants, instants), max_size=4))
def test_a_due_instant_with_pauses_is_where_the_unpaused_open_time_is_the_budget(
    desk: BusinessCalendar, start: datetime, budget: timedelta, pauses: list[tuple[datetime, datetime]]
) -> None:
    due = due_with_pauses(desk, start, budget, pauses)
    assert open_time_with_pauses(desk, start, due, pauses) == budget


@given(calendars, instants | near_changes, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_closed_and_open_stretches_fill_the_time_between_two_instants(
    desk: BusinessCalendar, start: datetime, length: timedelta
) -> None:
    rows = closed_between(desk, start, start + length)
    closed = sum((row.end - row.start for row in rows), timedelta(0))
    assert closed + open_time_between(desk, start, start + length) == length
    assert all(not is_open(desk, row.start) for row in rows)
    assert all(earlier.end <= later.start for earlier, later in pairwise(rows))


def _minutes_on_the_wall(desk: BusinessCalendar, start: datetime, minutes: int) -> timedelta:
    """Open minutes counted one by one: the wall clock of the zone database against the hours."""
    place, count = ZoneInfo(desk.zone.name), 0
    for number in range(minutes):
        local = (start + number * MINUTE).astimezone(place)
        spans = () if local.date() in desk.holidays else desk.hours[local.weekday()]
        count += any(opens <= local.hour * 60 + local.minute < closes for opens, closes in spans)
    return count * MINUTE


@settings(max_examples=60)
@given(calendars, near_changes)
def test_open_time_is_what_a_count_of_wall_clock_minutes_gives(
    desk: BusinessCalendar, near: datetime
) -> None:
    start = near.replace(second=0, microsecond=0)
    assert open_time_between(desk, start, start + 1200 * MINUTE) == _minutes_on_the_wall(desk, start, 1200)


def _walked(desk: BusinessCalendar, start: datetime, days: int) -> datetime:
    """Business days of a whole-day calendar, walked with the zone database, day after day."""
    place = ZoneInfo(desk.zone.name)
    local = start.astimezone(place).replace(tzinfo=None)

    def is_business(day: date) -> bool:
        return day.weekday() < 5 and day not in desk.holidays

    if not is_business(local.date()):
        local = datetime(local.year, local.month, local.day)
        while not is_business(local.date()):
            local += timedelta(days=1)
    elif days == 0:
        return start
    for _ in range(days):
        local += timedelta(days=1)
        while not is_business(local.date()):
            local += timedelta(days=1)
    return local.replace(tzinfo=place, fold=0).astimezone(UTC)


@given(calendars, instants | near_changes, st.integers(0, 25))
def test_business_days_are_what_a_walk_of_days_gives(
    desk: BusinessCalendar, start: datetime, days: int
) -> None:
    desk = desk.model_copy(update={"hours": WEEKDAYS_ROUND.hours})
    assert add_business_days(desk, start, days) == _walked(desk, start, days)
