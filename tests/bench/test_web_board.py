"""The cases a board is measured over are those a desk has."""

from datetime import UTC, datetime

from bench.web_board_cases import CENTRES, cases_as_of, changes_of
from domain.record import row_of
from domain.silence import is_silent
from domain.timeline import EntryKind

NOW = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
MANY = 60


async def test_they_are_of_every_centre_and_level_some_missed_some_silent_some_nobodys() -> None:
    cases = [one async for one in cases_as_of(NOW, MANY)]
    rows = [row_of(one.case) for one in cases]
    assert len({row.case_id for row in rows}) == MANY
    assert {row.region for row in rows} == set(CENTRES)
    assert {row.level for row in rows} == {"P1", "P2", "P3", "P4", "P5"}
    acts = [[entry.at for entry in one.entries if entry.kind is EntryKind.RESPONDED] for one in cases]
    for told in (
        [row.assignee is None for row in rows],
        [row.owed_at is not None and row.owed_at < NOW for row in rows],
        [is_silent(row, max(at, default=None), NOW) for row, at in zip(rows, acts, strict=True)],
    ):
        assert MANY // 10 < sum(told) < MANY


async def test_one_that_changes_is_kept_as_a_newer_version_with_what_was_said() -> None:
    kept = [one async for one in cases_as_of(datetime.now(UTC), 4) if one.case.assignee]
    before = kept[0].batch().row.version
    batch = next(changes_of(kept)).batch()
    assert batch.row.version > before
    assert [entry.kind for entry in batch.entries][-1] is EntryKind.UPDATED
