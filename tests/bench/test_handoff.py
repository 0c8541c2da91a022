"""Handing a case on is cheap enough to be done at the end of every shift."""

import json
from pathlib import Path

from bench.handoff import handoff

BUDGET = json.loads((Path(__file__).parents[2] / "bench" / "budget.json").read_text())


async def test_the_end_of_a_shift_adds_no_more_to_a_history_than_the_budget() -> None:
    """Counts are exact, so this is no timing; both the customer and the taker are told in it."""
    measured = await handoff()
    for acceptance, budget in BUDGET["handoff"].items():
        found = measured[acceptance]
        assert (found["owner_before"], found["owner_after"]) == ("sydney", "manila")
        for what, most in budget.items():
            assert found[what] <= most, (acceptance, what)
