"""What changes on the board reaches the pages that are open, over a real socket."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from starter.door.session import utc_now
from starter.web.board.application import board
from starter.web.board.stream import drawn
from starter.web.guard import Limits
from starter.web.server import bound, configured
from starter.web.site import site
from tests.servers import free_port
from tests.starter.board_pages import Pages, pages_of

_COUNT = re.compile(r'data-count="(\w+)">(\d+)<')
PAST = datetime(2020, 1, 1, tzinfo=UTC)


def since() -> int:
    """Now, as a page that is drawn says it; the modules of a long run are read long before."""
    return int(utc_now().timestamp())


WITHIN = 30.0  # s; on an idle machine it is two
FEW = Limits(calls=2)


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        found.session.now = utc_now  # the store stamps what it writes by the clock of the machine
        await found.sign_in(region="sydney")
        yield found


class Served:
    """The site on a port of its own, and the browser that is signed in."""

    def __init__(self, pages: Pages, port: int, server: uvicorn.Server) -> None:
        self.server = server
        self.client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", cookies=dict(pages.client.cookies), timeout=WITHIN
        )

    @asynccontextmanager
    async def stream(self, path: str, **headers: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Open a stream, and give what is said on it."""
        async with self.client.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200, answer.status_code
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield _said(answer)


async def _said(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "data":
            event |= json.loads(value)
        elif name in ("id", "event"):
            event[name] = value
        elif not line and event:
            yield event
            event = {}


async def _taken(events: AsyncIterator[dict[str, Any]]) -> None:
    async for _ in events:
        pass


@asynccontextmanager
async def served(pages: Pages, limits: Limits = FEW) -> AsyncIterator[Served]:
    port = free_port()
    app = site(Starlette(), board=board(pages.session))
    with bound("127.0.0.1", port) as listener:
        server = uvicorn.Server(configured(app, limits))
        serving = asyncio.create_task(server._serve(sockets=[listener]))
        found = Served(pages, port, server)
        try:
            yield found
        finally:
            await found.client.aclose()
            server.should_exit = True
            await asyncio.wait_for(serving, WITHIN)


async def until(events: AsyncIterator[dict[str, Any]], name: str) -> dict[str, Any]:
    async with asyncio.timeout(WITHIN):
        async for event in events:
            if event.get(name):
                return event
    raise AssertionError(f"the stream ended without {name}")


async def test_a_case_that_changes_is_sent_as_a_row_and_one_that_leaves_the_list_as_gone(
    pages: Pages,
) -> None:
    async with served(pages) as site_, site_.stream(f"/stream/mine?since={since()}") as events:
        await anext(events)
        number = await pages.record("INC-1", {"assignee": "Ana Reyes"}, title="Printer jams")
        (row,) = (await until(events, "rows"))["rows"]
        assert (row["n"], row["title"], row["owner"]) == (number, "Printer jams", "Ana Reyes")
        await pages.record("INC-1", {"assignee": "Liv Berg", "version": 50}, title="Printer jams")
        assert (await until(events, "gone"))["gone"] == [number]


async def test_a_page_that_heard_nothing_for_a_while_is_brought_up_to_date(pages: Pages) -> None:
    number = await pages.record("INC-1")
    async with served(pages) as site_:
        async with site_.stream("/stream/all", **{"Last-Event-ID": str(since() - 60)}) as events:
            assert [one["n"] for one in (await anext(events))["rows"]] == [number]
        long_ago = since() - 660
        async with site_.stream(f"/stream/all?since={long_ago}") as events:
            assert (await anext(events))["event"] == "stale"


async def test_a_stream_is_no_call_and_closes_the_door_to_nobody(pages: Pages) -> None:
    async with (
        served(pages) as site_,
        site_.stream(f"/stream/all?since={since()}") as one,
        site_.stream(f"/stream/all?since={since()}") as other,
        site_.stream(f"/stream/mine?since={since()}") as third,
    ):
        for events in (one, other, third):
            await anext(events)
        assert (await site_.client.get("/all")).status_code == 200


async def test_a_page_hears_again_and_again_that_it_is_up_to_date(pages: Pages) -> None:
    async with served(pages) as site_, site_.stream(f"/stream/all?since={since()}") as events:
        heard = [await anext(events) for _ in range(3)]
    assert [set(one) - {"counts"} for one in heard] == [{"now", "id", "engine"}] * 3  # no engine is there


async def test_counts_of_the_lists_are_sent_as_the_page_has_them_and_only_when_they_change(
    pages: Pages,
) -> None:
    async with served(pages) as site_, site_.stream(f"/stream/mine?since={since()}") as events:
        empty = (await until(events, "counts"))["counts"]
        assert empty == {"mine": 0, "centre": 0, "all": 0, "silent": 0, "overdue": 0}
        await pages.record("INC-1", {"assignee": "Ana Reyes", "owed_at": PAST})
        await pages.record("INC-2", {"region": "manila", "offered_to": "sydney"})
        await pages.record("INC-3", {"region": "manila", "assignee": "Jun Santos"})
        while (counts := (await until(events, "counts"))["counts"])["all"] < 3:
            pass
        shown = (await site_.client.get("/all")).text
        page = {name: int(count) for name, count in _COUNT.findall(shown)}
        assert counts == page
        assert (counts["mine"], counts["centre"], counts["overdue"]) == (1, 2, 1)
        async with asyncio.timeout(WITHIN):
            heard = [await anext(events) for _ in range(3)]
        assert not any("counts" in one for one in heard)


async def test_since_when_the_store_is_away_is_said_and_that_it_is_back(pages: Pages) -> None:
    async with served(pages) as site_, site_.stream(f"/stream/all?since={since()}") as events:
        await anext(events)
        file = Path(str(pages.store._url.database))
        aside = file.with_suffix(".aside")
        await pages.store.close()
        file.rename(aside)
        file.mkdir()
        assert (await until(events, "away"))["away"].count(":") == 2
        file.rmdir()
        aside.rename(file)
        back = await until(events, "id")
        assert "away" not in back


async def test_a_door_that_is_stopped_waits_for_no_stream(pages: Pages) -> None:
    async with served(pages) as site_, site_.stream(f"/stream/all?since={since()}") as events:
        await anext(events)
        site_.server.should_exit = True
        async with asyncio.timeout(WITHIN):
            with pytest.raises(httpx.RemoteProtocolError):
                await _taken(events)


async def test_a_row_is_drawn_once_for_all_who_read_one_clock(pages: Pages) -> None:
    drawn.cache_clear()
    async with (
        served(pages) as site_,
        site_.stream(f"/stream/all?since={since()}") as one,
        site_.stream(f"/stream/mine?since={since()}") as other,
    ):
        for events in (one, other):
            await anext(events)
        number = await pages.record("INC-1", {"assignee": "Ana Reyes"}, title='"Printer" jams')
        told = [(await until(events, "rows"))["rows"] for events in (one, other)]
    assert told[0] == told[1]
    assert [(row["n"], row["title"]) for row in told[0]] == [(number, '"Printer" jams')]
    assert (drawn.cache_info().misses, drawn.cache_info().hits) == (1, 1)


async def test_no_list_of_that_name_has_no_stream(pages: Pages) -> None:
    assert (await pages.get(f"/stream/nothing?since={since()}")).status_code == 404
