"""A centre at lunch keeps its cases and is given no others; its day ends with its last shift."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.centres.regions import Centre, Roster, Wanted, next_centre, next_opening
from domain.centres.shifts import OpenSpan, breaks, days, open_spans, without
from domain.clocks import Clock
from domain.policy import FollowTheSun, Shift, Weekday
from domain.time.local_time import LocalZone
from domain.timeline import EntryKind
from policies.zones import local_zone
from tests.domain.cases import HOUR, MINUTE, TUESDAY
from tests.domain.relay import Relay, centre

LONGEST = 90 * MINUTE
DAY = timedelta(days=1)
AROUND = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
SYDNEY = local_zone("Australia/Sydney", *AROUND)
MANILA = local_zone("Asia/Manila", *AROUND)
UTC_ZONE = local_zone("UTC", *AROUND)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shifts(*hours: str) -> tuple[Shift, ...]:
    """Shifts of every day, each as `08:00-12:00`."""
    both = (one.split("-") for one in hours)
    return tuple(
        Shift(days=tuple(Weekday), start=time.fromisoformat(start), end=time.fromisoformat(end))
        for start, end in both
    )


def worked(zone: LocalZone, day: str, *hours: str) -> tuple[list[str], list[str]]:
    """The days that touch 24 hours of UTC and their breaks, as `02T08:00 17:00`, in UTC."""
    exact = open_spans(shifts(*hours), zone, frozenset(), at(day), at(day) + DAY)
    return _told(days(exact, LONGEST)), _told(breaks(exact, LONGEST))


def _told(spans: tuple[OpenSpan, ...]) -> list[str]:
    return [f"{span.opens_at:%dT%H:%M} {span.closes_at:%dT%H:%M}" for span in spans]


def test_the_policys_own_value_is_an_hour_and_a_half() -> None:
    assert FollowTheSun().break_up_to == LONGEST


def test_a_lunch_hour_is_a_break_and_an_afternoon_off_ends_the_day() -> None:
    assert worked(UTC_ZONE, "2027-03-02", "08:00-12:00", "13:00-17:00") == (
        ["02T08:00 02T17:00"],
        ["02T12:00 02T13:00"],
    )
    assert worked(UTC_ZONE, "2027-03-02", "08:00-12:00", "13:30-17:00")[1] == ["02T12:00 02T13:30"]
    assert worked(UTC_ZONE, "2027-03-02", "08:00-12:00", "13:31-17:00") == (
        ["02T08:00 02T12:00", "02T13:31 02T17:00"],
        [],
    )


def test_several_breaks_are_one_day_and_a_night_between_two_days_is_none() -> None:
    assert worked(UTC_ZONE, "2027-03-02", "08:00-10:00", "10:15-12:00", "13:00-17:00") == (
        ["02T08:00 02T17:00"],
        ["02T10:00 02T10:15", "02T12:00 02T13:00"],
    )
    assert worked(UTC_ZONE, "2027-03-02", "08:00-17:00") == (["02T08:00 02T17:00"], [])


def test_a_break_may_lie_across_midnight() -> None:
    # 18:00 to 23:30 and 00:30 to 05:00 in Manila, eight hours ahead of UTC.
    assert worked(MANILA, "2027-03-02T08:00", "18:00-23:30", "00:30-05:00") == (
        ["02T10:00 02T21:00"],
        ["02T15:30 02T16:30"],
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # From one to three in the night in Sydney: elapsed time counts, so it is an hour where the clocks go
        # on, two as a rule, and three where they go back.
        ("2027-10-02T10:00", (["02T12:00 02T20:00"], ["02T15:00 02T16:00"])),
        ("2027-10-04T09:00", (["04T11:00 04T14:00", "04T16:00 04T20:00"], [])),
        ("2027-04-03T10:00", (["03T11:00 03T14:00", "03T17:00 03T21:00"], [])),
    ],
    ids=["clocks go on", "any night", "clocks go back"],
)
def test_a_break_in_the_night_the_clocks_change_is_as_long_as_it_lasts(
    day: str, expected: tuple[list[str], list[str]]
) -> None:
    assert worked(SYDNEY, day, "22:00-01:00", "03:00-07:00") == expected


@pytest.mark.parametrize("day", ["2027-10-02T20:00", "2027-04-03T20:00"])
def test_lunch_on_the_day_the_clocks_change_is_an_hour(day: str) -> None:
    lasting, resting = worked(SYDNEY, day, "08:00-12:00", "13:00-17:00")
    assert (len(lasting), len(resting)) == (1, 1)


minutes = st.integers(0, 3 * 24 * 60)
stretches = st.lists(st.tuples(minutes, st.integers(1, 600)), max_size=12)


@given(stretches, st.integers(1, 240))
def test_days_are_what_is_worked_and_its_breaks_and_nothing_else(
    worked_at: list[tuple[int, int]], longest: int
) -> None:
    spans = tuple(
        OpenSpan(opens_at=TUESDAY + start * MINUTE, closes_at=TUESDAY + (start + length) * MINUTE)
        for start, length in worked_at
    )
    whole, resting = days(spans, longest * MINUTE), breaks(spans, longest * MINUTE)
    assert without(whole, resting) == days(spans, timedelta(0))
    assert all(span.closes_at - span.opens_at <= longest * MINUTE for span in resting)
    assert all(after.opens_at - before.closes_at > longest * MINUTE for before, after in pairwise(whole))


LUNCH = OpenSpan(opens_at=TUESDAY + 2 * HOUR, closes_at=TUESDAY + 3 * HOUR)
AT_LUNCH = TUESDAY + 2.5 * HOUR


def test_a_case_is_not_handed_away_for_lunch_and_travels_at_the_end_of_the_day() -> None:
    relay = Relay([centre("sydney", -1, 8, breaks=(LUNCH,)), centre("manila", -1, 15)])
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    assert relay.due(Clock.HANDOFF) == TUESDAY + 8 * HOUR
    relay.until(TUESDAY + 7 * HOUR)
    assert (relay.case.region, relay.happened(EntryKind.HELD, EntryKind.HANDED_OVER)) == ("sydney", [])
    assert relay.until(TUESDAY + 8 * HOUR).case.region == "manila"


def test_who_looks_at_lunch_leaves_the_case_where_it_is() -> None:
    relay = Relay([centre("sydney", -1, 8, breaks=(LUNCH,)), centre("manila", -1, 15)])
    relay.say("respond", TUESDAY + MINUTE, text="I am on it.")
    relay.say("change_level", AT_LUNCH, level="P2", reason="There is a way round.")
    assert (relay.case.region, relay.due(Clock.HANDOFF)) == ("sydney", TUESDAY + 8 * HOUR)


def roster(*centres: Centre) -> Roster:
    return Roster(read_at=AT_LUNCH, until=TUESDAY + 48 * HOUR, centres=centres)


def test_a_centre_at_lunch_is_given_nothing_until_it_is_back() -> None:
    resting = centre("manila", -1, 15, breaks=(LUNCH,))
    wanted = Wanted(home="manila")
    assert next_centre(roster(resting), AT_LUNCH, wanted) is None
    assert next_opening(roster(resting), AT_LUNCH, wanted) == LUNCH.closes_at
    back = next_centre(roster(resting), LUNCH.closes_at, wanted)
    assert back is not None
    assert back.name == "manila"
    assert next_centre(roster(resting, centre("perth", -1, 4)), AT_LUNCH, wanted) == centre("perth", -1, 4)


def test_a_centre_closed_by_hand_over_lunch_is_not_back_after_it() -> None:
    lunch_and_on = OpenSpan(opens_at=LUNCH.opens_at, closes_at=LUNCH.closes_at + HOUR)
    day = centre("manila", -1, 15, breaks=(LUNCH,))
    shut = day.model_copy(update={"open": without(day.open, (lunch_and_on,))})
    assert next_opening(roster(shut), AT_LUNCH, Wanted()) == lunch_and_on.closes_at
