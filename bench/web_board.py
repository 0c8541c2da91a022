"""The board of many open cases: how soon a page is there, what a changed row weighs, what looking on costs.

Pages are loaded 5 times a second by people who are signed in, each list in turn, narrowed too, while 5 cases
a second change; their time runs at the caller, from the request to the end of the page. The web door is a
process of its own.
"""

import asyncio
import json
import re
import statistics
import time
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bench.stage import cpu_of
from bench.web_board_browsers import ROW, Browser, Streams, browsers, streams
from bench.web_board_cases import CENTRES, KeptCase, changes_of, fill, people
from bench.web_desk import AT_ONCE, WebDesk
from bench.web_reads import p95
from starter.web.board.stream import LASTS

_LOADS, _CHANGES = 5, 5  # a second
_QUIET, _SETTLED = 12.0, 3.0  # s until a feed looks back over no change of ours; until all was sent
_LISTS = ("mine", "centre", "all", "silent", "overdue")
_DATA = re.compile(rb"^data: (.*)$", re.MULTILINE)
_PLACE = re.compile("after=.*")
_CHUNK = re.compile(rb"\r\n[0-9a-f]+\r\n")


@dataclass(frozen=True)
class BoardLengths:
    """How much is done: open cases, seconds of loading, streams and the seconds they idle."""

    cases: int
    seconds: int
    streams: int
    idle: int


FULL = BoardLengths(cases=10_000, seconds=60, streams=1_000, idle=60)
SHORT = BoardLengths(cases=500, seconds=8, streams=100, idle=8)


async def boards(desk: WebDesk, lengths: BoardLengths) -> dict[str, Any]:
    """Fill the store, and measure."""
    kept = await fill(desk.store, lengths.cases, keep=lengths.seconds * _CHANGES)
    readers = await browsers(desk.store, desk.port, people())
    return await measured(desk, readers, kept, lengths)


async def measured(
    desk: WebDesk, readers: Sequence[Browser], kept: Sequence[KeptCase], lengths: BoardLengths
) -> dict[str, Any]:
    """Measure a store that is filled."""
    paths = await asyncio.to_thread(_paths, readers[0])
    async with streams(desk.port, [(readers[0], "/stream/all?")], keeps=True) as listening:
        loading = asyncio.to_thread(_load, readers, paths, lengths.seconds)
        changing = asyncio.create_task(_change(desk, kept, lengths.seconds))
        before = cpu_of(desk.door.pid)
        loaded = await loading
        cores = (cpu_of(desk.door.pid) - before) / 1000 / lengths.seconds
        await changing
        await asyncio.sleep(_SETTLED)
        rows = _rows(listening)
    spans = [span for spans in loaded.values() for span in spans]
    return {
        "board_p95_ms": p95(spans),
        "board_median_ms": round(statistics.median(spans), 1),
        "board_most_ms": round(max(spans), 1),
        "board_by_page_ms": {
            _short(path): round(statistics.median(found), 1) for path, found in loaded.items()
        },
        "board_pages": len(spans),
        "board_cases": lengths.cases,
        "board_cores": round(cores, 3),
        **rows,
        **await _looking_on(desk, readers, kept, lengths),
    }


def _paths(reader: Browser) -> list[str]:
    """Return the pages that are loaded in turn: each list, on its second page, and narrowed."""
    lists = ["/", "/centre", "/all", "/silent", "/overdue"]
    narrowed = ["/all?level=P2", "/centre?level=P3", "/all?tenant=tenant-7", "/overdue?level=P1"]
    narrowed += [f"/all?region={CENTRES[4]}", f"/centre?centre={CENTRES[3]}", "/all?words=printer"]
    return [*lists, *narrowed, reader.next_page("/all"), reader.next_page("/silent")]


def _short(path: str) -> str:
    """Name a page; the place where a second one begins is long."""
    return _PLACE.sub("after=...", path)


def _load(readers: Sequence[Browser], paths: Sequence[str], seconds: int) -> dict[str, list[float]]:
    """Load pages at set instants, whether or not earlier ones have come; return how long each took (ms)."""
    found: dict[str, list[float]] = {path: [] for path in paths}

    def one(number: int) -> None:
        path = paths[number % len(paths)]
        began = time.perf_counter()
        page = readers[number % len(readers)].load(path)
        found[path].append((time.perf_counter() - began) * 1000)
        if not ROW.search(page):
            raise RuntimeError(f"{path} shows no case without a script")

    under_way, began = [], time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(seconds * _LOADS):
            time.sleep(max(0.0, began + number / _LOADS - time.perf_counter()))
            under_way.append(threads.submit(one, number))
    for load in under_way:
        load.result()
    return found


async def _change(desk: WebDesk, kept: Sequence[KeptCase], seconds: int) -> None:
    """Change cases at set instants, through the record they are kept by."""
    began, changes = time.perf_counter(), changes_of(kept)
    for number in range(seconds * _CHANGES):
        await asyncio.sleep(max(0.0, began + number / _CHANGES - time.perf_counter()))
        await desk.store.record(next(changes).batch())


def _rows(listening: Streams) -> dict[str, Any]:
    """Weigh what one stream brought, all of it, by the rows it told of."""
    heard = listening.heard[0]
    told = [json.loads(one) for one in _DATA.findall(_CHUNK.sub(b"", b"".join(heard.said)))]
    rows = [row for one in told for row in one.get("rows", ())]
    if not rows:
        raise RuntimeError("no change of a case came over the stream")
    sizes = [len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) for row in rows]
    return {
        "row_bytes": round(heard.size / len(rows)),
        "row_bytes_most": max(sizes),
        "rows_told": len(rows),
    }


async def _looking_on(
    desk: WebDesk, readers: Sequence[Browser], kept: Sequence[KeptCase], lengths: BoardLengths
) -> dict[str, Any]:
    """Open streams of every list, and return what the web door uses of a core: idle, and while cases change.

    A stream is opened anew when it has lasted: what that costs is added, as it is spread over its time.
    """
    await asyncio.sleep(_QUIET)
    asked = [
        (readers[number % len(readers)], f"/stream/{_LISTS[number % len(_LISTS)]}?")
        for number in range(lengths.streams)
    ]
    before, began = cpu_of(desk.door.pid), time.perf_counter()
    async with streams(desk.port, asked) as listening:
        opened, opening = cpu_of(desk.door.pid) - before, time.perf_counter() - began
        await asyncio.sleep(_SETTLED)
        events = sum(one.events for one in listening.heard)
        steady = await _cores(desk, lengths.idle, asyncio.sleep(lengths.idle))
        events = sum(one.events for one in listening.heard) - events
        changing = await _cores(desk, lengths.idle, _change(desk, kept, lengths.idle))
        if any(one.is_over for one in listening.heard):
            raise RuntimeError("streams ended while they idled")
    again = opened / 1000 / LASTS
    return {
        "idle_streams_cores": round(steady + again, 3),
        "idle_streams": lengths.streams,
        "idle_streams_steady_cores": round(steady, 3),
        "idle_words_per_s": round(events / lengths.idle, 1),
        "changing_streams_cores": round(changing + again, 3),
        "stream_opening_ms": round(opened / lengths.streams, 1),
        "streams_opened_in_s": round(opening, 1),
    }


async def _cores(desk: WebDesk, seconds: int, meanwhile: Awaitable[None]) -> float:
    """Return how much of a core the web door uses while something goes on for so long."""
    before = cpu_of(desk.door.pid)
    await meanwhile
    return (cpu_of(desk.door.pid) - before) / 1000 / seconds
