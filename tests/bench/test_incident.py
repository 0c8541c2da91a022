"""An update of a major incident costs its cases next to nothing, and the incident no more for many cases."""

import json
from pathlib import Path

from bench.incident import incident

BUDGET = json.loads((Path(__file__).parents[2] / "bench" / "budget.json").read_text())["incident"]
CASES = 12


async def test_an_update_adds_no_more_to_the_history_of_a_case_than_the_budget() -> None:
    """Counts, no timing: every customer is told once, and no case is left out."""
    found = await incident(CASES)
    assert (found["still_in_it"], found["audiences_told"], found["mails"]) == (CASES, CASES, CASES)
    assert found["caused_at_most"] <= BUDGET["caused_at_most"], found["kinds_of_the_most"]
    assert found["caused_in_the_incident"] <= BUDGET["caused_in_the_incident"]
