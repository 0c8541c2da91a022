"""Every scenario we can play comes out as its file says, on the pure domain."""

import pytest

from tests.scenarios import on_domain
from tests.scenarios.files import OURS, SHIPPED, Scenario, read, read_all
from tests.scenarios.support import lacking

SCENARIOS = [scenario for scenario in read_all([SHIPPED, *OURS]) if not lacking(scenario)]


@pytest.mark.parametrize("scenario", [pytest.param(one, id=one.id) for one in SCENARIOS])
def test_scenario(scenario: Scenario) -> None:
    assert on_domain.play(scenario) == []


def test_every_scenario_is_played() -> None:
    assert [lacking(scenario) for scenario in read(SHIPPED) if lacking(scenario)] == []


def test_every_scenario_of_our_own_is_played() -> None:
    assert [lacking(scenario) for scenario in read_all(OURS) if lacking(scenario)] == []
