"""Who takes a case next: home first, then who stays longest; boundaries are law, the rest is preference."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.centres.regions import HORIZON, Centre, Roster, Wanted, next_centre, next_opening
from domain.centres.shifts import OpenSpan

AT = datetime(2027, 3, 2, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANYWHERE = Wanted()


def open_for(hours: float, since: float = -1) -> tuple[OpenSpan, ...]:
    return (OpenSpan(opens_at=AT + since * HOUR, closes_at=AT + hours * HOUR),)


def centre(name: str, hours: float = 4, **more: Any) -> Centre:
    return Centre(name=name, zone="UTC", **{"open": open_for(hours), **more})


def roster(*centres: Centre) -> Roster:
    return Roster(read_at=AT, until=AT + HORIZON, centres=centres)


def chosen(*centres: Centre, wanted: Wanted = ANYWHERE, without: tuple[str, ...] = ()) -> str | None:
    found = next_centre(roster(*centres), AT, wanted, without)
    return None if found is None else found.name


def test_an_open_home_goes_first_whatever_speaks_for_another() -> None:
    other = centre("far", 9, languages=("es",), skills=("billing",))
    wanted = Wanted(home="home", language="es", skill="billing")
    assert chosen(other, centre("home", 1, open_cases=99), wanted=wanted) == "home"
    assert chosen(other, centre("home", open=open_for(9, since=1)), wanted=wanted) == "far"


@pytest.mark.covers("GAP-11", "RHIPE-25")
def test_else_the_one_whose_shift_ends_last() -> None:
    assert chosen(centre("a", 2), centre("b", 5), centre("c", 4)) == "b"


def test_equal_ends_go_to_the_fewest_open_cases_and_then_to_the_first_of_the_list() -> None:
    assert chosen(centre("a", open_cases=3), centre("b", open_cases=2), centre("c", open_cases=2)) == "b"
    assert chosen(centre("z"), centre("a")) == "z"


@pytest.mark.covers("DED-10")
def test_nobody_outside_the_boundary_is_ever_chosen() -> None:
    inside = Wanted(home="home", within=("inside",), language="es")
    assert chosen(centre("home", 9, languages=("es",)), centre("inside", 1), wanted=inside) == "inside"
    assert chosen(centre("home", 9, languages=("es",)), wanted=inside) is None


def test_language_and_skill_are_preferences_in_this_order() -> None:
    speaks, knows, long = (
        centre("speaks", 1, languages=("es",)),
        centre("knows", 2, skills=("tax",)),
        centre("z", 9),
    )
    wanted = Wanted(language="es", skill="tax")
    assert chosen(long, knows, speaks, wanted=wanted) == "speaks"
    assert chosen(long, knows, wanted=wanted) == "knows"
    assert chosen(long, wanted=wanted) == "z"
    assert chosen(long, knows, speaks) == "z"


def test_a_centre_where_nobody_has_checked_in_is_not_chosen_and_one_that_keeps_no_count_is() -> None:
    empty = centre("empty", 9, on_shift=0)
    assert chosen(empty, wanted=Wanted(home="empty")) is None
    assert chosen(empty, centre("uncounted", 1)) == "uncounted"
    assert chosen(empty, centre("one", 1, on_shift=1), wanted=Wanted(home="empty")) == "one"


def test_who_has_been_asked_already_is_left_out() -> None:
    assert chosen(centre("a", 5), centre("b", 4), without=("a",)) == "b"
    assert chosen(centre("a", 5), without=("a",), wanted=Wanted(home="a")) is None


@pytest.mark.parametrize(
    ("since", "until", "is_open"), [(0, 1, True), (-1, 0, False), (-1, 1, True), (1, 2, False)]
)
def test_the_opening_instant_is_open_and_the_closing_instant_closed(
    since: float, until: float, is_open: bool
) -> None:
    assert chosen(centre("a", open=open_for(until, since))) == ("a" if is_open else None)


def test_the_next_opening_is_that_of_anybody_who_may() -> None:
    night = centre("night", open=(*open_for(1), *open_for(20, since=12)))
    early, late = centre("early", open=open_for(9, since=3)), centre("late", open=open_for(9, since=5))
    assert next_opening(roster(night, late, early), AT, ANYWHERE) == AT + 3 * HOUR
    assert next_opening(roster(night, late, early), AT, Wanted(within=("late",))) == AT + 5 * HOUR
    assert next_opening(roster(night), AT, ANYWHERE) == AT + 12 * HOUR
    assert next_opening(roster(night), AT + 12 * HOUR, ANYWHERE) is None
    assert next_opening(roster(), AT, ANYWHERE) is None


names = st.sampled_from("abcde")
words = st.lists(st.sampled_from(["es", "ja"]), max_size=2).map(tuple)
centres = st.lists(
    st.builds(
        lambda name, since, hours, here, cases, languages: centre(
            name, open=open_for(hours, since), on_shift=here, open_cases=cases, languages=languages
        ),
        names,
        st.sampled_from([-2, -1, 0, 1]),
        st.sampled_from([0, 2, 3]),
        st.sampled_from([None, 0, 1]),
        st.integers(0, 3),
        words,
    ),
    unique_by=lambda one: one.name,
)
wants = st.builds(
    Wanted,
    home=st.none() | names,
    within=st.lists(names, unique=True, max_size=3).map(tuple),
    language=st.sampled_from([None, "es"]),
)


@given(centres, wants, st.lists(names, max_size=2).map(tuple))
def test_whoever_is_chosen_may_take_it_and_nobody_who_may_is_passed_over_for_nobody(
    several: list[Centre], wanted: Wanted, without: tuple[str, ...]
) -> None:
    may = [
        one.name
        for one in several
        if one.span_at(AT) is not None
        and one.on_shift != 0
        and one.name not in without
        and (not wanted.within or one.name in wanted.within)
    ]
    found = chosen(*several, wanted=wanted, without=without)
    assert (found in may) if may else (found is None)
    if wanted.home in may:
        assert found == wanted.home


@given(centres, wants)
def test_the_order_of_the_list_counts_only_between_equals(several: list[Centre], wanted: Wanted) -> None:
    def worth(name: str | None) -> object:
        found = roster(*several).centre(name or "")
        span = None if found is None else found.span_at(AT)
        if found is None or span is None:
            return None
        return found.name == wanted.home, wanted.language in found.languages, span.closes_at, found.open_cases

    assert worth(chosen(*several, wanted=wanted)) == worth(chosen(*reversed(several), wanted=wanted))
