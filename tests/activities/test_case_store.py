import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from activities.store import delivery_tables, schema, tables
from activities.store.board import BoardFilter, read_rows
from activities.store.case_list import CaseFilter, Cursor
from activities.store.case_store import CaseStore
from activities.store.database import StoreUnreachable, StoreUrlInvalid
from activities.store.ledger import LedgerEntry
from activities.store.record_case import Recording
from domain.actor import Tier
from domain.phase import Phase
from domain.record import CaseRow, RecordBatch, row_of
from domain.timeline import EntryKind, TimelineEntry
from tests.activities.builders import AT, HOUR, entry, row, whole_case

HOSTILE = [
    "' OR '1'='1",
    '" OR ""="',
    "\\' OR tenant != 'zzz' -- ",
    "'; DROP TABLE cases; --",
    "%",
    "_",
    "a%b",
    "NUL\x00after",
    "lone \ud800 surrogate",
    "\u202eright to left",
    "<script>alert(1)</script>",
    ":name %(name)s {0} $1 ?",
]


async def test_a_case_comes_back_as_it_was_recorded(store: CaseStore) -> None:
    case, entries = await whole_case()
    batch = RecordBatch(row=row_of(case), entries=entries, case=case)
    receipt = await Recording(store).record_case(batch)
    assert receipt.version == case.version
    assert await store.case_row(case.id) == row_of(case)
    assert await store.timeline(case.id) == entries
    assert await store.case_record(case.id) == case


async def test_a_case_nobody_recorded_is_not_there(store: CaseStore) -> None:
    assert await store.case_row("case-unknown") is None
    assert await store.timeline("case-unknown") == ()
    assert await store.timeline_entry("case-unknown", 1) is None
    assert await store.case_record("case-unknown") is None
    assert await store.ledger("case-unknown/x") is None


async def test_instants_are_kept_in_utc_to_the_microsecond(store: CaseStore) -> None:
    elsewhere = datetime(2027, 3, 2, 14, 0, 0, 123456, tzinfo=timezone(timedelta(hours=11)))
    kept = await row(next_due_at=elsewhere)
    await store.record(RecordBatch(row=kept))
    found = await store.case_row(kept.case_id)
    assert found is not None
    assert found.next_due_at == elsewhere
    assert found.next_due_at is not None
    assert found.next_due_at.tzinfo is UTC


async def test_an_older_batch_changes_nothing(store: CaseStore) -> None:
    newer = await row(version=5, entries=2, title="newer")
    await store.record(RecordBatch(row=newer, entries=(entry(1, "one"), entry(2, "two"))))
    older = newer.model_copy(update={"version": 4, "entries": 1, "title": "older"})
    assert await store.record(RecordBatch(row=older, entries=(entry(1, "other"),))) == 5
    assert await store.case_row(newer.case_id) == newer
    assert [one.text for one in await store.timeline(newer.case_id)] == ["one", "two"]


async def test_a_repeated_batch_changes_nothing(store: CaseStore) -> None:
    batch = RecordBatch(row=await row(version=3, entries=2), entries=(entry(1), entry(2)))
    assert [await store.record(batch), await store.record(batch)] == [3, 3]
    assert await store.timeline(batch.row.case_id) == batch.entries


async def test_entries_the_case_does_not_have_are_taken_out(store: CaseStore) -> None:
    first = await row(version=3, entries=3)
    await store.record(RecordBatch(row=first, entries=(entry(1), entry(2), entry(3, "undone"))))
    again = first.model_copy(update={"version": 4, "entries": 2})
    await store.record(RecordBatch(row=again, entries=(entry(2, "anew"),)))
    assert [(one.number, one.text) for one in await store.timeline(first.case_id)] == [(1, None), (2, "anew")]


async def test_a_batch_that_fails_leaves_nothing_behind(store: CaseStore) -> None:
    good = await row(version=1, entries=1)
    broken = RecordBatch(row=good, entries=(entry(1, at=datetime(2027, 1, 1)),))
    with pytest.raises(Exception, match="zone"):
        await store.record(broken)
    assert await store.case_row(good.case_id) is None


async def test_batches_of_one_case_at_once_end_with_the_newest(store: CaseStore) -> None:
    kept = await row()
    versions = [kept.model_copy(update={"version": number, "entries": number}) for number in range(1, 9)]
    await asyncio.gather(
        *(store.record(RecordBatch(row=one, entries=(entry(one.version),))) for one in versions)
    )
    found = await store.case_row(kept.case_id)
    assert found is not None
    assert found.version == 8


async def test_text_no_database_takes_does_not_stop_the_record(store: CaseStore) -> None:
    kept = await row(version=1, entries=len(HOSTILE), title="a\x00b")
    entries = tuple(entry(number, words) for number, words in enumerate(HOSTILE, 1))
    await store.record(RecordBatch(row=kept, entries=entries))
    found = await store.timeline(kept.case_id)
    assert [one.text for one in found] == [
        words.replace("\x00", "\ufffd").replace("\ud800", "\ufffd") for words in HOSTILE
    ]


async def test_lists_come_by_next_due_then_rank_page_by_page(store: CaseStore) -> None:
    due = [(None, 0), (AT + HOUR, 2), (AT + HOUR, 0), (AT, 4), (None, 3), (AT + HOUR, 1)]
    for number, (due_at, rank) in enumerate(due):
        await store.record(
            RecordBatch(row=await row(f"INC-{number}", next_due_at=due_at, rank=rank, version=1))
        )
    whole = await store.cases(CaseFilter())
    assert [(one.next_due_at, one.rank) for one in whole] == [
        (AT, 4),
        (AT + HOUR, 0),
        (AT + HOUR, 1),
        (AT + HOUR, 2),
        (None, 0),
        (None, 3),
    ]
    pages: list[CaseRow] = []
    while page := await store.cases(CaseFilter(limit=2, after=Cursor.of(pages[-1]) if pages else None)):
        pages += page
    assert tuple(pages) == whole


async def test_a_centres_queue_has_its_open_cases_and_those_offered_to_it(store: CaseStore) -> None:
    hers = {"region": "sydney", "version": 1}
    for one in (
        await row("open", **hers),
        await row("leaving", **hers, offered_to="manila"),
        await row("closed", **hers, phase=Phase.CLOSED),
        await row("resolved", **hers, phase=Phase.RESOLVED, offered_to="manila", tier=Tier.L2),
        await row("coming", region="manila", offered_to="sydney", version=1),
        await row("elsewhere", region="manila", version=1),
    ):
        await store.record(RecordBatch(row=one))

    async def found(**wanted: object) -> set[str]:
        return {one.reference for one in await store.cases(CaseFilter.model_validate(wanted))}

    assert await found(queue="sydney") == {"open", "leaving", "coming"}
    assert await found(queue="manila") == {"leaving", "resolved", "coming", "elsewhere"}
    assert await found(offered_to="manila") == {"leaving", "resolved"}
    assert await found(offered_to="manila", open_only=True) == {"leaving"}
    assert await found(tier="L2") == {"resolved"}
    assert await found(queue="sydney", tier="L2") == set()
    for words in HOSTILE:
        assert await found(queue=words) == await found(offered_to=words) == set()


async def test_the_store_says_when_it_last_wrote_a_row(store: CaseStore) -> None:
    assert await store.newest_row_at() is None
    before = datetime.now(UTC)
    kept = await row(version=5, offered_to="manila", tier=Tier.L2)
    await store.record(RecordBatch(row=kept))
    written = await store.newest_row_at()
    assert written is not None
    assert before <= written <= datetime.now(UTC)
    assert await store.case_row(kept.case_id) == kept
    await store.record(RecordBatch(row=kept.model_copy(update={"version": 4})))
    assert await store.newest_row_at() == written


async def test_filters_narrow_each_by_its_own_field(store: CaseStore) -> None:
    rows = {
        "one": await row("one", version=1, tenant="acme", phase=Phase.CLOSED, breaches=1, region="manila"),
        "two": await row("two", version=1, tenant="globex", level="P1", next_due_at=AT, assignee="Ada"),
        "three": await row("three", version=1, tenant="acme", title="100% Broken", next_due_at=AT + HOUR),
    }
    for one in rows.values():
        await store.record(RecordBatch(row=one))

    async def found(**wanted: object) -> set[str]:
        return {one.reference for one in await store.cases(CaseFilter.model_validate(wanted))}

    assert await found() == {"one", "two", "three"}
    assert await found(tenant="acme") == {"one", "three"}
    assert await found(phases=[Phase.CLOSED, Phase.ARCHIVED]) == {"one"}
    assert await found(levels=["P1", "P2"]) == {"two"}
    assert await found(region="manila") == {"one"}
    assert await found(assignee="Ada") == {"two"}
    assert await found(open_only=True) == {"two", "three"}
    assert await found(breached_only=True) == {"one"}
    assert await found(due_before=AT + HOUR) == {"two"}
    assert await found(text="BROKEN") == {"three"}
    assert await found(text=rows["two"].number.lower()) == {"two"}
    assert await found(tenant="acme", text="one") == {"one"}


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_text_in_a_filter_is_only_text(store: CaseStore, words: str) -> None:
    await store.record(RecordBatch(row=await row("mine", version=1, tenant="acme")))
    await store.record(RecordBatch(row=await row("theirs", version=1, tenant="globex")))
    for wanted in (
        CaseFilter(tenant=words),
        CaseFilter(tenant="acme", text=words),
        CaseFilter(region=words),
        CaseFilter(levels=(words,)),
        CaseFilter(assignee=words),
    ):
        assert await store.cases(wanted) == ()
    assert await store.find_by_number(words) == ()
    assert await store.case_row(words) is None
    assert len(await store.cases(CaseFilter())) == 2


async def test_a_case_is_found_by_the_number_told_on_the_telephone(store: CaseStore) -> None:
    kept = await row()
    await store.record(RecordBatch(row=kept))
    assert await store.find_by_number(kept.number.lower()) == (kept,)
    last = kept.number[-1]
    assert await store.find_by_number(kept.number[:-1] + ("1" if last != "1" else "2")) == ()


async def test_when_somebody_of_ours_last_acted_follows_the_entries_that_are_kept(store: CaseStore) -> None:
    acts = [entry(number, by_kind="staff") for number in (1, 2)]
    passed_on = entry(3, by_kind="staff", kind=EntryKind.REASSIGNED)
    for version, kept in enumerate(([], acts, [*acts, passed_on], acts[:1]), start=50):
        await store.record(
            RecordBatch(row=await row(version=version, entries=len(kept)), entries=tuple(kept))
        )
        (one,) = await read_rows(store, BoardFilter())
        assert one.acted_at == (acts[min(len(kept), 2) - 1].at if kept else None)


def test_a_column_is_there_for_every_field() -> None:
    assert set(tables.cases.columns.keys()) == {"recorded_at", "acted_at", *CaseRow.model_fields}
    assert set(tables.timeline_entries.columns.keys()) == {"case_id", *TimelineEntry.model_fields}
    assert {"waits", *delivery_tables.delivery_ledger.columns.keys()} == set(LedgerEntry.model_fields)


def _is_ours(_object: object, name: str | None, *_: object) -> bool:
    """The full text is each database's own, with tables of its own behind it."""
    return not str(name).startswith(("case_words", "ix_case_words"))


async def test_migrations_make_exactly_the_tables_of_the_models(store: CaseStore) -> None:
    async with store.reading() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_type": True, "include_object": _is_ours}),
                schema.metadata,
            )
        )
    assert differences == []


async def test_every_constraint_has_a_name(store: CaseStore) -> None:
    for table in schema.metadata.tables.values():
        for constraint in [*table.constraints, *table.indexes]:
            assert constraint.name, f"{table.name}: {constraint!r}"


async def test_opening_again_changes_nothing(store: CaseStore, store_url: str) -> None:
    kept = await row()
    await store.record(RecordBatch(row=kept))
    second = await CaseStore.open(store_url)
    assert await second.case_row(kept.case_id) == kept
    await second.close()


_OPEN = """
import asyncio, sys
from activities.store.case_store import CaseStore
async def main():
    sys.stdin.read(1)
    await (await CaseStore.open(sys.argv[1])).close()
asyncio.run(main())
"""


def test_several_workers_may_open_an_empty_store_at_once(store_url: str) -> None:
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", _OPEN, store_url], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    errors = [opener.communicate(b"!")[1].decode() for opener in openers]
    assert [opener.returncode for opener in openers] == [0, 0, 0], errors


async def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    store = await CaseStore.open(f"sqlite:///{tmp_path / 'new' / 'cases.db'}")
    async with store.reading() as connection:
        found = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    await store.close()


async def test_a_reader_does_not_wait_for_a_writer(store: CaseStore) -> None:
    kept = await row()
    await store.record(RecordBatch(row=kept))
    async with store.writing() as connection:
        await connection.execute(tables.cases.update().values(title="not yet"))
        assert await store.case_row(kept.case_id) == kept


@pytest.mark.parametrize("url", ["mysql://localhost/x", "rubbish", "", "sqlite+pysqlite:///x.db"])
def test_a_store_that_is_neither_kind_is_refused(url: str) -> None:
    with pytest.raises(StoreUrlInvalid, match="postgresql://"):
        CaseStore(url)


async def test_a_store_that_is_away_is_named_without_its_password(unused_tcp_port: int) -> None:
    with pytest.raises(StoreUnreachable) as caught:
        await CaseStore.open(f"postgresql://desk:open-sesame@127.0.0.1:{unused_tcp_port}/cases")
    assert f"127.0.0.1:{unused_tcp_port}" in str(caught.value)
    assert "open-sesame" not in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_bytes(b"no database " * 1000)
    with pytest.raises(StoreUnreachable, match=r"rubbish\.db: file is not a database"):
        await CaseStore.open(f"sqlite:///{rubbish}")


async def test_every_kind_of_entry_is_kept(store: CaseStore) -> None:
    kept = await row(version=1, entries=len(EntryKind))
    entries = tuple(entry(number, kind=kind) for number, kind in enumerate(EntryKind, 1))
    await store.record(RecordBatch(row=kept, entries=entries))
    assert await store.timeline_entry(kept.case_id, 2) == entries[1]


async def test_a_write_that_is_given_up_leaves_the_store_usable(store: CaseStore) -> None:
    kept = RecordBatch(row=await row(version=1))
    async with store.writing() as connection:
        await connection.execute(tables.cases.insert().values(kept.row.model_dump()))
        waiting = asyncio.create_task(store.record(kept))
        await asyncio.sleep(0.1)
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await store.record(kept) == 1
