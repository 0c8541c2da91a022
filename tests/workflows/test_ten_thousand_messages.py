"""Ten thousand messages to one case: it turns over cleanly, stays small, and loses and doubles nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.desk import Desk, time_skipping
from tests.live_case import LiveCase
from tests.people import ANA
from workflows.messages import CaseFile

MESSAGES = 10_000
AT_A_TIME = 500
"""As many come at once; a burst of all of them is what the doors must not let through (decision 0004)."""


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with a server of its own: the others' need not remember ten thousand messages."""
    async with time_skipping() as env, Desk(env, tmp_path, cached_cases=100).at_work() as desk:
        yield desk


async def noted(case: LiveCase) -> list[str]:
    """The texts of the notes the store has."""
    return [entry.text for entry in await case.timeline() if entry.text and entry.text.startswith("note ")]


async def test_ten_thousand_messages_are_all_in_the_timeline_once_and_the_case_stays_small(
    own_desk: Desk,
) -> None:
    case = await own_desk.open()
    for start in range(0, MESSAGES, AT_A_TIME):
        await asyncio.gather(
            *(
                case.send("add_note", {"actor": ANA, "text": f"note {n}", "request_id": f"n-{n}"})
                for n in range(start, start + AT_A_TIME)
            )
        )
        await own_desk.rest()

    while len(notes := await noted(case)) < MESSAGES:  # what a busy disk did not take at once is tried again
        await own_desk.passes(minutes=2)
    assert len(notes) == MESSAGES
    assert len(set(notes)) == MESSAGES
    started = (await case.events())[0].workflow_execution_started_event_attributes
    carried = CaseFile.model_validate_json(started.input.payloads[0].data)
    assert carried.turn_overs >= 5
    assert len(started.input.payloads[0].data) <= 64 * 1024
    assert [row.clock for row in await case.deadlines()] == ["initial_response"]
