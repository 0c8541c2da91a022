"""Every scenario we can play comes out as its file says, in the real workflow on the time-skipping server.

Each file is one sweep of a server of its own: all of them together were tried, and its clock came to a stand
between two instants that lie far apart.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.scenarios import on_temporal
from tests.scenarios.files import OURS, SHIPPED, Scenario, read
from tests.scenarios.support import lacking

FILES = (SHIPPED, *OURS)


def playable(path: Path) -> list[Scenario]:
    return [scenario for scenario in read(path) if not lacking(scenario)]


def _with_wrong_expectations(scenario: Scenario) -> Scenario:
    step, check = scenario.steps[1], scenario.checks[1]
    refused = replace(step, expect={"outcome": "refused", "code": "RoleNotPermitted"})
    later = replace(check, body={**check.body, "due": "2027-06-15T02:00:00Z"})
    mail = replace(check, name="check of mail", kind="mail", body={"to": "tss", "words": [], "count": 1})
    return replace(scenario, id="wrong", steps=(scenario.steps[0], refused), checks=(later, mail))


def test_no_scenario_is_left_out_unseen() -> None:
    assert sum(len(playable(path)) for path in FILES) >= 61


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_real_workflow_passes_every_scenario_the_domain_passes(path: Path) -> None:
    scenarios = playable(path)
    played = dict(zip((scenario.id for scenario in scenarios), on_temporal.play(scenarios), strict=True))
    assert {identity: wrong for identity, wrong in played.items() if wrong} == {}


def test_a_scenario_with_wrong_expectations_fails_in_so_many_words() -> None:
    (wrong,) = on_temporal.play([_with_wrong_expectations(playable(SHIPPED)[0])])
    assert wrong == [
        (
            "check 2 deadline of main at 2027-06-15T00:00:00Z: expected initial_response"
            " due 2027-06-15T02:00:00Z, got initial_response due 2027-06-15T01:00:00Z"
        ),
        (
            "check of mail: expected 1 mail to tss that says anything,"
            " got 0 mail to tss that says anything among 0"
        ),
        "step 2 respond at 2027-06-15T00:20:00Z: expected refused RoleNotPermitted, got accepted",
    ]
