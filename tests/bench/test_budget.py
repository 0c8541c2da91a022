"""The budget of history: what a life may cost in events we cause and in Actions; it may only fall."""

import json
from pathlib import Path

from bench.lifecycle import lifecycle

BUDGET = json.loads((Path(__file__).parents[2] / "bench" / "budget.json").read_text())


async def test_a_life_costs_no_more_history_than_the_budget_and_the_floor_did_the_same_work() -> None:
    """Counts are exact, so this is no timing: one more event in the canonical case fails it."""
    result = await lifecycle(1)

    product, floor, ratio = result["product"], result["floor"], result["ratio"]
    for same in ("activities", "updates", "upserts", "timers_fired"):
        assert product[same] == floor[same], same
    for what, most in BUDGET["canonical"].items():
        assert product[what] <= most, what
    for what, most in BUDGET["ratio_to_floor"].items():
        assert ratio[what] <= most, what
    brief = result["answered_20_min_resolved_4_h_30"]
    for what, most in BUDGET["answered_20_min_resolved_4_h_30"].items():
        assert brief[what] <= most, what
    assert result["waiting_case_events"] == BUDGET["waiting_case_events"]
