"""Taking a case to the vendor adds few events, also where we open his ticket and wait for its number."""

import json
from pathlib import Path

from bench.escalation import escalation

BUDGET = json.loads((Path(__file__).parents[2] / "bench" / "budget.json").read_text())


async def test_an_escalation_adds_no_more_to_a_history_than_the_budget() -> None:
    """Counts are exact, so this is no timing."""
    found = await escalation()
    assert found["close_on_handover"]["phase"] == "closed"
    assert (found["keep_open"]["phase"], found["keep_open"]["reference"]) == ("vendor_escalated", "T-1")
    for way, most in BUDGET["escalation"].items():
        assert found[way]["caused"] <= most["caused"], way
