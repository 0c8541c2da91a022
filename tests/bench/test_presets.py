"""What an effect costs in history does not depend on the guide a case is under."""

import json
from pathlib import Path

from bench.presets import presets
from bench.terms import terms

BUDGET = json.loads((Path(__file__).parents[2] / "bench" / "budget.json").read_text())
KIB = 1024


async def test_the_canonical_case_costs_no_more_above_its_floor_under_any_preset_than_the_budget() -> None:
    """Each floor causes the very effects its product caused; counts are exact, so this is no timing."""
    result = await presets()
    assert set(BUDGET["presets"]) == set(result) - {"bench"}
    for policy, budget in BUDGET["presets"].items():
        found = result[policy]
        assert found["caused"] <= budget["caused"], policy
        assert found["caused_above_floor"] <= budget["caused_above_floor"], policy


async def test_terms_for_400_days_take_at_most_16_kib_in_history_under_every_plan() -> None:
    result = await terms()
    sizes = {name: found["bytes"] for name, found in result.items() if name != "bench"}
    assert len(sizes) >= 12
    assert {name: size for name, size in sizes.items() if size > 16 * KIB} == {}
