"""People: one shift at a time, on shift from check-in to check-out, and the one with the least to do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actor import Tier
from domain.centres.rota import STAY, Engineer, Presence, reaches, stays_until, who_takes
from domain.centres.shifts import OpenSpan

AT = datetime(2027, 3, 2, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(days: str, start: str, end: str) -> dict[str, Any]:
    return {"days": days.split(), "start": start, "end": end}


def engineer(name: str = "Ana", **more: Any) -> Engineer:
    return Engineer.model_validate({"name": name, "region": "sydney", **more})


def presence(name: str, **more: Any) -> Presence:
    his = {key: more.pop(key) for key in ("skills", "tier") if key in more}
    return Presence(engineer=engineer(name, **his), region="sydney", since=AT - HOUR, **more)


@pytest.mark.parametrize(
    "shifts",
    [
        [shift("mon tue", "09:00", "17:00"), shift("tue", "16:59", "20:00")],
        [shift("mon", "22:00", "07:00"), shift("tue", "06:00", "09:00")],
        [shift("sun", "22:00", "07:00"), shift("mon", "00:00", "01:00")],
        [shift("mon", "00:00", "00:00"), shift("mon", "12:00", "13:00")],
        [shift("mon mon", "09:00", "17:00")],
        [shift("wed", "08:00", "20:00"), shift("wed", "09:00", "10:00"), shift("wed", "11:00", "12:00")],
    ],
)
def test_shifts_of_a_person_that_overlap_are_refused(shifts: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError, match="one shift at a time") as caught:
        engineer(shifts=shifts)
    assert caught.value.errors()[0]["loc"] == ("shifts",)


@pytest.mark.parametrize(
    "shifts",
    [
        [],
        [shift("mon tue wed thu fri sat sun", "00:00", "00:00")],
        [shift("mon", "09:00", "12:00"), shift("mon", "12:00", "17:00")],
        [shift("sun", "22:00", "07:00"), shift("mon", "07:00", "09:00"), shift("sun", "20:00", "22:00")],
    ],
)
def test_shifts_that_touch_do_not_overlap(shifts: list[dict[str, Any]]) -> None:
    assert len(engineer(shifts=shifts).shifts) == len(shifts)


@pytest.mark.covers("RHIPE-24")
@pytest.mark.parametrize("zone", ["AEST", "MYT", "UTC+8", "+08:00", "Etc/GMT-8"])
def test_an_abbreviation_or_an_offset_is_no_zone(zone: str) -> None:
    with pytest.raises(ValidationError, match="IANA name"):
        engineer(zone=zone)


def test_a_check_in_holds_from_its_first_instant_until_before_its_last() -> None:
    one = presence("Ana", until=AT)
    assert [one.is_on_shift(AT + by * HOUR) for by in (-2, -1, -0.5, 0)] == [False, True, True, False]
    assert presence("Ana").is_on_shift(AT + 1000 * HOUR)
    assert not Presence(engineer=engineer()).is_on_shift(AT)


def test_who_is_away_is_not_on_shift_until_he_is_back() -> None:
    one = presence("Ana", away_from=AT, away_until=AT + HOUR)
    assert [one.is_on_shift(AT + by * HOUR) for by in (-0.5, 0, 0.5, 1)] == [True, False, False, True]
    assert [one.is_away(AT + by * HOUR) for by in (-0.5, 0, 0.5, 1)] == [False, True, True, False]
    assert presence("Ana", away_from=AT).is_away(AT + 1000 * HOUR)


def chosen(people: list[Presence], skill: str | None = None, tier: Tier | None = None) -> str | None:
    found = who_takes(people, skill, tier)
    return None if found is None else found.name


def test_a_case_goes_to_the_skill_then_the_fewest_open_cases_then_by_name() -> None:
    busy, free, twin = (
        presence("Ben", open_cases=2, skills=("tax",)),
        presence("Cai", open_cases=1),
        presence("Ana", open_cases=1),
    )
    assert chosen([busy, free, twin], "tax") == "Ben"
    assert chosen([busy, free, twin]) == "Ana"
    assert chosen([busy, free]) == "Cai"
    assert chosen([free, twin], "tax") == "Ana"
    assert chosen([]) is None


@pytest.mark.covers("RHIPE-40")
def test_the_tier_goes_before_the_skill_and_who_is_above_it_will_do() -> None:
    first = presence("Ana", skills=("azure",))
    second, third = presence("Ben", tier="L2", open_cases=3), presence("Cai", tier="L3", open_cases=2)
    knows = presence("Dee", tier="L2", open_cases=9, skills=("azure",))
    assert chosen([first, second, knows], "azure", Tier.L2) == "Dee"
    assert chosen([first, second], "azure", Tier.L2) == "Ben"
    assert chosen([first, second, third], tier=Tier.L2) == "Cai"
    assert chosen([first], "dns", Tier.L2) == "Ana"
    assert chosen([first, second, knows]) == "Ana"


def test_nobody_knows_which_tier_is_not_enough() -> None:
    assert reaches(None, None)
    assert not reaches(None, Tier.L1)
    assert [reaches(tier, Tier.L2) for tier in Tier] == [False, True, True]


def test_a_forgotten_check_in_ends_with_the_shift_it_was_for() -> None:
    def span(since: float, until: float) -> OpenSpan:
        return OpenSpan(opens_at=AT + since * HOUR, closes_at=AT + until * HOUR)

    assert stays_until((span(-20, -12), span(-3, 5), span(12, 20)), AT) == AT + 5 * HOUR
    assert stays_until((span(-9, 0), span(12, 20)), AT) == AT + 20 * HOUR
    assert stays_until((span(-9, 0), span(12.5, 20)), AT) == AT + STAY
    assert stays_until((), AT) == AT + STAY
