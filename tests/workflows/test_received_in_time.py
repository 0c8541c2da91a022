"""What counts is when an answer was received, not when somebody was there to handle it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.desk import Desk, time_skipping
from tests.people import ANA, KIM, P1


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with a server of its own: here the clock goes on while nobody works."""
    async with time_skipping() as env, Desk(env, tmp_path, 0).at_work() as desk:
        yield desk


@pytest.mark.covers("GAP-16")
async def test_an_answer_received_before_the_due_instant_is_in_time_though_handled_after_it(
    own_desk: Desk,
) -> None:
    case = await own_desk.open(**P1)
    due = await case.due(Clock.INITIAL_RESPONSE)

    async with own_desk.with_the_worker_away():
        await own_desk.passes(hours=3)
        await case.send("respond", {"actor": ANA, "text": "We have begun.", "received_at": due.isoformat()})

    view = await case.view()
    assert view.responded_at == due
    assert Clock.INITIAL_RESPONSE not in [breach.clock for breach in view.breaches]


@pytest.mark.covers("GAP-16")
async def test_messages_that_wait_count_in_the_order_of_their_receipt_whichever_reached_us_first(
    own_desk: Desk,
) -> None:
    case = await own_desk.open(**P1)
    due = await case.due(Clock.INITIAL_RESPONSE)
    later = due + timedelta(minutes=30)

    async with own_desk.with_the_worker_away():
        await own_desk.passes(hours=3)
        question = {"actor": KIM, "text": "Is anybody there?", "received_at": later.isoformat()}
        await case.send("reply", question)
        await case.send("respond", {"actor": ANA, "text": "We have begun.", "received_at": due.isoformat()})

    view = await case.view()
    assert view.responded_at == due
    assert Clock.INITIAL_RESPONSE not in [breach.clock for breach in view.breaches]
    said = [entry.kind for entry in await case.timeline() if entry.at in (due, later)]
    assert said.index(EntryKind.RESPONDED) < said.index(EntryKind.REPLIED)
