"""How late clocks fired, as the store keeps and adds it up: by clock and centre, in milliseconds."""

from datetime import timedelta

from sqlalchemy import text

from activities.store.case_store import CaseStore
from activities.store.lateness import Lateness
from activities.store.period import Period
from domain.clocks import Clock, FiredClock
from domain.record import RecordBatch
from tests.activities.builders import AT, row

DAYS = timedelta(days=1)
ALL = Period(since=AT - DAYS, until=AT + DAYS)


def fired(number: int, late_ms: int, clock: Clock = Clock.UPDATE, region: str = "sydney") -> FiredClock:
    due_at = AT + timedelta(seconds=number)
    return FiredClock(clock=clock, due_at=due_at, late_ms=late_ms, region=region)


async def written(store: CaseStore, *clocks: FiredClock, version: int = 1, reference: str = "INC-1") -> None:
    await store.record(RecordBatch(row=await row(reference, version=version), fired=clocks))


async def test_the_half_the_99th_of_100_and_the_latest_are_figures_that_were_measured(
    store: CaseStore,
) -> None:
    await written(store, *(fired(number, number) for number in range(1, 201)))
    found = await store.lateness.figures(ALL)
    of_all = Lateness(clock=None, centre=None, count=200, p50_ms=100, p99_ms=198, max_ms=200)
    assert found.all == of_all
    assert found.rows == (of_all.model_copy(update={"clock": "update", "centre": "sydney"}),)


async def test_clocks_and_centres_stand_apart_in_the_order_of_clocks(store: CaseStore) -> None:
    await written(store, fired(1, 7), fired(2, 9, region="manila"), fired(3, 1, Clock.INITIAL_RESPONSE))
    found = await store.lateness.figures(ALL)
    assert [(one.clock, one.centre, one.max_ms) for one in found.rows] == [
        ("initial_response", "sydney", 1),
        ("update", "manila", 9),
        ("update", "sydney", 7),
    ]
    only = await store.lateness.figures(ALL, clock="update", centre="manila")
    assert (only.all and only.all.count, len(only.rows)) == (1, 1)
    acme = await store.lateness.figures(ALL.model_copy(update={"tenant": "nobody"}))
    assert (acme.all, acme.rows) == (None, ())


async def test_a_write_that_comes_twice_changes_nothing_and_the_period_is_half_open(
    store: CaseStore,
) -> None:
    await written(store, fired(0, 5), fired(10, 6))
    await written(store, fired(0, 5000), fired(10, 6))
    found = await store.lateness.figures(Period(since=AT, until=AT + timedelta(seconds=10)))
    assert (found.all and found.all.count, found.all and found.all.max_ms) == (1, 5)


async def test_what_was_before_is_not_known_and_said_to_be(store: CaseStore) -> None:
    found = await store.lateness.figures(Period(since=AT - 400 * DAYS, until=AT))
    assert found.all is None
    assert found.known_since is not None
    assert not found.is_whole
    assert (await store.lateness.figures(ALL)).is_whole


async def test_a_store_that_never_kept_it_knows_nothing(store: CaseStore) -> None:
    async with store.writing() as connection:
        await connection.execute(text("delete from past_kept where what = 'lateness'"))
    found = await store.lateness.figures(ALL)
    assert (found.known_since, found.is_whole) == (None, False)
