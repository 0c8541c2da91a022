"""A policy is varied by the path of a value; what it has not, or cannot mean, is refused in words."""

from datetime import timedelta

import pytest

from domain.policy import SupportPolicy
from policies import load_policy, policy_names
from policies.variation import VariationInvalid, read_change, varied

_HALF_HOUR = timedelta(minutes=30)


def _varied(*changes: str) -> SupportPolicy:
    return varied("rhipe-csp", [read_change(one) for one in changes], "tried").policy


@pytest.mark.parametrize("path", ["rules.levels.P1.update_every", "levels.P1.update_every"])
def test_one_value_moves_and_no_other(path: str) -> None:
    was = load_policy("rhipe-csp")
    found = varied("rhipe-csp", [read_change(f"{path}=30m")], "tried")
    assert found.changes == ("rules.levels.P1.update_every=30m",)
    first, *rest = found.policy.rules.levels
    assert first == was.rules.levels[0].model_copy(update={"update_every": _HALF_HOUR})
    assert tuple(rest) == was.rules.levels[1:]
    same = {name: getattr(was, name) for name in ("name", "extends", "sources", "rules")}
    assert found.policy.model_copy(update=same) == was


@pytest.mark.parametrize("reference", policy_names())
def test_every_guide_can_be_varied_and_is_written_whole(reference: str) -> None:
    was = load_policy(reference)
    found = varied(reference, [read_change("rules.informing.warn_at_share=0.5")], "tried").policy
    assert found.rules.informing == was.rules.informing.model_copy(update={"warn_at_share": 0.5})
    assert (found.plans, found.regions, found.rules.levels) == (was.plans, was.regions, was.rules.levels)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('rules.levels.P3.initial_response={ within = "5h" }', "5 h"),
        ("rules.levels.P3.initial_response.within=5h", "5 h"),
        ("rules.levels.P3.initial_response.business_days=2", "2 business days"),
    ],
)
def test_a_target_is_one_value_however_it_is_written(change: str, told: str) -> None:
    policy = _varied(change)
    assert str(policy.rules.levels[2].initial_response) == told


def test_a_plan_gets_a_target_of_its_own() -> None:
    policy = _varied("plans.partner-24x7.targets.P1.update_every=30m")
    assert policy.plans["partner-24x7"].targets["P1"].update_every == _HALF_HOUR


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("rules.levels.P9.update_every=4h", "rules.levels has no P9; possible are P1, P2, P3, P4, P5"),
        ("rules.levels.P2.updat_every=4h", "has no updat_every (did you mean update_every?)"),
        ("foo.bar=1", "a policy has no foo; possible are"),
        ("rules.levels.P2=3", "name a value in it, one of rank, name, initial_response"),
        ("rules.levels.P2.id=P7", "rules.levels.P2 has no id"),
        ("name=other", "a policy has no name"),
        ("rules.levels.P2.update_every.x=4h", "rules.levels.P2.update_every is a value of its own"),
        ("regions.sydney.shifts.mon=4h", "regions.sydney.shifts is a value of its own"),
        ("plans.partner-24x7.targets.P7.update_every=1h", "targets has no P7; possible are P1"),
        ("rules..levels=4h", "is no path"),
        ("rules.levels.P2.update_every=soon", "a duration is a whole number and s, m, h or d"),
        ("rules.levels.P2.update_every=", "write path=value"),
        ("rules.levels.P4.initial_response.within=30m", "is slower than 30 min at P4, which is less urgent"),
    ],
)
def test_what_cannot_be_is_refused_with_its_path_and_what_is_possible(change: str, told: str) -> None:
    with pytest.raises(VariationInvalid) as refused:
        _varied(change)
    assert told in str(refused.value)
    path = change.partition("=")[0]
    assert path.partition(".")[0] in str(refused.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(VariationInvalid, match=r"no P9.*; .*no foo"):
        _varied("levels.P9.update_every=4h", "foo.bar=1")


def test_a_value_cannot_bring_another_line_of_the_file_along() -> None:
    kept = _varied('title=x"\nversion = "9')
    assert (kept.version, kept.title) == ("1", 'x"\nversion = "9')
