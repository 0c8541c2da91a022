"""Reads that are waited for: shared, never stale, and given up in time."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from activities.store.patience import Patience

LONG, SHORT = timedelta(seconds=30), timedelta(milliseconds=20)


class Source:
    """Answers with how often it was read, once it is let."""

    def __init__(self) -> None:
        self.reads = 0
        self.may_answer = asyncio.Event()

    async def read(self) -> int:
        self.reads += 1
        number = self.reads
        await self.may_answer.wait()
        return number


async def begun(source: Source, reads: int) -> None:
    async with asyncio.timeout(60):
        while source.reads < reads:
            await asyncio.sleep(0)


def asked(patience: Patience[int], read: Callable[[], Coroutine[Any, Any, int]], key: str = "a") -> Any:
    return asyncio.create_task(patience.read(key, read))


async def test_who_asks_while_a_read_runs_shares_the_next_and_never_the_running_one() -> None:
    source, patience = Source(), Patience[int]("a store", LONG)
    first = asked(patience, source.read)
    await begun(source, 1)
    later = [asked(patience, source.read) for _ in range(50)]
    await asyncio.sleep(0)
    assert source.reads == 1
    source.may_answer.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * 50
    assert await patience.read("a", source.read) == 3


async def test_reads_of_different_things_do_not_wait_for_each_other() -> None:
    source, other, patience = Source(), Source(), Patience[int]("a store", LONG)
    first = asked(patience, source.read)
    await begun(source, 1)
    other.may_answer.set()
    assert await patience.read("b", other.read) == 1
    source.may_answer.set()
    assert await first == 1


async def test_a_read_that_does_not_answer_is_given_up_and_nobody_waits_for_another(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source, patience = Source(), Patience[int]("a store", SHORT)
    assert await patience.read("a", source.read) is None
    assert "a store does not answer" in caplog.text
    with pytest.raises(StopIteration) as at_once:
        patience.read("b", source.read).send(None)
    assert at_once.value.value is None
    assert source.reads == 1
    source.may_answer.set()
    await patience.close()
    assert await patience.read("a", source.read) == 2


async def test_who_stops_waiting_takes_the_answer_from_nobody() -> None:
    source, patience = Source(), Patience[int]("a store", LONG)
    impatient, patient = asked(patience, source.read), asked(patience, source.read)
    await begun(source, 1)
    impatient.cancel()
    source.may_answer.set()
    assert await patient == 1
    await patience.close()


async def test_what_the_store_says_is_logged_and_answered_with_none(caplog: pytest.LogCaptureFixture) -> None:
    async def refused() -> int:
        raise ConnectionRefusedError("nobody is there")

    patience = Patience[int]("a store", LONG)
    assert await patience.read("a", refused) is None
    assert "a store cannot be read: nobody is there" in caplog.text


async def test_a_bug_of_ours_is_not_taken_for_an_outage() -> None:
    async def broken() -> int:
        raise ZeroDivisionError

    patience = Patience[int]("a store", LONG)
    with pytest.raises(ZeroDivisionError):
        await patience.read("a", broken)
    await patience.close()
