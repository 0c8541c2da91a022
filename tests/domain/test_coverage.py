"""How many centres are open, to the second; what recurs stands once; the weeks in which clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.centres.coverage import Recurrence, Stretch, clock_changes, coverage, recurring, weeks
from domain.centres.shifts import OpenSpan
from domain.time.local_time import LocalZone
from policies.zones import local_zone

START = datetime(2027, 3, 1, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NONE: tuple[str, ...] = ()


def span(since: float, until: float) -> OpenSpan:
    return OpenSpan(opens_at=START + since * HOUR, closes_at=START + until * HOUR)


def stretches(**hours: list[OpenSpan]) -> list[tuple[float, float, str]]:
    found = coverage(hours, START, START + DAY)
    return [((one.since - START) / HOUR, (one.until - START) / HOUR, " ".join(one.open)) for one in found]


def test_a_period_is_cut_where_a_centre_opens_or_closes() -> None:
    assert stretches(b=[span(-5, 6), span(20, 30)], a=[span(5, 12)]) == [
        (0, 5, "b"),
        (5, 6, "b a"),
        (6, 12, "a"),
        (12, 20, ""),
        (20, 24, "b"),
    ]


def test_a_minute_without_anybody_is_seen_and_an_hour_handed_over_on_the_dot_is_none() -> None:
    found = coverage(
        {"a": [span(0, 8)], "b": [span(8, 16)], "c": [span(16 + 1 / 60, 24)]}, START, START + DAY
    )
    gaps = [one for one in found if one.is_gap]
    assert [(one.since, one.length) for one in gaps] == [(START + 16 * HOUR, MINUTE)]
    assert not any(one.is_overlap for one in found)


def test_nobody_at_all_is_one_gap() -> None:
    assert stretches() == [(0, 24, "")]
    assert stretches(a=[], b=[span(-9, 0), span(24, 30)]) == [(0, 24, "")]
    assert stretches(a=[span(-1, 30)]) == [(0, 24, "a")]


def test_what_comes_again_every_day_stands_once_and_in_order() -> None:
    def gap(day: int, hour: float = 5, length: float = 1) -> Stretch:
        since = START + day * DAY + hour * HOUR
        return Stretch(since=since, until=since + length * HOUR, open=NONE)

    several = [gap(0), gap(0, 20), gap(1), gap(2), gap(3, 5, 2), gap(4), gap(5)]
    assert recurring(several) == (
        Recurrence(first=gap(0), days=3),
        Recurrence(first=gap(0, 20), days=1),
        Recurrence(first=gap(3, 5, 2), days=1),
        Recurrence(first=gap(4), days=2),
    )
    assert recurring(several)[0].last_since == gap(2).since
    assert recurring([]) == ()


def place(name: str) -> LocalZone:
    return local_zone(name, START - 400 * DAY, START + 400 * DAY)


def test_changes_of_the_clocks_are_listed_once_a_zone_with_their_direction() -> None:
    zones = [
        place(name) for name in ("Australia/Sydney", "Pacific/Auckland", "Australia/Sydney", "Asia/Manila")
    ]
    found = clock_changes(zones, START, START + 230 * DAY)
    assert [(f"{one.at:%m-%dT%H}", one.zone, one.seconds) for one in found] == [
        ("04-03T14", "Pacific/Auckland", -3600),
        ("04-03T16", "Australia/Sydney", -3600),
        ("09-25T14", "Pacific/Auckland", 3600),
        ("10-02T16", "Australia/Sydney", 3600),
    ]
    assert clock_changes(zones, START, found[0].at) == ()
    assert clock_changes(zones, found[0].at, found[0].at + HOUR) == found[:1]


def test_weeks_add_up_and_bear_the_changes_in_them() -> None:
    start, end = START + 2 * DAY, START + 40 * DAY
    hours = {"a": [OpenSpan(opens_at=start, closes_at=end - 6 * HOUR)], "b": [span(50, 51)]}
    changes = clock_changes([place("Australia/Sydney")], start, end)
    found = weeks(coverage(hours, start, end), changes)
    assert [week.monday for week in found] == [date(2027, 3, 1) + number * 7 * DAY for number in range(6)]
    assert [week.overlaps for week in found] == [HOUR] + [0 * HOUR] * 5
    assert [week.gaps for week in found] == [0 * HOUR] * 5 + [6 * HOUR]
    assert [week.fewest_open for week in found] == [1, 1, 1, 1, 1, 0]
    assert [len(week.clock_changes) for week in found] == [0, 0, 0, 0, 1, 0]
    assert weeks((), changes) == ()


lengths = st.integers(1, 40 * 60)
apart = st.lists(st.tuples(lengths, lengths), max_size=4)


def in_a_row(pairs: list[tuple[int, int]]) -> list[OpenSpan]:
    """Stretches of one centre: so many minutes closed, so many open, in turn, from a day before."""
    at, found = START - DAY, []
    for closed, is_open in pairs:
        at += closed * MINUTE
        found.append(OpenSpan(opens_at=at, closes_at=at + is_open * MINUTE))
        at = found[-1].closes_at
    return found


@given(st.dictionaries(st.sampled_from("abc"), apart.map(in_a_row), max_size=3))
def test_stretches_fill_the_period_and_say_for_every_minute_who_is_open(
    hours: dict[str, list[OpenSpan]],
) -> None:
    end = START + 2 * DAY
    found = coverage(hours, START, end)
    assert [found[0].since, *(one.until for one in found)] == [*(one.since for one in found), end]
    assert found[0].since == START
    assert all(first.open != second.open for first, second in pairwise(found))
    for stretch in found:
        for at in {stretch.since, stretch.until - MINUTE, stretch.since + stretch.length // 2}:
            here = [name for name in hours if any(one.opens_at <= at < one.closes_at for one in hours[name])]
            assert list(stretch.open) == here
    assert sum(one.days for one in recurring(found)) == len(found)
