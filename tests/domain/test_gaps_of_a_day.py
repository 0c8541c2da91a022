"""Business days at a desk that is closed for a part of the day: outside the hours, also in a gap (GAP-01)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import Clock
from domain.rules import RULES_0_3
from domain.time.calendar import Gap, Span, SpecialDay, add_business_days, is_open
from tests.domain.cases import SECOND, Story
from tests.domain.desks import calendar, utc
from tests.domain.own_desk import LUNCH, desk, held_to, local, opened_under
from tests.people import P3

LUNCH_HOURS = (Span(540, 780), Span(840, 1080))
NIGHTS = ((Span(0, 360), Span(1320, 1440)),) * 5 + ((), ())


def _due(at: str, hours: str = LUNCH, friday: str | None = None) -> str:
    story = opened_under(held_to(utc(at), desk(hours, friday)), utc(at), **P3)
    return local(story, story.due(Clock.INITIAL_RESPONSE))


def test_a_request_in_the_lunch_break_counts_from_the_end_of_it() -> None:
    assert _due("2027-06-15T03:15") == "Wed 16 Jun 14:00"


def test_a_request_at_the_last_second_before_it_counts_from_then() -> None:
    assert _due("2027-06-15T02:59") == "Wed 16 Jun 12:59"
    assert _due("2027-06-15T03:00") == "Wed 16 Jun 14:00"
    assert _due("2027-06-15T04:00") == "Wed 16 Jun 14:00"


def test_a_request_outside_the_day_is_due_at_the_opening_as_ever() -> None:
    assert _due("2027-06-14T22:00") == "Wed 16 Jun 09:00"
    assert _due("2027-06-15T09:00") == "Thu 17 Jun 09:00"


def test_a_night_desk_that_is_asked_by_day_counts_from_the_evening() -> None:
    nights = calendar("UTC", hours=NIGHTS)
    due = add_business_days(nights, utc("2027-06-15T12:00"), 1, gap=Gap.OUTSIDE)
    assert due == utc("2027-06-16T22:00")


def test_what_would_fall_due_after_an_early_closing_rolls_to_the_next_opening() -> None:
    assert _due("2027-06-17T06:00", friday="9:15") == "Mon 21 Jun 09:00"


def test_what_falls_due_exactly_at_closing_is_due_then() -> None:
    assert _due("2027-06-17T05:00", friday="9:15") == "Fri 18 Jun 15:00"


def test_a_day_that_is_closed_from_noon_counts_and_what_is_due_later_rolls() -> None:
    eve = SpecialDay(on=date(2026, 12, 24), spans=(Span(0, 720),))
    week = calendar("UTC", hours=((Span(0, 1440),),) * 5 + ((), ()), special=(eve,))
    assert add_business_days(week, utc("2026-12-23T09:00"), 1, gap=Gap.OUTSIDE) == utc("2026-12-24T09:00")
    assert add_business_days(week, utc("2026-12-23T15:00"), 1, gap=Gap.OUTSIDE) == utc("2026-12-25T00:00")
    assert add_business_days(week, utc("2026-12-24T15:00"), 1, gap=Gap.OUTSIDE) == utc("2026-12-28T00:00")


def test_vectors_keep_their_own_reading_of_a_gap() -> None:
    lunch = calendar("UTC", hours=(LUNCH_HOURS,) * 5 + ((), ()))
    assert add_business_days(lunch, utc("2027-06-15T13:15"), 1) == utc("2027-06-16T13:15")


def test_a_run_under_earlier_rules_counts_a_gap_as_open() -> None:
    at = utc("2027-06-15T03:15")
    story = opened_under(held_to(at, desk(LUNCH)), at, **P3)
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    story.say("resolve", at, kind="resolution", text="Done")
    assert local(story, story.due(Clock.AUTO_CLOSE)) == "Fri 18 Jun 13:15"


@settings(max_examples=80)
@given(
    st.integers(0, 120 * 24 * 60),
    st.integers(0, 6),
    st.sampled_from(
        [NIGHTS, (LUNCH_HOURS,) * 5 + ((), ()), (LUNCH_HOURS,) * 4 + ((Span(600, 630),), (), ())]
    ),
    st.sampled_from(["UTC", "Australia/Melbourne", "Pacific/Auckland"]),
)
def test_business_days_are_never_due_while_the_desk_is_closed(minutes, days, hours, place) -> None:
    desk_hours = calendar(place, hours=hours, holidays=("2026-03-09", "2026-04-03"))
    start = utc("2026-02-01T00:00") + timedelta(minutes=minutes)
    due = add_business_days(desk_hours, start, days, gap=Gap.OUTSIDE)
    assert due >= start
    assert is_open(desk_hours, due) or is_open(desk_hours, due - SECOND)


@pytest.mark.parametrize("hours", ["7:19", "9:17"])
def test_a_desk_without_gaps_counts_as_before(hours: str) -> None:
    for hour in range(0, 24 * 9, 5):
        at = utc("2027-06-10T00:00") + timedelta(hours=hour)
        story: Story = opened_under(held_to(at, desk(hours)), at, **P3)
        given_ = story.case.terms.calendar
        assert story.due(Clock.INITIAL_RESPONSE) == add_business_days(given_, at, 1)
