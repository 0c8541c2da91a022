"""What is promised of a clock that stands still, and of the reasons for which a desk was closed."""

from datetime import date, timedelta

from domain.centres.closures import closed_between
from domain.time.calendar import Span, SpecialDay, add_open_time
from domain.time.pauses import due_with_pauses, open_time_with_pauses
from tests.domain.desks import AROUND_THE_CLOCK, HOUR, calendar, utc


def test_a_pause_stands_still_only_where_the_clock_would_have_run() -> None:
    desk, start = calendar("UTC"), utc("2026-06-05T15:00")
    overnight = [(utc("2026-06-05T16:00"), utc("2026-06-08T10:00"))]
    assert due_with_pauses(desk, start, 2 * HOUR, overnight) == utc("2026-06-08T11:00")
    assert open_time_with_pauses(desk, start, utc("2026-06-08T11:00"), overnight) == 2 * HOUR
    outside = [(utc("2026-06-06T00:00"), utc("2026-06-07T00:00"))]
    assert due_with_pauses(desk, start, 3 * HOUR, outside) == add_open_time(desk, start, 3 * HOUR)


def test_overlapping_and_unordered_pauses_count_once() -> None:
    start = utc("2026-06-05T09:00")
    pauses = [(start + a * HOUR, start + b * HOUR) for a, b in [(4, 5), (1, 3), (2, 3), (6, 6)]]
    assert due_with_pauses(AROUND_THE_CLOCK, start, 2 * HOUR, pauses) == start + 4 * HOUR
    assert due_with_pauses(AROUND_THE_CLOCK, start, 3 * HOUR, pauses) == start + 6 * HOUR
    assert open_time_with_pauses(AROUND_THE_CLOCK, start, start + 8 * HOUR, pauses) == 5 * HOUR
    assert open_time_with_pauses(AROUND_THE_CLOCK, start, start - HOUR, pauses) == timedelta(0)


def test_a_budget_used_up_where_a_pause_begins_is_due_there_but_none_waits_for_its_end() -> None:
    start = utc("2026-06-05T09:00")
    pauses = [(start + HOUR, start + 2 * HOUR)]
    assert due_with_pauses(AROUND_THE_CLOCK, start, HOUR, pauses) == start + HOUR
    assert due_with_pauses(AROUND_THE_CLOCK, start + HOUR, timedelta(0), pauses) == start + 2 * HOUR


def test_closed_stretches_are_told_with_their_reason_and_date() -> None:
    special = [SpecialDay(on=date(2026, 4, 7), spans=(Span(600, 1020),))]
    easter = calendar("UTC", holidays=["2026-04-03", "2026-04-06"], special=special)
    rows = closed_between(easter, utc("2026-04-01T12:00"), utc("2026-04-07T12:00"))
    assert [(row.start, row.end, row.reason.value, row.on.isoformat()) for row in rows] == [
        (utc("2026-04-01T17:00"), utc("2026-04-02T09:00"), "outside_hours", "2026-04-01"),
        (utc("2026-04-02T17:00"), utc("2026-04-03T00:00"), "outside_hours", "2026-04-02"),
        (utc("2026-04-03T00:00"), utc("2026-04-04T00:00"), "holiday", "2026-04-03"),
        (utc("2026-04-04T00:00"), utc("2026-04-06T00:00"), "weekend", "2026-04-04"),
        (utc("2026-04-06T00:00"), utc("2026-04-07T00:00"), "holiday", "2026-04-06"),
        (utc("2026-04-07T00:00"), utc("2026-04-07T09:00"), "outside_hours", "2026-04-07"),
        (utc("2026-04-07T09:00"), utc("2026-04-07T10:00"), "special", "2026-04-07"),
    ]


def test_two_holidays_in_a_row_stay_two_rows_and_a_change_of_the_clocks_splits_none() -> None:
    christmas = calendar("UTC", holidays=["2026-12-24", "2026-12-25"])
    rows = closed_between(christmas, utc("2026-12-24"), utc("2026-12-26"))
    assert [row.on.day for row in rows] == [24, 25]
    (weekend,) = closed_between(calendar(), utc("2026-10-02T14:00"), utc("2026-10-04T13:00"))
    assert (weekend.start, weekend.end) == (utc("2026-10-02T14:00"), utc("2026-10-04T13:00"))


def test_a_holiday_on_which_the_clocks_change_is_one_row() -> None:
    sunday = calendar(holidays=["2026-10-04"])
    rows = closed_between(sunday, utc("2026-10-03T14:00"), utc("2026-10-04T13:00"))
    assert [(row.start, row.end) for row in rows] == [(utc("2026-10-03T14:00"), utc("2026-10-04T13:00"))]
