"""What a case goes on from after a reset of its engine: kept with each write, for one life of it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from activities.store import case_files
from activities.store.case_store import CaseStore
from domain.clocks import Clock
from domain.record import RecallRequest, Recollection, RecordBatch, TakenMessage, row_of
from domain.views.board_facts import facts_of
from tests.activities.builders import AT, row, whole_case

LIFE, OTHER = "0d9b4c9e-1f0e-4b57-a9c4-7c1d5b2f3a10", "5e7a"


def taken(*numbers: int) -> tuple[TakenMessage, ...]:
    return tuple(
        TakenMessage(
            number=number,
            cause=f"{number:012d}",
            said=f"{number:08d}",
            received_at=AT + timedelta(seconds=number),
        )
        for number in numbers
    )


async def written(store: CaseStore, version: int, *numbers: int, life: str = LIFE) -> int:
    kept = await row(version=version)
    file = f"file {version} of {life} こんにちは"
    return await store.record(RecordBatch(row=kept, life=life, file=file, taken=taken(*numbers)))


async def test_boards_are_shown_the_same_by_the_facts_kept_and_by_the_whole_case_where_none_are(
    store: CaseStore,
) -> None:
    case, _ = await whole_case(tenant_company="Acme Pty")
    kept, file = row_of(case), f'{{"case": {case.model_dump_json()}}}'
    await store.record(RecordBatch(row=kept, life=LIFE, file=file))
    shown = {case.id: facts_of(case, Clock.INITIAL_RESPONSE)}
    assert shown[case.id].counted is not None
    assert await store.files.facts([kept]) == shown
    async with store.writing() as connection:
        assert (await connection.execute(text("update case_files set facts = null"))).rowcount == 1
    assert await store.files.facts([kept]) == shown
    await written(store, kept.version)
    assert await store.files.facts([kept]) == {}


async def test_a_life_is_recalled_as_it_was_written_last_with_what_it_took_since(store: CaseStore) -> None:
    await written(store, 1, 1, 2)
    await written(store, 2, 3)
    assert await store.files.recall(RecallRequest(life=LIFE)) == Recollection(
        version=2,
        file=f"file 2 of {LIFE} こんにちは",
        taken=tuple(f"{number:012d}:{number:08d}" for number in (1, 2, 3)),
    )
    later = await store.files.recall(RecallRequest(life=LIFE, taken=2))
    assert later.taken == ("000000000003:00000003",)
    received = await store.files.received(LIFE)
    assert received["000000000003"] == AT + timedelta(seconds=3)


async def test_a_life_nobody_wrote_is_not_recalled_and_another_one_of_the_id_is_not_it(
    store: CaseStore,
) -> None:
    assert await store.files.recall(RecallRequest(life=LIFE)) == Recollection()
    await written(store, 1, 1, life=OTHER)
    assert await store.files.recall(RecallRequest(life=LIFE)) == Recollection()
    await written(store, 2, 1)
    assert (await store.files.recall(RecallRequest(life=LIFE))).version == 2


async def test_a_write_that_comes_late_or_twice_changes_nothing(store: CaseStore) -> None:
    await written(store, 3, 1, 2)
    assert await written(store, 2, 1) == 3
    await written(store, 3, 1, 2)
    found = await store.files.recall(RecallRequest(life=LIFE))
    assert (found.version, len(found.taken)) == (3, 2)


async def test_of_very_many_messages_the_newest_are_named(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_files, "MOST_RECALLED", 3)
    await written(store, 1, *range(1, 11))
    found = await store.files.recall(RecallRequest(life=LIFE))
    assert [one.split(":")[0] for one in found.taken] == [f"{number:012d}" for number in (8, 9, 10)]


async def test_a_write_without_a_file_is_kept_as_before(store: CaseStore) -> None:
    await store.record(RecordBatch(row=await row(version=1)))
    assert await store.files.recall(RecallRequest(life=LIFE)) == Recollection()
