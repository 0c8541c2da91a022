"""The portal of customers with many cases: how soon each page is there, loaded by many of them in turn.

The cases are those a board is measured over, some dozens a company; pages come 5 times a second.
"""

import asyncio
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bench.web_board_browsers import Browser, browsers
from bench.web_board_cases import TENANTS, fill
from bench.web_desk import AT_ONCE, WebDesk
from bench.web_reads import p95
from domain.actor import Actor, ActorKind, Door, Role

_LOADS = 5  # a second
_CUSTOMERS = 12
_HOME = "/portal"
_CASE = re.compile(rb'href="(/portal/cases/[^"/]+)"')


@dataclass(frozen=True)
class PortalLengths:
    """How much is done: open cases, and seconds of loading."""

    cases: int
    seconds: int


FULL = PortalLengths(cases=10_000, seconds=60)
SHORT = PortalLengths(cases=500, seconds=8)


async def portals(desk: WebDesk, lengths: PortalLengths) -> dict[str, Any]:
    """Fill the store, and measure."""
    await fill(desk.store, lengths.cases, keep=0)
    readers = await browsers(desk.store, desk.port, _customers(), under=_HOME)
    spans = await asyncio.to_thread(_load, readers, lengths.seconds)
    every = [span for found in spans.values() for span in found]
    return {
        "portal_p95_ms": p95(every),
        "portal_median_ms": round(statistics.median(every), 1),
        "portal_most_ms": round(max(every), 1),
        "portal_by_page_ms": {name: round(statistics.median(found), 1) for name, found in spans.items()},
        "portal_pages": len(every),
        "portal_cases_a_company": lengths.cases // TENANTS,
    }


def _customers() -> tuple[Actor, ...]:
    return tuple(
        Actor(
            kind=ActorKind.CUSTOMER,
            name=f"Customer {number}",
            role=Role.CUSTOMER,
            tenant=f"tenant-{number * TENANTS // _CUSTOMERS}",
            door=Door.PORTAL,
        )
        for number in range(_CUSTOMERS)
    )


def _load(readers: list[Browser], seconds: int) -> dict[str, list[float]]:
    """Load pages at set instants, whether or not earlier ones have come; return how long each took (ms)."""
    cases = [_CASE.findall(reader.load(f"{_HOME}/")) for reader in readers]
    found: dict[str, list[float]] = {"cases": [], "a case": [], "its report": [], "a new case": []}
    if not all(cases):
        raise RuntimeError("a customer sees no case of theirs")

    def one(number: int) -> None:
        whose = number % len(readers)
        case = cases[whose][number // len(readers) % len(cases[whose])].decode()
        paths = {
            "cases": f"{_HOME}/",
            "a case": case,
            "its report": f"{case}/report",
            "a new case": f"{_HOME}/new",
        }
        name = list(paths)[number // 2 % len(paths)] if number % 2 else "a case"
        began = time.perf_counter()
        readers[whose].load(paths[name])
        found[name].append((time.perf_counter() - began) * 1000)

    under_way, began = [], time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(seconds * _LOADS):
            time.sleep(max(0.0, began + number / _LOADS - time.perf_counter()))
            under_way.append(threads.submit(one, number))
    for load in under_way:
        load.result()
    return {name: spans for name, spans in found.items() if spans}
