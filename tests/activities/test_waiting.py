"""What waits to be told is kept whole, comes back in its order, and goes when it was told."""

from datetime import UTC, datetime

from activities.store.case_store import CaseStore
from activities.store.waiting_effects import Waiting
from domain.effects import Lane
from domain.waiting import WaitingBatch, WaitingEffect, WaitingWanted, queue_of
from tests.activities.builders import CASE, effect

LONG = "あ" * 2700


def batch(*numbers: int, lane: Lane = Lane.CUSTOMER, case: str = CASE) -> WaitingBatch:
    facts = effect().facts.model_copy(update={"text": LONG})
    effects = tuple(
        WaitingEffect(number=number, effect=effect(f"r-{number}", facts=facts)) for number in numbers
    )
    return WaitingBatch(queue=case, lane=lane, effects=effects)


async def read(waiting: Waiting, told: int, most: int = 10, lane: Lane = Lane.CUSTOMER) -> list[int]:
    found = await waiting.read_waiting(WaitingWanted(queue=CASE, lane=lane, told=told, most=most))
    return [one.number for one in found.effects]


async def test_what_waits_comes_back_whole_in_its_order_a_few_at_a_time(store: CaseStore) -> None:
    waiting = Waiting(store)
    kept = batch(1, 2, 3, 10)
    assert (await waiting.keep_waiting(kept)).kept == 4
    wanted = WaitingWanted(queue=CASE, lane=Lane.CUSTOMER, told=1, most=2)
    assert (await waiting.read_waiting(wanted)).effects == kept.effects[1:3]
    assert await read(waiting, 3) == [10]
    assert await read(waiting, 10) == []


async def test_the_same_effects_kept_again_change_nothing(store: CaseStore) -> None:
    waiting = Waiting(store)
    for _ in range(2):
        await waiting.keep_waiting(batch(1, 2))
    assert await read(waiting, 0) == [1, 2]


async def test_what_was_told_is_forgotten_and_the_rest_stays_until_it_is(store: CaseStore) -> None:
    waiting = Waiting(store)
    await waiting.keep_waiting(batch(1, 2, 3))
    assert await read(waiting, 2) == [3]
    assert await read(waiting, 0) == [3]


async def test_lanes_and_cases_do_not_mix(store: CaseStore) -> None:
    waiting = Waiting(store)
    await waiting.keep_waiting(batch(1))
    await waiting.keep_waiting(batch(2, lane=Lane.STAFF))
    await waiting.keep_waiting(batch(3, case="another"))
    assert await read(waiting, 0) == [1]
    assert await read(waiting, 0, lane=Lane.STAFF) == [2]


def test_two_lives_of_one_id_share_no_queue() -> None:
    first, second = (queue_of("case-a", datetime(2027, 6, day, tzinfo=UTC)) for day in (1, 2))
    assert first != second
    assert len(queue_of("x" * 120, datetime(2027, 6, 1, tzinfo=UTC))) == 40
