"""What a calendar promises: opening hours, open time and business days, instant by instant."""

from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError

from domain.time.calendar import (
    Boundary,
    BusinessCalendar,
    CalendarNeverOpens,
    Span,
    SpecialDay,
    add_business_days,
    add_open_time,
    is_open,
    next_opening,
    open_time_between,
    take_out,
)
from policies.zones import local_zone
from tests.domain.desks import (
    ALL_DAY,
    AROUND_THE_CLOCK,
    AUCKLAND,
    HOUR,
    MELBOURNE,
    NEVER,
    NINE_TO_FIVE,
    WEEKDAYS_ROUND,
    calendar,
    utc,
)


@pytest.mark.parametrize(
    ("place", "start", "due"),
    [
        (MELBOURNE, "2026-10-02T16:30", "2026-10-03T16:30"),  # Sun 02:30 does not exist: 03:30
        (AUCKLAND, "2026-09-25T14:30", "2026-09-26T14:30"),
        (MELBOURNE, "2026-04-03T15:30", "2026-04-04T15:30"),  # Sun 02:30 exists twice: the first
        (AUCKLAND, "2026-04-03T13:30", "2026-04-04T13:30"),
        (MELBOURNE, "2026-10-03T00:00", "2026-10-03T23:00"),  # Sat 10:00 to Sun 10:00, 23 real hours
        (AUCKLAND, "2026-04-03T21:00", "2026-04-04T22:00"),  # Sat 10:00 to Sun 10:00, 25 real hours
    ],
)
def test_business_days_keep_the_local_time_over_a_change_of_the_clocks(
    place: str, start: str, due: str
) -> None:
    assert add_business_days(calendar(place, hours=(ALL_DAY,) * 7), utc(start), 1) == utc(due)


def test_no_business_days_from_the_second_of_two_equal_local_times_stay_there() -> None:
    second = utc("2026-04-04T16:30")
    assert add_business_days(AROUND_THE_CLOCK, second, 0) == second


def test_business_days_from_a_holiday_roll_to_the_next_opening_first() -> None:
    # Good Friday and Easter Monday: from Friday 10:00 to Tuesday 09:00, then Wednesday.
    easter = calendar(holidays=["2026-04-03", "2026-04-06"])
    assert add_business_days(easter, utc("2026-04-02T23:00"), 0) == utc("2026-04-06T23:00")
    assert add_business_days(easter, utc("2026-04-02T23:00"), 1) == utc("2026-04-07T23:00")


def test_on_a_calendar_of_whole_days_a_weekend_rolls_to_midnight() -> None:
    assert add_business_days(WEEKDAYS_ROUND, utc("2026-06-06T05:00"), 3) == utc("2026-06-10T14:00")


def test_a_rolled_start_is_due_at_the_opening_of_the_last_date() -> None:
    uneven = calendar("UTC", hours=(NINE_TO_FIVE, (Span(600, 960),)) * 2 + (NINE_TO_FIVE, (), ()))
    assert add_business_days(uneven, utc("2026-06-07T12:00"), 1) == utc("2026-06-09T10:00")


def test_business_days_from_a_lunch_break_keep_the_local_time() -> None:
    lunch = calendar("UTC", hours=((Span(540, 720), Span(780, 1020)),) * 5 + ((), ()))
    assert add_business_days(lunch, utc("2026-06-05T12:30"), 1) == utc("2026-06-08T12:30")


def test_the_closing_instant_is_closed_and_the_opening_instant_open() -> None:
    desk = calendar("UTC")
    assert is_open(desk, utc("2026-06-05T09:00"))
    assert not is_open(desk, utc("2026-06-05T17:00"))
    assert next_opening(desk, utc("2026-06-05T17:00")) == utc("2026-06-08T09:00")
    assert next_opening(desk, utc("2026-06-05T16:59")) == utc("2026-06-05T16:59")
    assert add_business_days(desk, utc("2026-06-05T17:00"), 1) == utc("2026-06-09T09:00")


def test_a_budget_used_up_at_closing_is_due_then_or_at_the_next_opening_as_declared() -> None:
    desk, start = calendar("UTC"), utc("2026-06-05T15:00")
    assert add_open_time(desk, start, 2 * HOUR) == utc("2026-06-05T17:00")
    assert add_open_time(desk, start, 2 * HOUR, boundary=Boundary.NEXT_OPEN) == utc("2026-06-08T09:00")


@pytest.mark.parametrize("boundary", Boundary)
def test_no_budget_outside_hours_is_due_at_the_next_opening(boundary: Boundary) -> None:
    due = add_open_time(calendar("UTC"), utc("2026-06-05T17:00"), timedelta(0), boundary=boundary)
    assert due == utc("2026-06-08T09:00")


@pytest.mark.parametrize("boundary", Boundary)
@pytest.mark.parametrize("start", ["2026-10-01T03:04:05.000006", "2026-04-01T03:04:05.000006"])
def test_around_the_clock_open_time_is_real_time(start: str, boundary: Boundary) -> None:
    for budget in (timedelta(0), HOUR, timedelta(days=5), timedelta(days=90)):
        assert add_open_time(AROUND_THE_CLOCK, utc(start), budget, boundary=boundary) == utc(start) + budget


def test_a_span_over_a_change_of_the_clocks_is_shorter_or_longer_in_real_time() -> None:
    night = calendar(hours=((Span(60, 240),),) * 7)
    spring, autumn = utc("2026-10-03T14:00"), utc("2026-04-04T13:00")
    assert open_time_between(night, spring, spring + 12 * HOUR) == 2 * HOUR
    assert open_time_between(night, autumn, autumn + 12 * HOUR) == 4 * HOUR


def test_an_opening_that_does_not_exist_opens_when_the_wall_clock_has_passed_it() -> None:
    early = calendar(hours=((Span(150, 600),),) * 7)
    assert next_opening(early, utc("2026-10-03T14:00")) == utc("2026-10-03T16:00")


def _sundays(first: date, years: int) -> list[str]:
    days = (first + timedelta(days=number) for number in range(366 * years))
    return [day.isoformat() for day in days if day.weekday() == 6]


ONLY_SUNDAYS_AND_NONE_LEFT = calendar(
    hours=((),) * 6 + (ALL_DAY,), holidays=_sundays(date(2026, 1, 1), years=11)
)


@pytest.mark.parametrize("never", [NEVER, ONLY_SUNDAYS_AND_NONE_LEFT], ids=["no hours", "all taken out"])
def test_a_calendar_that_never_opens_is_refused_and_no_search_runs_for_ever(never: BusinessCalendar) -> None:
    with pytest.raises(CalendarNeverOpens, match=r"'desk' has no opening within 3660 days"):
        next_opening(never, utc("2026-06-05T12:00"))
    with pytest.raises(CalendarNeverOpens):
        add_open_time(never, utc("2026-06-05T12:00"), HOUR)
    with pytest.raises(CalendarNeverOpens):
        add_business_days(never, utc("2026-06-05T12:00"), 1)
    assert open_time_between(never, utc("2026-06-05"), utc("2026-12-05")) == timedelta(0)


def test_business_days_after_the_last_opening_of_all_are_refused() -> None:
    once = calendar("UTC", hours=((),) * 7, special=[SpecialDay(on=date(2026, 6, 5), spans=NINE_TO_FIVE)])
    with pytest.raises(CalendarNeverOpens, match="after 2026-06-05"):
        add_business_days(once, utc("2026-06-05T12:00"), 1)


@pytest.mark.parametrize(
    "spans", [(Span(540, 540),), (Span(600, 540),), (Span(0, 1441),), (Span(0, 600), Span(540, 700))]
)
def test_spans_that_are_no_hours_of_a_day_are_refused(spans: tuple[Span, ...]) -> None:
    with pytest.raises(ValidationError):
        calendar(hours=(spans,) * 7)


def test_holidays_out_of_order_and_naive_or_negative_input_are_refused() -> None:
    with pytest.raises(ValidationError):
        calendar(holidays=["2026-04-06", "2026-04-03"])
    with pytest.raises(ValueError, match="needs a zone"):
        is_open(calendar(), datetime(2026, 6, 5))
    with pytest.raises(ValueError, match="below zero"):
        add_open_time(calendar(), utc("2026-06-05"), -HOUR)
    with pytest.raises(ValueError, match="below zero"):
        add_business_days(calendar(), utc("2026-06-05"), -1)


def test_a_holiday_beats_a_special_day_and_a_special_day_beats_the_weekday() -> None:
    special = [SpecialDay(on=date(2026, 6, day), spans=(Span(660, 720),)) for day in (4, 5)]
    desk = calendar("UTC", holidays=["2026-06-04"], special=special)
    assert open_time_between(desk, utc("2026-06-04"), utc("2026-06-06")) == HOUR


def test_breaks_are_taken_out_of_spans() -> None:
    breaks = (Span(0, 60), Span(540, 600), Span(700, 730), Span(1000, 1100))
    assert take_out(NINE_TO_FIVE, breaks) == (Span(600, 700), Span(730, 1000))
    assert take_out(NINE_TO_FIVE, (Span(0, 1440),)) == ()


def test_a_calendar_in_history_is_small_and_comes_back_equal() -> None:
    holidays = [f"2026-{month:02d}-15" for month in range(1, 13)] + ["2027-01-01", "2027-01-26"]
    desk = calendar(holidays=holidays).model_copy(
        update={"zone": local_zone(MELBOURNE, utc("2026-01-01"), utc("2027-02-05"))}
    )
    text = desk.model_dump_json()
    assert len(text) < 700
    again = BusinessCalendar.model_validate_json(text)
    assert again == desk
    assert add_business_days(again, utc("2026-10-01T05:00"), 3) == add_business_days(
        desk, utc("2026-10-01T05:00"), 3
    )


def test_a_copy_with_other_holidays_obeys_them() -> None:
    desk, start = calendar("UTC"), utc("2026-06-05T12:00")
    add_business_days(desk, start, 1)
    other = desk.model_copy(update={"holidays": (date(2026, 6, 8),)})
    assert add_business_days(other, start, 1) == utc("2026-06-09T12:00")
