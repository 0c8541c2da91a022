"""Every scenario we can play comes out as its file says, on the pure domain."""

import pytest

from tests.scenarios import on_domain
from tests.scenarios.files import OURS, SHIPPED, Scenario, read
from tests.scenarios.support import lacking

SCENARIOS = [scenario for scenario in read(SHIPPED) + read(OURS) if not lacking(scenario)]


@pytest.mark.parametrize("scenario", [pytest.param(one, id=one.id) for one in SCENARIOS])
def test_scenario(scenario: Scenario) -> None:
    assert on_domain.play(scenario) == []


def test_every_scenario_of_rhipe_without_region_vendor_or_other_preset_is_played() -> None:
    played = [scenario.id for scenario in read(SHIPPED) if not lacking(scenario)]
    assert played == (
        "S01 S02 S03 S04 S05 S06 S15a S17 S18 S20 S21 S23a S23b S24 S26 S28".split()  # noqa: SIM905
    )


def test_every_scenario_of_our_own_is_played() -> None:
    assert [lacking(scenario) for scenario in read(OURS) if lacking(scenario)] == []
