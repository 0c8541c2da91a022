"""Writers of one SQLite file who wait for each other share a commit, and nothing else."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, event, insert, select
from sqlalchemy.engine import Connection

from activities.store.database import Database

ROWS = Table("numbers", MetaData(), Column("number", Integer, primary_key=True))


@pytest.fixture
async def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    (tmp_path / "numbers.db").touch()
    found = Database(f"sqlite:///{tmp_path}/numbers.db")
    async with found.writing() as connection:
        await connection.run_sync(ROWS.metadata.create_all)
    yield found
    await found.close()


async def write(store: Database, number: int, *, fails: bool = False) -> None:
    async with store.writing() as connection:
        await connection.execute(insert(ROWS).values(number=number))
        await asyncio.sleep(0)
        if fails:
            raise LookupError(number)


async def kept(store: Database) -> list[int]:
    async with store.reading() as connection:
        return list((await connection.execute(select(ROWS.c.number))).scalars())


def counted_commits(store: Database) -> list[Connection]:
    commits: list[Connection] = []
    event.listen(store._engine.sync_engine, "commit", commits.append)
    return commits


async def test_forty_writers_at_once_wait_for_the_disk_a_few_times(store: Database) -> None:
    commits = counted_commits(store)
    await asyncio.gather(*(write(store, number) for number in range(40)))
    assert sorted(await kept(store)) == list(range(40))
    assert len(commits) <= 4


async def test_whoever_goes_on_finds_what_they_wrote_on_disk(store: Database) -> None:
    async def write_and_look(number: int) -> bool:
        await write(store, number)
        return number in await kept(store)

    assert all(await asyncio.gather(*(write_and_look(number) for number in range(40))))


@pytest.mark.parametrize("failing", [0, 1, 19, 39])
async def test_one_that_fails_takes_nobody_with_it(store: Database, failing: int) -> None:
    writes = [write(store, number, fails=number == failing) for number in range(40)]
    ends = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [LookupError]
    assert sorted(await kept(store)) == [number for number in range(40) if number != failing]


async def test_one_that_breaks_a_rule_of_the_table_takes_nobody_with_it(store: Database) -> None:
    ends = await asyncio.gather(*(write(store, number % 10) for number in range(20)), return_exceptions=True)
    assert sum(end is not None for end in ends) == 10
    assert sorted(await kept(store)) == list(range(10))


async def test_where_the_commit_fails_everybody_is_told(store: Database) -> None:
    def is_full(_connection: Connection) -> None:
        raise OSError("no space left on device")

    event.listen(store._engine.sync_engine, "commit", is_full)
    ends = await asyncio.gather(*(write(store, number) for number in range(5)), return_exceptions=True)
    event.remove(store._engine.sync_engine, "commit", is_full)
    assert [str(end) for end in ends] == ["no space left on device"] * 5
    await write(store, 7)
    assert await kept(store) == [7]


async def test_those_who_give_up_hold_nobody_up(store: Database) -> None:
    tasks = [asyncio.create_task(write(store, number)) for number in range(20)]
    await asyncio.sleep(0)
    for task in tasks[1::2]:
        task.cancel()
    async with asyncio.timeout(20):
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [end for end in ends[::2] if end is not None] == []
    assert set(range(0, 20, 2)) <= set(await kept(store))
    await write(store, 100)


async def test_another_process_has_its_turn_between(store: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path}/numbers.db")
    await asyncio.gather(
        *(write(store, number) for number in range(100)), *(write(other, 1000 + one) for one in range(20))
    )
    await other.close()
    assert len(await kept(store)) == 120
