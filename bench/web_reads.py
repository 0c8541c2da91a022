"""How soon a case and a list are read through the API, beside openings, as the web door itself notes it."""

import asyncio
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from activities.store.case_store import CaseStore
from activities.store.tables import cases
from bench.presets import request
from bench.web_desk import AT_ONCE, WORDS, WebDesk, body_of
from domain.naming import case_number

_READS = 20  # a second
_TO_AN_OPENING = 10  # reads
_PAGE = 50
_CASE, _LIST = "/cases/{case}", "/cases"  # as the door notes them


@dataclass(frozen=True)
class Lengths:
    """How much is done: calls in a block of comparing; cases in the list, cases read, seconds of reading."""

    block: int
    listed: int
    read: int
    seconds: int


async def reads(desk: WebDesk, opened: Sequence[str], lengths: Lengths) -> dict[str, Any]:
    """Read cases and lists in turn; half of the cases are none the worker remembers."""
    await _fill_the_list(desk.store, opened[0], lengths.listed - len(opened))
    wanted = opened[: lengths.read]
    await desk.restart_worker()
    await asyncio.to_thread(desk.caller.note, wanted[::2], WORDS)
    await desk.at_rest()
    begin = desk.door.log.stat().st_size
    seen = await asyncio.to_thread(_play, desk, wanted, lengths.seconds)
    noted = _noted(desk.door.log, begin)
    return {
        "api_read_p95_ms": p95(noted[_CASE]),
        "api_list_p95_ms": p95(noted[_LIST]),
        "api_read_median_ms": round(statistics.median(noted[_CASE]), 1),
        "api_list_median_ms": round(statistics.median(noted[_LIST]), 1),
        "reads": len(noted[_CASE]),
        "lists": len(noted[_LIST]),
        "cases_in_the_list": lengths.listed,
        "caller_read_p95_ms": p95(seen[_CASE]),
        "caller_list_p95_ms": p95(seen[_LIST]),
    }


async def _fill_the_list(store: CaseStore, like: str, more: int) -> None:
    """Write rows of cases beside those that were opened."""
    row = await store.case_row(like)
    assert row is not None
    assert row.next_due_at is not None
    rows = [
        row.model_dump()
        | {"case_id": (case_id := f"case-{number:020d}"), "number": case_number(case_id)}
        | {"reference": f"listed-{number}", "next_due_at": row.next_due_at, "recorded_at": row.received_at}
        for number in range(more)
    ]
    async with store.writing() as connection:
        await connection.execute(cases.insert(), rows)


def _play(desk: WebDesk, wanted: Sequence[str], seconds: int) -> dict[str, list[float]]:
    """Call at set instants, whether or not earlier calls were answered; return how long callers waited."""
    seen: dict[str, list[float]] = defaultdict(list)
    caller, under_way = desk.caller, []

    def timed(what: str, call: Callable[[], object]) -> None:
        began = time.perf_counter()
        call()
        seen[what].append((time.perf_counter() - began) * 1000)

    def open_one(number: int) -> None:
        caller.open(body_of(request("rhipe-csp", f"beside-{number}")))

    def read(number: int) -> None:
        caller.get(f"/v1/cases/{wanted[number // 2 % len(wanted)]}")

    def read_list(_number: int) -> None:
        caller.get(f"/v1/cases?open=true&limit={_PAGE}")

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(seconds * _READS):
            time.sleep(max(0.0, began + number / _READS - time.perf_counter()))
            what, call = (_LIST, read_list) if number % 2 else (_CASE, read)
            under_way.append(threads.submit(timed, what, partial(call, number)))
            if number % _TO_AN_OPENING == 0:
                under_way.append(threads.submit(open_one, number))
    for one in under_way:
        one.result()
    return seen


def _noted(log: Path, begin: int) -> dict[str, list[float]]:
    """Return how many ms the web door noted for each reading, by route."""
    found: dict[str, list[float]] = defaultdict(list)
    with log.open() as lines:
        lines.seek(begin)
        for line in lines:
            call = json.loads(line)
            if call.get("method") == "GET":
                found[call["route"]].append(call["ms"])
    return found


def p95(spans: Sequence[float]) -> float:
    """Return what one in twenty took longer than."""
    return round(statistics.quantiles(spans, n=20, method="inclusive")[-1], 1)
