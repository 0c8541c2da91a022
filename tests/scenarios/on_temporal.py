"""The engine of the real workflow: all scenarios in one sweep of the time-skipping server's clock.

Each scenario is moved by whole weeks of its own, so that it begins soon after the server's clock starts and
weekdays stay weekdays. The clock only goes forward; at each instant come the steps, then what is due, then
the checks. Cases whose scenario is over are taken away, or they would go on sending updates for ever.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.scenarios.files import Scenario
from tests.scenarios.playing import Play
from tests.scenarios.stage import Stage, open_stage

_BEFORE = timedelta(minutes=10)  # between the start of the server and the first instant
_CLOSE = timedelta(seconds=2)  # a message this soon before a due instant has to be there when it comes
_JUST_BEFORE = timedelta(milliseconds=300)
_HOLD = 1.0  # s of real time for cases to become busy
_ARRIVAL = 0.1  # s of real time for messages to reach the server


def play(scenarios: list[Scenario]) -> list[list[str]]:
    """What went wrong in each scenario, in order; an empty list where all is as it must be.

    Those that look at owners follow the sun, each on a server of its own; with many cases that are handed on
    at one instant the clock of this server came to a stand. All others share one server, and follow no sun.
    """
    others = [scenario for scenario in scenarios if not scenario.is_regional]
    played = dict(zip((one.id for one in others), asyncio.run(_play(others)), strict=True)) if others else {}
    for scenario in scenarios:
        if scenario.is_regional:
            (played[scenario.id],) = asyncio.run(_play([scenario]))
    return [played[scenario.id] for scenario in scenarios]


async def _play(scenarios: list[Scenario]) -> list[list[str]]:
    async with open_stage() as stage:
        start = await stage.env.get_current_time() + _BEFORE
        plays = [Play(stage, scenario, start, number) for number, scenario in enumerate(scenarios)]
        for at in sorted({at for one in plays for at in one.instants}):
            await _at_one_instant(stage, [one for one in plays if at in one.instants], at)
        return [one.wrong for one in plays]


async def _at_one_instant(stage: Stage, plays: list[Play], at: datetime) -> None:
    speakers = [one for one in plays if one.steps_at(at)]
    if speakers:
        await stage.until(at - _CLOSE)
    close_calls = [one for one in speakers if await one.is_close_call(at, at + _CLOSE)]
    if close_calls:
        await _say_together_with_the_timer(stage, close_calls, at)
    await stage.until(at)
    for one in speakers:
        if one not in close_calls:
            await one.say(at)
    for one in plays:
        await one.look(at)
        if at == one.instants[-1]:
            await one.clear()


async def _say_together_with_the_timer(stage: Stage, plays: list[Play], at: datetime) -> None:
    """Messages of the very instant at which something is due reach the case together with its timer.

    Otherwise the timer would be first by some milliseconds. A refused message, which leaves no trace, makes
    each case busy just before; timer and messages arrive while it is, and are then taken in one activation.
    """
    await stage.until(at - _JUST_BEFORE)
    with stage.gate.shut():
        busy = [asyncio.create_task(call) for one in plays for call in one.busy_calls(at)]
        await _until_true(lambda: stage.gate.waiting >= len(busy), _HOLD)
        await stage.until(at)
        said = [asyncio.create_task(one.say(at, together=True)) for one in plays]
        await asyncio.sleep(_ARRIVAL)
    await asyncio.gather(*said, *busy)


async def _until_true(is_true: Callable[[], bool], patience: float) -> None:
    """Waits for something, for `patience` seconds of real time at most."""
    waited = 0.0
    while not is_true() and waited < patience:
        await asyncio.sleep(0.01)
        waited += 0.01
