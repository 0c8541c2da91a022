"""The measurements, and what ours cost divided by what the bare engine's did."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from bench.lifecycle import ENGINEER, request_of
from bench.real.beats import Beats, beat_of
from bench.real.clocks import Clocks, lateness, request_due, storm
from bench.real.parts import SIDES, Call, Parts, Side, Spent, parts, spent
from domain.messages.case import PostUpdate, Respond


class Size(NamedTuple):
    """How much is done: cases and updates a round, clocks, the updates of 30 days, and fresh starts."""

    rounds: int
    cases: int
    updates: int
    storm: int
    spread: int
    spread_seconds: int
    month: int
    wakes: int


WHOLE = Size(rounds=5, cases=80, updates=160, storm=1000, spread=500, spread_seconds=20, month=360, wakes=3)
QUICK = Size(rounds=2, cases=40, updates=60, storm=0, spread=75, spread_seconds=3, month=60, wakes=1)
"""A month of Severity A at an update every 2 h is 360 of them."""


async def real(
    *, quick: bool = False, address: str | None = None, bare_is_sandboxed: bool = True
) -> dict[str, Any]:
    """Measure all of it, on a server of our own or the one at `address`."""
    size = QUICK if quick else WHOLE
    async with parts(address, bare_is_sandboxed=bare_is_sandboxed) as on:
        await on.start("product")
        on.beats_at.write_text((await _beats(on)).model_dump_json())
        await on.start("bare")
        for side in SIDES:
            await _opened(on, side, "warm", 20)
        before = {side: on.memory_kb(side) for side in SIDES}
        openings, messages = await _rounds(on, size)
        cases = size.rounds * size.cases
        memory = {side: (on.memory_kb(side) - before[side]) / cases for side in SIDES}
        idle = await _idle(on)
        cold = {side: await _cold(on, side, size) for side in SIDES}
        wake = await _month(on, size)
        rate = {side: 1 / _each(openings[side])[0] for side in SIDES}
        storms = {side: await storm(on, side, size.storm, rate[side]) for side in SIDES if size.storm}
        spread = await lateness(on, size.spread, size.spread_seconds, rate["product"])
    return _result(size, openings, messages, cold, memory, idle, wake, storms, spread) | {
        "bare_is_sandboxed": bare_is_sandboxed,
        "address": address or "a server in memory",
    }


# --- what is played ---------------------------------------------------------------------------------------


async def _beats(on: Parts) -> Beats:
    """Play one case of ours and read off its history what the bare engine has to do."""
    opened = request_of("script", "high")
    handle = await on.open("product", "script", opened)
    marks = [await _length(on, handle)]
    for verb, message in (("respond", _answer("script")), ("post_update", _update("script", 0))):
        await on.say("product", "script", verb, message)
        marks.append(await _length(on, handle))
    events = (await handle.fetch_history()).events
    falls_due = datetime.now(UTC) + timedelta(seconds=5)
    warned = await on.open("product", "due", request_due("due", falls_due))
    before = await _length(on, warned)
    await asyncio.sleep(max(0.0, (falls_due - datetime.now(UTC)).total_seconds()) + 1)
    await _length(on, warned)
    due = (await warned.fetch_history()).events[before:]
    return Beats(
        opening=beat_of(events[: marks[0]]), message=beat_of(events[marks[1] : marks[2]]), due=beat_of(due)
    )


async def _length(on: Parts, handle: Any) -> int:
    await on.at_rest("product")
    return int((await handle.describe()).history_length)


def _answer(reference: str) -> Respond:
    return Respond(actor=ENGINEER, text="We have begun work on this", request_id=f"{reference}-first")


def _update(reference: str, number: int) -> PostUpdate:
    text = f"Step {number} is done"
    return PostUpdate(actor=ENGINEER, text=text, request_id=f"{reference}-{number}")


# --- measuring --------------------------------------------------------------------------------------------


async def _opened(on: Parts, side: Side, name: str, cases: int) -> Spent:
    def call(one: str) -> Call:
        return lambda: on.open(side, one, request_of(one, "high"))

    return await spent(on, side, [call(f"{name}-{number}") for number in range(cases)])


async def _answered(on: Parts, side: Side, name: str, cases: int) -> Spent:
    """Give each case its first answer, which the product counts and an update is not."""

    def call(one: str) -> Call:
        return lambda: on.say(side, one, "respond", _answer(one))

    return await spent(on, side, [call(f"{name}-{number}") for number in range(cases)])


async def _updated(on: Parts, side: Side, name: str, cases: int, numbers: range) -> Spent:
    """Write so many updates, to the cases in turn."""

    def call(number: int) -> Call:
        one = f"{name}-{number % cases}"
        return lambda: on.say(side, one, "post_update", _update(one, number))

    return await spent(on, side, [call(number) for number in numbers])


async def _rounds(on: Parts, size: Size) -> tuple[dict[Side, list[Spent]], dict[Side, list[Spent]]]:
    openings: dict[Side, list[Spent]] = defaultdict(list)
    messages: dict[Side, list[Spent]] = defaultdict(list)
    for number in range(size.rounds):
        for side in SIDES if number % 2 == 0 else SIDES[::-1]:
            name = f"round-{number}"
            openings[side].append(await _opened(on, side, name, size.cases))
            await _answered(on, side, name, size.cases)
            messages[side].append(await _updated(on, side, name, size.cases, range(size.updates)))
    return openings, messages


async def _idle(on: Parts, seconds: float = 10) -> dict[str, float]:
    """Return the share of a core that server and workers use while all cases wait."""
    before = {side: on.cpu(side) for side in SIDES}
    await asyncio.sleep(seconds)
    after = {side: on.cpu(side) for side in SIDES}
    used = {side: (after[side][0] - before[side][0]) / seconds / 1000 for side in SIDES}
    server = (after["bare"][1] - before["bare"][1]) / seconds / 1000
    return {**{side: round(share, 4) for side, share in used.items()}, "server": round(server, 4)}


async def _cold(on: Parts, side: Side, size: Size) -> Spent:
    """Write to cases that a fresh worker has to replay."""
    await on.start(side)
    await _opened(on, side, "warm-again", 5)
    return await _updated(on, side, "round-0", size.cases, range(size.updates, size.updates + size.cases))


async def _month(on: Parts, size: Size) -> float:
    """Return the s a fresh worker needs to answer for a case that was written to for 30 days."""
    asked = request_of("month", "high").model_copy(update={"impact": "high"})
    await on.open("product", "month", asked)
    await on.say("product", "month", "respond", _answer("month"))
    for number in range(size.month):
        await on.say("product", "month", "post_update", _update("month", number))
    await on.at_rest("product")
    took = []
    for number in range(size.wakes):
        await on.start("product")
        await _opened(on, "product", f"awake-{number}", 2)
        begun = time.perf_counter()
        await on.client.get_workflow_handle("product-month").query("view")
        took.append(time.perf_counter() - begun)
    return median(took)


# --- telling ----------------------------------------------------------------------------------------------


def _each(rounds: Iterable[Spent]) -> tuple[float, float, float]:
    """Return what one call took over all rounds: s, and CPU ms of worker and server."""
    known = list(rounds)
    calls = sum(one.calls for one in known)
    return (
        sum(one.seconds for one in known) / calls,
        sum(one.worker_ms for one in known) / calls,
        sum(one.server_ms for one in known) / calls,
    )


def _told(each: tuple[float, float, float]) -> dict[str, float]:
    seconds, worker, server = each
    return {"a_second": round(1 / seconds, 1), "worker_ms": round(worker, 1), "server_ms": round(server, 1)}


_Costs = dict[Side, tuple[float, float, float]]


def _ratios(opened: _Costs, said: _Costs, storms: dict[Side, Clocks]) -> dict[str, float]:
    """Divide what the product took by what the bare engine did; of rates, ours by theirs."""
    ratios = {
        "openings": opened["bare"][0] / opened["product"][0],
        "messages": said["bare"][0] / said["product"][0],
        "worker_cpu_opening": opened["product"][1] / opened["bare"][1],
        "worker_cpu_message": said["product"][1] / said["bare"][1],
    }
    if opened["bare"][2]:
        ratios["server_cpu_opening"] = opened["product"][2] / opened["bare"][2]
        ratios["server_cpu_message"] = said["product"][2] / said["bare"][2]
    if storms:
        ratios["storm_p99"] = storms["product"].decided_p99 / storms["bare"].decided_p99
    return {name: round(ratio, 3) for name, ratio in ratios.items()}


def _result(
    size: Size,
    openings: dict[Side, list[Spent]],
    messages: dict[Side, list[Spent]],
    cold: dict[Side, Spent],
    memory: dict[Side, float],
    idle: dict[str, float],
    wake: float,
    storms: dict[Side, Clocks],
    spread: Clocks,
) -> dict[str, Any]:
    opened, said = ({side: _each(of[side]) for side in SIDES} for of in (openings, messages))
    return {
        "bench": "real",
        **size._asdict(),
        "ratios": _ratios(opened, said, storms),
        "memory_above_bare_kb": round(memory["product"] - memory["bare"]),
        "cold_wake_s": round(wake, 3),
        "lateness_p99_s": round(spread.decided_p99, 3),
        **{
            side: {
                "opening": _told(opened[side]),
                "message": _told(said[side]),
                "message_cold": _told(_each([cold[side]])),
                "memory_kb_a_case": round(memory[side]),
                **({"storm": storms[side].told()} if storms else {}),
            }
            for side in SIDES
        },
        "lateness": spread.told(),
        "idle_cores": idle,
    }
