"""When a centre works, to the second: across midnight, over changes of the clocks, without holidays."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.centres.shifts import OpenSpan, open_spans, without
from domain.policy import Shift, SupportPolicy, Weekday
from domain.time.local_time import LocalZone
from policies import load_policy
from policies.opening_hours import opening_hours
from policies.zones import local_zone

WEEK = tuple(Weekday)
DAY = timedelta(days=1)
YEAR = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
PLACES = {
    name: local_zone(name, YEAR[0] - 10 * DAY, YEAR[1] + 10 * DAY)
    for name in ("Australia/Sydney", "Pacific/Auckland", "Asia/Manila", "Australia/Lord_Howe", "UTC")
}
SYDNEY, AUCKLAND = PLACES["Australia/Sydney"], PLACES["Pacific/Auckland"]
RHIPE: SupportPolicy = load_policy("rhipe-csp")
CENTRES = tuple(RHIPE.regions)


def shift(start: str, end: str, *days: str) -> Shift:
    return Shift(
        days=tuple(map(Weekday, days)) or WEEK, start=time.fromisoformat(start), end=time.fromisoformat(end)
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(
    *shifts: Shift, zone: LocalZone, day: str, days: int = 1, closed: tuple[str, ...] = ()
) -> list[str]:
    """The stretches that touch a day of UTC, as `02T23:00 08:00`."""
    closed_on = frozenset(map(date.fromisoformat, closed))
    found = open_spans(shifts, zone, closed_on, at(day), at(day) + days * DAY)
    return [f"{span.opens_at:%dT%H:%M} {span.closes_at:%dT%H:%M}" for span in found]


def test_a_shift_is_that_of_the_local_day() -> None:
    assert hours(shift("09:00", "18:00"), zone=SYDNEY, day="2027-03-02") == [
        "01T22:00 02T07:00",
        "02T22:00 03T07:00",
    ]
    assert hours(shift("09:00", "18:00", "tue"), zone=SYDNEY, day="2027-03-02", days=6) == [
        "01T22:00 02T07:00"
    ]


def test_a_night_shift_belongs_to_the_day_on_which_it_starts() -> None:
    night = shift("22:00", "07:00", "fri")
    assert hours(night, zone=PLACES["Asia/Manila"], day="2027-03-01", days=14) == [
        "05T14:00 05T23:00",
        "12T14:00 12T23:00",
    ]
    assert hours(shift("00:00", "00:00", "sun"), zone=PLACES["UTC"], day="2027-03-07") == [
        "07T00:00 08T00:00"
    ]


def test_several_shifts_a_day_are_kept_apart_by_the_break() -> None:
    split = (shift("09:00", "12:00"), shift("13:00", "18:00"))
    assert hours(*split, zone=PLACES["UTC"], day="2027-03-02") == ["02T09:00 02T12:00", "02T13:00 02T18:00"]


@pytest.mark.parametrize("early_end", ["12:00", "15:00"])
def test_shifts_that_touch_or_overlap_are_one_stretch(early_end: str) -> None:
    both = (shift("12:00", "20:00"), shift("06:00", early_end))
    assert hours(*both, zone=PLACES["UTC"], day="2027-03-02") == ["02T06:00 02T20:00"]
    inside = (shift("06:00", "20:00"), shift("08:00", "09:00"))
    assert hours(*inside, zone=PLACES["UTC"], day="2027-03-02") == ["02T06:00 02T20:00"]


def test_around_the_clock_is_one_stretch() -> None:
    found = open_spans((shift("00:00", "00:00"),), SYDNEY, frozenset(), at("2027-04-02"), at("2027-04-09"))
    assert len(found) == 1
    assert found[0].opens_at <= at("2027-04-02") < at("2027-04-09") <= found[0].closes_at


def test_a_stretch_that_began_before_is_whole_and_the_closing_instant_is_closed() -> None:
    day = shift("09:00", "18:00")
    assert [
        (span.opens_at, span.closes_at)
        for span in open_spans((day,), SYDNEY, frozenset(), at("2027-03-02T06:59"), at("2027-03-02T07:00"))
    ] == [(at("2027-03-01T22:00"), at("2027-03-02T07:00"))]
    assert open_spans((day,), SYDNEY, frozenset(), at("2027-03-02T07:00"), at("2027-03-02T22:00")) == ()


@pytest.mark.covers("GAP-12")
def test_a_centre_that_closes_on_a_holiday_works_the_night_that_began_before() -> None:
    night = shift("22:00", "07:00")
    assert hours(night, zone=PLACES["UTC"], day="2027-03-02", days=2, closed=("2027-03-02",)) == [
        "01T22:00 02T07:00",
        "03T22:00 04T07:00",
    ]


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        # The night from Saturday to Sunday, by hand: ten hours where the clocks go back, eight where on.
        (AUCKLAND, "2027-04-03", "03T09:00 03T19:00"),
        (AUCKLAND, "2027-09-25", "25T10:00 25T18:00"),
        (SYDNEY, "2027-04-03", "03T11:00 03T21:00"),
        (SYDNEY, "2027-10-02", "02T12:00 02T20:00"),
    ],
)
def test_a_night_in_which_clocks_change_ends_at_the_same_local_time(
    zone: LocalZone, day: str, expected: str
) -> None:
    assert hours(shift("22:00", "07:00", "sat"), zone=zone, day=day) == [expected]


@pytest.mark.parametrize(
    ("zone", "day", "start", "end", "expected"),
    [
        # 2 to 3 does not exist there: it moves forward by the hour, and such a shift is none.
        (SYDNEY, "2027-10-02", "02:00", "03:00", []),
        (SYDNEY, "2027-10-02", "02:30", "04:00", ["02T16:30 02T17:00"]),
        (SYDNEY, "2027-10-02", "01:00", "02:30", ["02T15:00 02T16:30"]),
        (AUCKLAND, "2027-09-25", "02:30", "04:00", ["25T14:30 25T15:00"]),
        # 2 to 3 comes twice: the first counts, at both ends.
        (SYDNEY, "2027-04-03", "02:30", "04:00", ["03T15:30 03T18:00"]),
        (SYDNEY, "2027-04-03", "01:00", "02:30", ["03T14:00 03T15:30"]),
        (AUCKLAND, "2027-04-03", "02:00", "03:00", ["03T13:00 03T15:00"]),
    ],
)
@pytest.mark.covers("GAP-01")
def test_a_skipped_hour_moves_forward_and_a_doubled_one_is_the_first(
    zone: LocalZone, day: str, start: str, end: str, expected: list[str]
) -> None:
    assert hours(shift(start, end, "sun"), zone=zone, day=day, days=2) == expected


def test_closed_stretches_are_taken_out() -> None:
    def span(since: int, until: int) -> OpenSpan:
        return OpenSpan(opens_at=at("2027-03-02") + since * DAY, closes_at=at("2027-03-02") + until * DAY)

    two = (span(0, 4), span(6, 9))
    assert without(two, ()) == two
    assert without(two, (span(4, 6),)) == two
    assert without(two, (span(1, 2),)) == (span(0, 1), span(2, 4), span(6, 9))
    assert without(two, (span(3, 7),)) == (span(0, 3), span(7, 9))
    assert without(two, (span(0, 9),)) == ()
    assert without(two, (span(1, 2), span(1, 3), span(8, 99))) == (span(0, 1), span(3, 4), span(6, 8))


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
shifts = st.builds(
    Shift, days=st.lists(st.sampled_from(WEEK), min_size=1, max_size=7).map(tuple), start=times, end=times
)
zones = st.sampled_from(sorted(PLACES))
# Half of the moments lie around the changes of the clocks, where there is something to get wrong.
changes = st.sampled_from([change.at for zone in PLACES.values() for change in zone.changes[1:]])
moments = st.datetimes(datetime(2027, 1, 2), datetime(2027, 12, 20), timezones=st.just(UTC)) | st.builds(
    lambda instant, by: instant + by, changes, st.timedeltas(-2 * DAY, 2 * DAY)
)
closures = st.lists(
    st.builds(
        lambda start, length: OpenSpan(opens_at=start, closes_at=start + length),
        moments,
        st.timedeltas(timedelta(minutes=1), 3 * DAY),
    ),
    max_size=4,
).map(tuple)


@given(st.lists(shifts, max_size=4).map(tuple), zones, moments, st.timedeltas(timedelta(hours=1), 5 * DAY))
def test_stretches_are_in_order_apart_and_touch_what_was_asked_for(
    several: tuple[Shift, ...], zone: str, start: datetime, length: timedelta
) -> None:
    found = open_spans(several, PLACES[zone], frozenset(), start, start + length)
    assert all(span.opens_at < span.closes_at for span in found)
    assert all(first.closes_at < second.opens_at for first, second in pairwise(found))
    assert all(span.closes_at > start and span.opens_at < start + length for span in found)


@given(st.lists(shifts, min_size=1, max_size=3).map(tuple), zones, moments)
def test_who_asks_for_less_learns_the_same(several: tuple[Shift, ...], zone: str, start: datetime) -> None:
    end = start + 2 * DAY
    wide = open_spans(several, PLACES[zone], frozenset(), start - DAY, end + DAY)
    narrow = open_spans(several, PLACES[zone], frozenset(), start, end)
    instants = [start + timedelta(minutes=7) * step for step in range(400)]
    assert [is_open(narrow, one) for one in instants] == [is_open(wide, one) for one in instants]


@given(shifts, zones, moments)
def test_a_wall_clock_shows_the_ends_of_the_shift_unless_the_hour_is_skipped(
    one: Shift, zone: str, start: datetime
) -> None:
    local = PLACES[zone]
    for span in open_spans((one,), local, frozenset(), start, start + 2 * DAY):
        for instant, edge in ((span.opens_at, one.start), (span.closes_at, one.end)):
            wall = local.to_local(instant)
            skipped = local.to_utc(datetime.combine(wall.date(), edge)) == instant and wall.time() != edge
            # A shift around the clock joins its days, so only its ends are edges.
            assert wall.time() == edge or skipped


@given(st.lists(shifts, max_size=3).map(tuple), zones, moments, closures)
def test_open_is_what_the_shifts_say_and_nobody_closed(
    several: tuple[Shift, ...], zone: str, start: datetime, closed: tuple[OpenSpan, ...]
) -> None:
    spans = open_spans(several, PLACES[zone], frozenset(), start, start + 3 * DAY)
    left = without(spans, closed)
    edges = [edge for span in (*spans, *closed) for edge in (span.opens_at, span.closes_at)]
    for instant in [*edges, *(start + timedelta(hours=5) * step for step in range(15))]:
        assert is_open(left, instant) == (is_open(spans, instant) and not is_open(closed, instant))
    assert without(left, closed) == left


def is_open(spans: tuple[OpenSpan, ...], instant: datetime) -> bool:
    return any(span.opens_at <= instant < span.closes_at for span in spans)


# The five centres in the weeks in which clocks change. Closing instants by hand: (before, after).
CLOSES_AT = {
    ("auckland", "2027-04-04"): ("04:00", "05:00"),
    ("auckland", "2027-09-26"): ("05:00", "04:00"),
    ("auckland", "2027-10-03"): ("04:00", "04:00"),
    ("sydney", "2027-04-04"): ("07:00", "08:00"),
    ("sydney", "2027-09-26"): ("08:00", "08:00"),
    ("sydney", "2027-10-03"): ("08:00", "07:00"),
    ("melbourne", "2027-04-04"): ("07:00", "08:00"),
    ("melbourne", "2027-09-26"): ("08:00", "08:00"),
    ("melbourne", "2027-10-03"): ("08:00", "07:00"),
    ("kuala_lumpur", "2027-04-04"): ("15:00", "15:00"),
    ("kuala_lumpur", "2027-09-26"): ("15:00", "15:00"),
    ("kuala_lumpur", "2027-10-03"): ("15:00", "15:00"),
    ("manila", "2027-04-04"): ("23:00", "23:00"),
    ("manila", "2027-09-26"): ("23:00", "23:00"),
    ("manila", "2027-10-03"): ("23:00", "23:00"),
}
CHANGES = sorted({day for _, day in CLOSES_AT})
PAIRS = [(giver, taker) for giver in CENTRES for taker in CENTRES if giver != taker]


@pytest.mark.parametrize("day", CHANGES)
@pytest.mark.parametrize(("giver", "taker"), PAIRS)
def test_a_handover_is_at_the_right_local_time_of_both_around_a_change_of_the_clocks(
    giver: str, taker: str, day: str
) -> None:
    """Two weeks: the changes are on Sunday at 2 or 3, and every shift end of that day is after it."""
    sunday = date.fromisoformat(day)
    start, end = at(day) - 7 * DAY, at(day) + 7 * DAY
    before, after = (time.fromisoformat(text) for text in CLOSES_AT[giver, day])
    taken = opening_hours(RHIPE, taker, start - DAY, end + DAY)
    ends = [
        span.closes_at for span in opening_hours(RHIPE, giver, start, end) if start <= span.closes_at < end
    ]
    assert len(ends) == 14
    for instant in ends:
        given_at = instant.astimezone(ZoneInfo(RHIPE.regions[giver].zone))
        assert given_at.time() == RHIPE.regions[giver].shifts[0].end
        assert instant.time() == (before if given_at.date() < sunday else after)
        received_at = instant.astimezone(ZoneInfo(RHIPE.regions[taker].zone))
        assert is_open(taken, instant) == by_the_wall_clock(taker, received_at.time())


def by_the_wall_clock(centre: str, wall: time) -> bool:
    (rule,) = RHIPE.regions[centre].shifts
    if rule.start < rule.end:
        return rule.start <= wall < rule.end
    return wall >= rule.start or wall < rule.end
