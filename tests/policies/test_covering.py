"""A plan around the clock in which nobody is there at some hour is no policy, unless somebody holds."""

from datetime import timedelta
from importlib.resources import files

import pytest

from domain.centres.coverage import coverage
from domain.policy import SupportPolicy
from policies import PolicyInvalid, load_policy, parse_policy, policy_names
from policies.covering import HORIZON, REFERENCE, first_gap
from policies.opening_hours import opening_hours

RHIPE = files("policies").joinpath("rhipe-csp.toml").read_text(encoding="utf-8")
EVERY_DAY = 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
NIGHT = f"shifts = [{{ {EVERY_DAY}, start = 22:00:00, end = 07:00:00 }}]"
ENABLED = "[organisation.follow_the_sun]\nenabled = true"
HOLDS = f'{ENABLED}\ngaps_held_by = "owner"'
FIELD = "organisation.follow_the_sun.gaps_held_by"


def changed(*changes: tuple[str, str]) -> str:
    text = RHIPE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def refusal(text: str) -> str:
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy(text, "own.toml")
    assert caught.value.code == "PolicyInvalid"
    assert all(error.startswith(f"{FIELD}: ") for error in caught.value.errors)
    return "\n".join(caught.value.errors)


@pytest.mark.covers("GAP-11")
def test_the_five_centres_have_no_gap_in_400_days() -> None:
    """By hand: Auckland 19-04Z (20-05Z), Sydney 22-07Z (23-08Z), Kuala Lumpur 06-15Z, Manila 14-23Z."""
    assert timedelta(days=400) == HORIZON
    assert first_gap(load_policy("rhipe-csp")) is None


@pytest.mark.parametrize("name", policy_names())
def test_every_preset_loads(name: str) -> None:
    assert load_policy(name).name == name


def test_a_gap_is_refused_with_its_first_stretch_for_each_plan_around_the_clock() -> None:
    told = refusal(changed((NIGHT, NIGHT.replace("22:00:00", "23:30:00"))))
    assert "plan partner-24x7" in told
    assert "plan saas-24x7" in told
    assert "plan saas-12x5" not in told
    assert "from 2027-01-01 15:00Z to 2027-01-01 15:30Z" in told
    assert "(line " in told


def test_a_gap_is_a_policy_where_it_says_that_the_owner_holds() -> None:
    text = changed((NIGHT, NIGHT.replace("22:00:00", "23:30:00")), (ENABLED, HOLDS))
    assert parse_policy(text, "own.toml").organisation.follow_the_sun.gaps_held_by == "owner"


def test_a_gap_that_only_the_change_of_the_clocks_makes_is_found() -> None:
    """Manila until 03:00 hands to Auckland at 19:00Z; in its winter Auckland opens at 20:00Z."""
    told = refusal(changed((NIGHT, NIGHT.replace("07:00:00", "03:00:00"))))
    assert "from 2027-04-03 19:00Z to 2027-04-03 20:00Z" in told


def test_a_gap_on_a_holiday_is_found_where_the_centre_closes_on_it() -> None:
    closing = "closed_on_holidays = true\n" + NIGHT
    told = refusal(changed(("closed_on_holidays = false\n" + NIGHT, closing)))
    assert "from 2027-01-01 15:00Z to 2027-01-01 19:00Z" in told


def test_a_desk_that_hands_nothing_on_may_have_gaps() -> None:
    text = changed(
        (NIGHT, NIGHT.replace("22:00:00", "23:30:00")), (ENABLED, ENABLED.replace("true", "false"))
    )
    assert first_gap(parse_policy(text, "own.toml")) is not None


def test_a_plan_with_its_own_centres_is_measured_by_them() -> None:
    plan = '[plans.partner-24x7]\ntitle = "Partner, 24x7x365"\naround_the_clock = true'
    told = refusal(changed((plan, f'{plan}\nregions = ["sydney", "manila"]')))
    assert "plan partner-24x7" in told
    assert "plan saas-24x7" not in told
    assert f"{REFERENCE:%Y-%m-%d} 07:00Z" in told


def test_a_wrong_zone_is_told_once_and_for_what_it_is() -> None:
    text = changed(('zone = "Asia/Manila"', 'zone = "Asia/Manilla"'))
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy(text, "own.toml")
    assert [error.split(":")[0] for error in caught.value.errors] == ["regions.manila.zone"]


@pytest.mark.parametrize("opens", range(0, 24, 3))
@pytest.mark.parametrize("closing", ["auckland", "manila", None])
def test_the_weeks_that_are_looked_at_find_what_a_look_at_every_day_would(
    opens: int, closing: str | None
) -> None:
    plain = load_policy("rhipe-csp").model_dump(mode="json")
    plain["organisation"]["follow_the_sun"]["gaps_held_by"] = "owner"
    plain["regions"]["manila"]["shifts"][0] |= {"start": f"{opens:02}:00:00"}
    if closing is not None:
        plain["regions"][closing]["closed_on_holidays"] = True
    policy = SupportPolicy.model_validate(plain)
    end = REFERENCE + HORIZON
    hours = {name: opening_hours(policy, name, REFERENCE, end) for name in policy.regions}
    every = [stretch.since for stretch in coverage(hours, REFERENCE, end) if stretch.is_gap]
    found = first_gap(policy)
    assert [found.since] == every[:1] if found is not None else not every
