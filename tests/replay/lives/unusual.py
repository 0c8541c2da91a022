"""Lives with messages nobody expects: refused, unreadable, repeated, too early, too many."""

import asyncio

import pytest

from starter.door.faults import Fault
from tests.desk import Desk
from tests.people import ANA, KIM, P1
from tests.replay.lives.ordinary import answered
from workflows.messages import new_case

MANY = 490
"""Signals that, with the events of an ordinary hour, make a history long enough to turn over at 500."""


async def refused_opening(desk: Desk) -> None:
    request = desk.request(impact="enormous")
    case = desk.case(request)
    with pytest.raises(Fault):
        await case.submit(request)
    with pytest.raises(Fault):
        await case.outcome()


async def nothing_submitted(desk: Desk) -> None:
    case = desk.case(desk.request())
    await case.start(new_case())
    await desk.passes(hours=1, seconds=5)
    with pytest.raises(Fault, match="no request came"):
        await case.outcome()


async def messages_before_the_opening(desk: Desk) -> None:
    request = desk.request()
    case = desk.case(request)
    await case.start(new_case())
    answer = asyncio.create_task(case.ask("respond", {"actor": ANA, "text": "We have begun."}))
    await case.send("gossip", {"of": "the day"})
    await case.send("submit", request)
    await answer
    await desk.rest()
    await desk.passes(hours=1)


async def unread_messages(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.send("gossip", {"of": "the day"})
    await case.send("respond", {"actor": {"kind": "nobody"}, "text": 7})
    await case.send("respond")
    await case.send("post_update", "one", "two")
    await case.send("reply", "x" * 70_000)
    await case.send("submit", {"reference": "another"})
    await desk.rest()
    with pytest.raises(Fault):
        await case.ask("respond", {"actor": ANA})
    await case.say("respond", ANA, text="I am on it.")
    await desk.passes(minutes=50)


async def repeated_requests(desk: Desk) -> None:
    request = desk.request(**P1)
    case = await desk.open(**P1)
    assert (await case.submit(request)).repeated
    await case.hand_in(request)
    await case.hand_in(desk.request(explanation="Something else."))
    await case.say("respond", ANA, text="I am on it.", request_id="r-1")
    assert (await case.say("respond", ANA, text="I am on it.", request_id="r-1")).repeated
    await case.tell("respond", ANA, text="I am on it.", request_id="r-1")
    await case.say("post_update", ANA, text="News.", update_id="u-1")
    await case.say("post_update", ANA, text="News.", update_id="u-1")
    await desk.passes(minutes=50)


async def turned_over(desk: Desk) -> None:
    """So many messages that the record moves to a fresh run, twice; promises and seen requests go along."""
    case = await answered(desk)
    for turn in (1, 2):
        await desk.passes(minutes=20)
        async with desk.with_the_worker_away():
            for number in range(MANY):
                await case.send("add_note", {"actor": ANA, "text": f"{turn}/{number}"})
        await case.say("post_update", ANA, text="News.", request_id=f"news-{turn}")
    assert (await case.say("post_update", ANA, text="News.", request_id="news-1")).repeated
    await desk.passes(minutes=70)
    await case.say("reply", KIM, text="Thank you all.")
