"""Two lives of one reference in the case store: told apart, never mixed, the first never written over."""

import asyncio
from datetime import timedelta

from activities.store.case_store import CaseStore
from activities.store.lives import Lives
from activities.store.record_case import Recording
from domain.lives import Beginning, StoredLife
from domain.phase import Phase
from domain.record import RecordBatch, RecordReceipt, row_of
from tests.activities.builders import AT, CASE, HOUR, NUMBER, entry, row, whole_case

FIRST, SECOND = AT, AT + timedelta(days=90)
LONG_AGO, LONG_AHEAD = AT - timedelta(days=3000), AT + timedelta(days=3000)
"""Before and after the instant at which these tests write a row."""


async def test_a_second_life_is_not_written_over_the_first(store: CaseStore) -> None:
    first = RecordBatch(row=await row(version=7, entries=2, begun_at=FIRST), entries=(entry(1), entry(2)))
    await store.record(first)
    for version in (1, 9):
        second = await row(version=version, entries=1, begun_at=SECOND, title="Another problem")
        batch = RecordBatch(row=second, entries=(entry(1, "another"),))
        receipt = await Recording(store).record_case(batch)
        assert receipt == RecordReceipt(version=0, earlier=held(begun_at=FIRST))
    assert await store.case_row(CASE) == first.row
    assert await store.timeline(CASE) == first.entries


async def test_a_life_goes_on_after_a_turn_over_or_a_reset(store: CaseStore) -> None:
    for version in (1, 2, 2):
        batch = RecordBatch(row=await row(version=version, begun_at=FIRST))
        assert await store.record(batch) == version


async def test_a_life_of_an_older_release_goes_on_without_its_beginning(store: CaseStore) -> None:
    for version in (1, 2):
        await store.record(RecordBatch(row=await row(version=version)))
    assert (await store.life(Beginning(case_id=CASE, begun_at=LONG_AGO))) == held(is_own=True)
    assert (await store.life(Beginning(case_id=CASE, begun_at=LONG_AHEAD))) == held()
    await store.record(RecordBatch(row=await row(version=3, begun_at=LONG_AGO)))
    receipt = await Recording(store).record_case(RecordBatch(row=await row(version=4, begun_at=LONG_AHEAD)))
    assert receipt.earlier == held(begun_at=LONG_AGO)


async def test_what_a_second_life_of_an_older_releases_case_writes_is_held_apart(store: CaseStore) -> None:
    await store.record(RecordBatch(row=await row(version=1)))
    receipt = await Recording(store).record_case(RecordBatch(row=await row(version=1, begun_at=LONG_AHEAD)))
    assert receipt.earlier == held()


async def test_an_id_nobody_used_has_no_life(store: CaseStore) -> None:
    assert await store.life(Beginning(case_id=CASE, begun_at=FIRST)) is None


async def test_a_life_that_is_over_is_told_by_its_content(store: CaseStore) -> None:
    case, _ = await whole_case()
    over = case.model_copy(update={"phase": Phase.ARCHIVED, "begun_at": FIRST, "closed_at": AT + HOUR})
    await store.record(RecordBatch(row=row_of(over), case=over))
    found = await store.life(Beginning(case_id=CASE, begun_at=SECOND))
    assert found == held(
        phase=Phase.ARCHIVED, begun_at=FIRST, closed_at=AT + HOUR, request_digest=case.request_digest
    )
    open_again = row_of(over).model_copy(update={"phase": Phase.IN_PROGRESS, "version": over.version + 1})
    await store.record(RecordBatch(row=open_again))
    reopened = await store.life(Beginning(case_id=CASE, begun_at=SECOND))
    assert reopened is not None
    assert (reopened.phase, reopened.request_digest) == (Phase.IN_PROGRESS, None)


async def test_a_second_life_with_an_id_of_its_own_finds_itself_by_its_workflow(store: CaseStore) -> None:
    await store.record(RecordBatch(row=await row(version=1, begun_at=FIRST)))
    linked = await row("INC-1/again/x", version=1, begun_at=SECOND, workflow_id=CASE, parent=CASE)
    assert await store.record(RecordBatch(row=linked)) == 1
    found = await store.life(Beginning(case_id=CASE, begun_at=SECOND))
    assert found is not None
    assert (found.case_id, found.is_own) == (linked.case_id, True)
    assert await store.workflow_of(linked.case_id) == CASE
    assert await store.workflow_of(CASE) is None


async def test_a_store_that_does_not_answer_is_not_waited_for(own_store: CaseStore) -> None:
    class Silent(CaseStore):
        async def life(self, beginning: Beginning) -> StoredLife | None:
            await answer.wait()
            return None

    answer = asyncio.Event()
    silent = Silent("sqlite://")
    lives = Lives(silent, patience=timedelta(milliseconds=10))
    assert await lives.find(Beginning(case_id=CASE, begun_at=FIRST)) is None
    answer.set()
    await lives.close()
    await silent.close()


def held(**changes: object) -> StoredLife:
    given = {"case_id": CASE, "number": NUMBER, "phase": Phase.AWAITING_INFORMATION, **changes}
    return StoredLife.model_validate(given)
