"""Times of day in a policy are whole minutes: seconds are refused, with what was meant."""

import pytest

from domain.policy import OpenHours, Shift
from policies import PolicyInvalid, load_policy, parse_policy
from policies.oddities import oddities

OWN = 'name = "own"\nversion = "1"\ntitle = "Own"\nextends = "rhipe-csp"\n'
PLAN = '[plans.day]\ntitle = "Day"\naround_the_clock = false\n'


def _refused(text: str) -> list[str]:
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(OWN + text, "own.toml")
    return list(refused.value.errors)


@pytest.mark.parametrize(
    ("hours", "path", "meant"),
    [
        ("{ opens = 00:00:00, closes = 23:59:59 }", "closes", "24:00"),
        ('{ opens = 00:00:00, closes = "23:59:59" }', "closes", "24:00"),
        ("{ opens = 00:00:00, closes = 23:59:59.999 }", "closes", "24:00"),
        ("{ opens = 09:00:00, closes = 16:59:59 }", "closes", "17:00"),
        ("{ opens = 08:59:30, closes = 17:00:00 }", "opens", "09:00"),
    ],
)
def test_seconds_of_opening_hours_are_refused_with_what_was_meant(hours: str, path: str, meant: str) -> None:
    (error,) = _refused(f"{PLAN}hours = {{ mon = [{hours}] }}")
    assert error.startswith(f"plans.day.hours.mon[0].{path}: ")
    assert f"did you mean {meant}?" in error


def test_seconds_of_a_shift_and_of_the_day_are_refused_too() -> None:
    shift = '[[regions.sydney.shifts]]\ndays = ["mon"]\nstart = 07:00:00\nend = 18:59:59\n'
    assert any("did you mean 19:00?" in error for error in _refused(shift))
    day = "[organisation.follow_the_sun]\nday_begins = 07:59:59\n"
    assert any("did you mean 08:00?" in error for error in _refused(day))


def test_whole_minutes_and_the_end_of_the_day_are_taken() -> None:
    hours = OpenHours.model_validate({"opens": "00:00:00", "closes": "24:00"})
    assert hours.closes == "24:00"
    assert Shift.model_validate({"days": ["mon"], "start": "22:00", "end": "06:00:00"}).end.hour == 6
    assert load_policy("rhipe-csp").plans["saas-12x5"].hours


def test_a_plan_that_closes_a_minute_before_midnight_is_told_as_odd() -> None:
    hours = "{ opens = 00:00:00, closes = 23:59:00 }"
    policy = parse_policy(f"{OWN}{PLAN}hours = {{ mon = [{hours}], tue = [{hours}] }}", "own.toml")
    told = [odd for odd in oddities(policy) if "24:00" in odd]
    assert [odd.partition(":")[0] for odd in told] == ["plans.day.hours.mon", "plans.day.hours.tue"]
