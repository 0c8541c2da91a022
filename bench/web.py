"""The API beside the raw client: how fast cases are opened and updated, and how soon they are read.

Raw are the SDK's update-with-start and execute_update, with the messages the API makes of the same bodies, to
the same worker. Both have 20 calls in flight and one process that speaks to the engine; that of the API is
`sunrelay web serve`. They take turns in blocks (raw, API, API, raw), so that a busy machine is busy for both.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from temporalio.client import WithStartWorkflowOperation

from bench import web_board, web_portal, web_statistics
from bench.presets import request
from bench.stage import cpu_of
from bench.web_board import boards
from bench.web_desk import AT_ONCE, WORDS, WebDesk, body_of, web_desk
from bench.web_portal import portals
from bench.web_reads import Lengths, reads
from bench.web_statistics import figures
from domain.messages.case import PostUpdate, Respond, Submit
from starter.door.opening import settings_of
from workflows.messages import WORKFLOW, Receipt, new_case

FULL = Lengths(block=100, listed=10_000, read=200, seconds=60)
SHORT = Lengths(block=20, listed=1_000, read=20, seconds=5)


@dataclass
class _Block:
    """What one block did: calls a second, and CPU for each in ms, of the web door and of all parts."""

    rate: float
    door_ms: float
    all_ms: float


class _Turns:
    """Opens and updates the cases of one desk, raw and through the API."""

    def __init__(self, desk: WebDesk, block: int) -> None:
        self._desk = desk
        self._calls = block
        self._numbers = count(1)
        self._half = 1
        self.opened: list[str] = []

    async def compared(self, rounds: int) -> dict[str, Any]:
        """Take turns, and return the rates and their ratio, the median of all rounds."""
        await self._rounds(1, self._open_raw, self._open_by_api)  # until all is warm
        opening = await self._rounds(rounds, self._open_raw, self._open_by_api)
        await self._raw(self._say(case_id, "respond", Respond) for case_id in self._updated())
        updating = await self._rounds(rounds, self._update_raw, self._update_by_api)
        return {**_told("open", opening), **_told("update", updating)}

    async def _rounds(
        self, rounds: int, raw: Callable[[], Awaitable[_Block]], api: Callable[[], Awaitable[_Block]]
    ) -> list[tuple[list[_Block], list[_Block]]]:
        found = []
        for _ in range(rounds):
            first, ours, again, last = [await block() for block in (raw, api, api, raw)]
            found.append(([first, last], [ours, again]))
        return found

    async def _open_raw(self) -> _Block:
        async def one(asked: Submit) -> None:
            stamped = asked.model_copy(update=self._stamps())
            start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
                WORKFLOW, new_case(), **settings_of(stamped)
            )
            receipt = await self._desk.client.execute_update_with_start_workflow(
                "submit", stamped, start_workflow_operation=start, result_type=Receipt
            )
            self.opened.append(receipt.case_id)

        return await self._raw(one(asked) for asked in self._requests())

    async def _open_by_api(self) -> _Block:
        bodies = [body_of(asked) for asked in self._requests()]

        def one(body: dict[str, Any]) -> None:
            self.opened.append(self._desk.caller.open(body))

        return await self._by_api(one, bodies)

    async def _update_raw(self) -> _Block:
        return await self._raw(self._say(case_id, "post_update", PostUpdate) for case_id in self._turn())

    async def _say(self, case_id: str, verb: str, record: type[Respond | PostUpdate]) -> None:
        handle = self._desk.client.get_workflow_handle(case_id)
        said = record(text=WORDS, **self._stamps())
        await handle.execute_update(verb, said, result_type=Receipt)

    async def _update_by_api(self) -> _Block:
        return await self._by_api(lambda case_id: self._desk.caller.update(case_id, WORDS), self._turn())

    def _requests(self) -> list[Submit]:
        return [request("rhipe-csp", f"web-{next(self._numbers)}") for _ in range(self._calls)]

    def _updated(self) -> list[str]:
        """Return the cases that are updated: as many as two blocks take."""
        return self.opened[: 2 * self._calls]

    def _turn(self) -> list[str]:
        """Return one half of them, each half in turn."""
        self._half = 1 - self._half
        return self._updated()[self._half :: 2]

    def _stamps(self) -> dict[str, Any]:
        return {"actor": self._desk.actor, "received_at": datetime.now(UTC), "request_id": str(uuid4())}

    async def _raw(self, calls: Iterable[Awaitable[None]]) -> _Block:
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(call: Awaitable[None]) -> None:
            async with turn:
                await call

        return await self._block(lambda: asyncio.gather(*(one(call) for call in calls)))

    async def _by_api(self, call: Callable[[Any], None], given: Sequence[Any]) -> _Block:
        def all_of_them() -> None:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                list(threads.map(call, given))

        return await self._block(lambda: asyncio.to_thread(all_of_them))

    async def _block(self, work: Callable[[], Awaitable[object]]) -> _Block:
        door, everyone, began = cpu_of(self._desk.door.pid), self._desk.cpu(), time.perf_counter()
        await work()
        seconds = time.perf_counter() - began
        await self._desk.at_rest()  # what comes of a call is a part of what it costs
        door_ms, all_ms = cpu_of(self._desk.door.pid) - door, self._desk.cpu() - everyone
        return _Block(self._calls / seconds, door_ms / self._calls, all_ms / self._calls)


def _told(what: str, found: Sequence[tuple[list[_Block], list[_Block]]]) -> dict[str, Any]:
    """Return the ratio, the median of all rounds, and what it is made of."""
    ratios = [sum(one.rate for one in ours) / sum(one.rate for one in raw) for raw, ours in found]
    raw, api = ([one for pair in found for one in pair[side]] for side in (0, 1))
    return {
        f"api_{what}_ratio": round(statistics.median(ratios), 3),
        f"api_{what}_ratios": " ".join(f"{ratio:.2f}" for ratio in ratios),
        f"raw_{what}_per_s": round(statistics.median(one.rate for one in raw), 1),
        f"api_{what}_per_s": round(statistics.median(one.rate for one in api), 1),
        f"raw_{what}_cpu_ms": round(statistics.median(one.all_ms for one in raw), 1),
        f"api_{what}_cpu_ms": round(statistics.median(one.all_ms for one in api), 1),
        f"api_{what}_door_cpu_ms": round(statistics.median(one.door_ms for one in api), 1),
    }


async def web(rounds: int, *, short: bool = False, only: Collection[str] = ()) -> dict[str, Any]:
    """Compare the API with the raw client, then read through it; then the pages, each over a desk of its own.

    `short`: for a first look. `only`: of `board`, `statistics` and `portal` these alone.
    """
    found: dict[str, Any] = {"bench": "web"}
    if not only:
        found |= await _api(rounds, SHORT if short else FULL)
    pages: dict[str, Callable[[WebDesk], Awaitable[dict[str, Any]]]] = {
        "board": lambda desk: boards(desk, web_board.SHORT if short else web_board.FULL),
        "statistics": lambda desk: figures(desk, web_statistics.SHORT if short else web_statistics.FULL),
        "portal": lambda desk: portals(desk, web_portal.SHORT if short else web_portal.FULL),
    }
    for name, measure in pages.items():
        if not only or name in only:
            async with web_desk() as desk:
                found |= await measure(desk)
    return found


async def _api(rounds: int, lengths: Lengths) -> dict[str, Any]:
    async with web_desk() as desk:
        turns = _Turns(desk, lengths.block)
        found = await turns.compared(rounds)
        read = await reads(desk, turns.opened, lengths)
    return {"rounds": rounds, "calls_in_a_block": lengths.block, **found, **read}
