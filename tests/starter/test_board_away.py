"""What the pages say while the engine is away: since when, what still stands, and what cannot be done."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.worker import Worker

from domain.phase import Phase
from starter.connection import connect
from starter.door.place import Place
from starter.web.board.away import LOOKS_EVERY
from tests.servers import DevServer, free_port
from tests.starter.board_pages import Pages, pages_of
from workflows.messages import QUEUE

NOBODY_WORKS = "No worker has asked for work since"
AWAY = "The engine has not answered since"
CANNOT = "Nothing can be said right now"


@pytest.fixture
def server(tmp_path: Path) -> DevServer:
    return DevServer(free_port(), tmp_path / "server.log", tmp_path / "engine.db")


@pytest.fixture
async def pages(tmp_path: Path, server: DevServer) -> AsyncIterator[Pages]:
    """A board whose engine is a real server, which this test starts and stops; nobody works for it."""
    place = Place(server.address, "default", "a test", {})
    server.start()
    try:
        async with pages_of(tmp_path) as found:
            found.session.connect = lambda: connect(place, within=found.session.timeout)
            await found.sign_in(region="sydney")
            yield found
    finally:
        server.stop()


@workflow.defn(sandboxed=False)
class _Nothing:
    """What a worker that is only there would do."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""


async def shown(pages: Pages, path: str) -> str:
    """What a page says a moment later, when the engine is looked at again."""
    pages.clock.passes(LOOKS_EVERY)
    answer = await pages.get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


async def until_back(pages: Pages) -> None:
    """Wait until nothing is said to be away."""
    async with asyncio.timeout(60):
        while 'role="status" hidden' not in await shown(pages, "/all"):
            await asyncio.sleep(0.1)


async def test_pages_say_since_when_the_engine_is_away_and_show_what_the_store_has(
    pages: Pages, server: DevServer
) -> None:
    number = await pages.record("INC-1", {"phase": Phase.RECEIVED}, title="Outlook cannot send")
    case, form = f"/cases/{number}", f"/cases/{number}/say/add_note"
    paths = ("/", "/all", "/centre", "/search?q=Outlook", case, form, f"{case}/explain/initial_response")
    for path in paths:
        assert NOBODY_WORKS in await shown(pages, path), path
    fields = await pages.hidden(form)
    server.stop()
    since = None
    for path in paths:
        told = await shown(pages, path)
        since = since or told[told.index(AWAY) :].partition(". ")[0]
        assert since in told, f"{path}: since another instant"
        assert (CANNOT in told) == (path in (case, form)), path
    assert "no case can be pulled right now" in await shown(pages, "/all")
    assert "Outlook cannot send" in await shown(pages, case)
    assert "What was said last is not shown yet" in await shown(pages, f"{case}?v=99")
    pulled = await pages.post("/pull", fields)
    assert (pulled.status_code, "The engine does not answer" in pulled.text) == (503, True)
    kept = await pages.post(form, fields | {"text": "Ours", "internal": "yes"})
    assert (kept.status_code, ">\nOurs</textarea>" in kept.text) == (503, True)
    assert CANNOT in kept.text
    server.start()
    client = await pages.session.client()
    async with Worker(client, task_queue=QUEUE, workflows=[_Nothing]):
        await until_back(pages)
        for path in paths:
            told = await shown(pages, path)
            assert all(words not in told for words in (AWAY, NOBODY_WORKS, CANNOT)), path


async def test_a_worker_that_is_away_is_said_since_it_last_asked_for_work(pages: Pages) -> None:
    client = await pages.session.client()
    async with Worker(client, task_queue=QUEUE, workflows=[_Nothing]):
        await until_back(pages)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("starter.door.engine_now.ASKS_WITHIN", timedelta(0))  # a minute later
        told = await shown(pages, "/all")
    assert f"{NOBODY_WORKS} " in told
    assert "03:00:" not in told[told.index(NOBODY_WORKS) :][:60]  # by the engine's clock, when it last asked
