"""The terms a case is held to: frozen at its opening, prolonged in time, recomputed on purpose only."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

import policies
from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.desk import Desk
from tests.people import ANA, P5

HOUR = timedelta(hours=1)
GUIDE = (Path(policies.__file__).parent / "rhipe-csp.toml").read_text(encoding="utf-8")


def write_policy(place: Path, version: str, p2_within: str) -> None:
    text = GUIDE.replace('name = "rhipe-csp"', 'name = "own"').replace(
        'version = "1"', f'version = "{version}"'
    )
    text = text.replace(
        'initial_response = { within = "4h" }', f'initial_response = {{ within = "{p2_within}" }}'
    )
    (place / "own.toml").write_text(text, encoding="utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(
    env: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """A desk with a policy of its own, `own`."""
    monkeypatch.setenv("SUNRELAY_POLICY_DIR", str(tmp_path))
    write_policy(tmp_path, "1", "4h")
    async with Desk(env, tmp_path, 0).at_work() as desk:
        yield desk


@pytest.mark.covers("GAP-22")
async def test_a_new_policy_moves_no_promise_already_made(own_desk: Desk) -> None:
    case = await own_desk.open(policy="own")
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    write_policy(own_desk.place, "2", "2h")
    await own_desk.restart()
    await case.say("add_note", ANA, text="The policy is a new one.")
    assert (await case.view()).policy == "own@1"
    assert await case.due(Clock.INITIAL_RESPONSE) == due_at
    fresh = await own_desk.open("INC-2", policy="own")
    assert (await fresh.view()).policy == "own@2"


@pytest.mark.covers("GAP-22")
async def test_terms_are_recomputed_on_purpose_and_what_moved_is_written_down(own_desk: Desk) -> None:
    case = await own_desk.open(policy="own")
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    write_policy(own_desk.place, "2", "2h")
    await own_desk.restart()
    await case.say("recompute_terms", ANA, reason="The customer bought more.")
    await case.say("add_note", ANA, text="Looked at.")  # a worker without memory may lose a step
    assert (await case.view()).policy == "own@2"
    assert await case.due(Clock.INITIAL_RESPONSE) == due_at - 2 * HOUR
    changes = await case.entries(EntryKind.TERMS_CHANGED)
    assert [entry.about for entry in changes] == ["asked", "initial_response", "own@2"]
    assert f"{due_at:%Y-%m-%dT%H:%M:%SZ} -> {due_at - 2 * HOUR:%Y-%m-%dT%H:%M:%SZ}" in (changes[1].text or "")


async def test_a_case_of_a_year_has_its_calendar_prolonged_and_its_promises_kept(desk: Desk) -> None:
    case = await desk.open(**P5)
    await desk.passes(days=355, hours=1)
    (renewed,) = await case.entries(EntryKind.TERMS_CHANGED)
    assert (renewed.about, renewed.internal) == ("rhipe-csp@1", True)
    await case.say("respond", ANA, text="Better late than never.")
    await case.say("resolve", ANA, kind="resolution", text="It is in the price list.")
    explained = await case.explain("auto_close")
    assert explained.due_at is not None


async def test_a_policy_that_went_wrong_stops_no_case_and_is_asked_for_again(own_desk: Desk) -> None:
    case = await own_desk.open(policy="own", impact="medium", urgency="low")
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    (own_desk.place / "own.toml").write_text('name = "own"\nnonsense = true\n', encoding="utf-8")
    await own_desk.restart()
    await case.say("recompute_terms", ANA, reason="The customer bought more.")
    await case.say("add_note", ANA, text="Looked at.")  # a worker without memory may lose a step
    refused = (await case.entries(EntryKind.TERMS_CHANGED))[-1]
    assert refused.about == "not to be had"
    assert "own.toml" in (refused.text or "")
    assert await case.due(Clock.INITIAL_RESPONSE) == due_at
    await case.say("respond", ANA, text="I am on it.")
    write_policy(own_desk.place, "2", "2h")
    await own_desk.restart()
    await own_desk.passes(days=1, minutes=1)
    assert (await case.entries(EntryKind.TERMS_CHANGED))[-1].about == "own@2"
    assert (await case.view()).phase == "in_progress"
