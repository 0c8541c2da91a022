"""Every scenario we can play comes out as its file says, in the real workflow on the time-skipping server."""

from dataclasses import replace

from tests.scenarios import on_temporal
from tests.scenarios.files import OURS, SHIPPED, Scenario, read_all
from tests.scenarios.support import lacking


def _with_wrong_expectations(scenario: Scenario) -> Scenario:
    step, check = scenario.steps[1], scenario.checks[1]
    refused = replace(step, expect={"outcome": "refused", "code": "RoleNotPermitted"})
    later = replace(check, body={**check.body, "due": "2027-06-15T02:00:00Z"})
    return replace(scenario, id="wrong", steps=(scenario.steps[0], refused), checks=(later,))


def test_the_real_workflow_passes_every_scenario_the_domain_passes_and_a_wrong_one_fails() -> None:
    scenarios = [scenario for scenario in read_all([SHIPPED, *OURS]) if not lacking(scenario)]
    assert len(scenarios) == 29
    scenarios.append(_with_wrong_expectations(scenarios[0]))
    played = dict(zip((scenario.id for scenario in scenarios), on_temporal.play(scenarios), strict=True))
    assert played.pop("wrong") == [
        (
            "check 2 deadline of main at 2027-06-15T00:00:00Z: expected initial_response"
            " due 2027-06-15T02:00:00Z, got initial_response due 2027-06-15T01:00:00Z"
        ),
        "step 2 respond at 2027-06-15T00:20:00Z: expected refused RoleNotPermitted, got accepted",
    ]
    assert {identity: wrong for identity, wrong in played.items() if wrong} == {}
