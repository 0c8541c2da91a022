import asyncio
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from activities.people.tenant_records import Changes, TenantFilter
from activities.people.tenants import LOOK_UP_WITHIN, TenantDirectory
from activities.store import own_tables
from activities.store.case_store import CaseStore
from activities.store.database import Database
from domain.naming import case_id, case_number
from domain.phase import Phase
from domain.policy import RequesterKind
from domain.record import CaseRow, RecordBatch
from domain.tenants import UNREAD, Access, Enquiry, NamedContact, TenantRecord, Verification
from tests.postgres import PostgresServer

AT = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
GIVEN_UP = "does not answer"  # said before a driver has waited long enough to say why
ITEMS = Verification(
    admin_name="Priya Nair",
    company_name="Harbour Foods",
    company_address="1 Quay Street",
    alternate_email="priya@home.example",
)
ACME = TenantRecord(
    tenant="acme",
    kind=RequesterKind.PARTNER,
    plan="premier",
    zone="Australia/Sydney",
    calendar="AU-NSW",
    requesters=("Priya Nair", "kim@acme.example"),
    addons=("on-premises",),
    phase="operate",
    named_contacts=(NamedContact(name="Priya Nair", access_id="4711-secret"),),
    verification=ITEMS,
    audiences={"weekly": ("Kim Ng",)},
)
GLOBEX = TenantRecord(tenant="globex", kind=RequesterKind.END_TENANT, entitled=False)
HOSTILE = ["' OR '1'='1", "'; DROP TABLE tenants; --", "%", "_", ":tenant", "\u202eemca"]


@pytest.fixture
def directory(store: CaseStore) -> TenantDirectory:
    return TenantDirectory(store, timedelta(minutes=1))  # a busy machine is no store that is away


def case(reference: str, tenant: str = "acme") -> CaseRow:
    identity = case_id(tenant, "desk", reference)
    return CaseRow.model_validate(
        dict.fromkeys(CaseRow.model_fields)
        | dict.fromkeys(
            ("updates_by_staff", "updates_by_system", "updates_missed", "breaches", "reopens", "rank"), 0
        )
        | dict.fromkeys(("policy", "plan", "title", "level", "region"), "any")
        | {"case_id": identity, "number": case_number(identity), "tenant": tenant, "reference": reference}
        | {"phase": Phase.ARCHIVED, "received_at": AT, "version": 1, "entries": 0}
    )


async def test_a_record_comes_back_as_it_was_put(directory: TenantDirectory) -> None:
    before = datetime.now(UTC)
    assert await directory.put([ACME], "Ada") == Changes(new=1, changed=0, unchanged=0, removed=0)
    kept = await directory.record("acme")
    assert kept is not None
    assert kept.record == ACME
    assert (kept.version, kept.changed_by) == (1, "Ada")
    assert before <= kept.updated_at <= datetime.now(UTC)
    assert kept.updated_at.tzinfo is UTC
    assert await directory.record("Acme") is None


async def test_only_what_is_new_or_other_is_written(directory: TenantDirectory) -> None:
    await directory.put([ACME, GLOBEX], "Ada")
    at_first = {kept.record.tenant: kept for kept in await directory.records(TenantFilter())}
    other = GLOBEX.model_copy(update={"entitled": True, "plan": "standard"})
    fresh = TenantRecord(tenant="initech")
    assert await directory.compare([ACME, other, fresh]) == Changes(new=1, changed=1, unchanged=1, removed=0)
    assert await directory.record("globex") == at_first["globex"]
    assert await directory.put([ACME, other, fresh], "Bo") == Changes(
        new=1, changed=1, unchanged=1, removed=0
    )
    assert await directory.record("acme") == at_first["acme"]
    kept = await directory.record("globex")
    assert kept is not None
    assert (kept.record, kept.version, kept.changed_by) == (other, 2, "Bo")
    assert await directory.records(TenantFilter(plan="standard")) == (kept,)


async def test_to_replace_takes_out_whoever_is_not_among_them(directory: TenantDirectory) -> None:
    await directory.put([ACME, GLOBEX], "Ada")
    gone = Changes(new=0, changed=0, unchanged=1, removed=1)
    assert await directory.compare([ACME], replace=True) == gone
    assert await directory.record("globex") is not None
    assert await directory.put([ACME], "Ada", replace=True) == gone
    assert await directory.record("globex") is None
    assert await directory.record("acme") is not None


async def test_a_tenant_is_taken_out_once(directory: TenantDirectory) -> None:
    await directory.put([ACME, GLOBEX], "Ada")
    assert await directory.remove("acme") is True
    assert await directory.remove("acme") is False
    assert [kept.record for kept in await directory.records(TenantFilter())] == [GLOBEX]


async def test_more_tenants_than_one_statement_takes_are_all_or_nothing(
    directory: TenantDirectory, store: CaseStore
) -> None:
    many = [TenantRecord(tenant=f"tenant {number}") for number in range(1203)]
    await directory.put(many, "Ada")
    again = [record.model_copy(update={"entitled": True}) for record in many]
    broken = TenantRecord.model_construct(**TenantRecord(tenant="z").__dict__ | {"kind": object()})
    with pytest.raises(Exception, match=r"kind|object"):
        await directory.put([*again, broken], "Bo")
    assert await directory.compare(many) == Changes(new=0, changed=0, unchanged=1203, removed=0)
    assert (await directory.put(again, "Bo")).changed == 1203
    assert (await directory.put([ACME], "Bo", replace=True)).removed == 1203
    async with store.reading() as connection:
        assert (await connection.execute(text("select count(*) from tenants"))).scalar_one() == 1


async def test_lists_come_by_name_narrowed_and_page_by_page(directory: TenantDirectory) -> None:
    await directory.put([GLOBEX, ACME, TenantRecord(tenant="initech", region="sydney")], "Ada")

    async def found(**wanted: object) -> list[str]:
        filter_ = TenantFilter.model_validate(wanted)
        return [kept.record.tenant for kept in await directory.records(filter_)]

    assert await found() == ["acme", "globex", "initech"]
    assert await found(kind="partner") == ["acme"]
    assert await found(plan="premier") == ["acme"]
    assert await found(region="sydney") == ["initech"]
    assert await found(phase="operate") == ["acme"]
    assert await found(kind="partner", phase="pilot") == []
    assert await found(limit=2) == ["acme", "globex"]
    assert await found(limit=2, after="globex") == ["initech"]


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_text_is_only_text(directory: TenantDirectory, words: str) -> None:
    await directory.put([ACME], "Ada")
    assert await directory.record(words) is None
    assert await directory.remove(words) is False
    assert await directory.records(TenantFilter(plan=words)) == ()
    if "\u202e" not in words:
        facts = await directory.look_up(Enquiry(tenant=words, case_reference=words))
        assert (facts.read, facts.listed, facts.reference_exists) == (True, False, False)
    assert await directory.record("acme") is not None


async def test_imports_at_once_lose_no_change(directory: TenantDirectory) -> None:
    await directory.put([ACME], "Ada")
    plans = [ACME.model_copy(update={"plan": f"plan-{number}"}) for number in range(6)]
    await asyncio.gather(*(directory.put([plan, GLOBEX], "Bo") for plan in plans))
    kept = await directory.record("acme")
    assert kept is not None
    assert kept.version == 7


async def test_a_column_is_there_for_everything_kept() -> None:
    searchable = {"kind", "plan", "region", "phase"}
    kept = {"tenant", "record", "version", "updated_at", "changed_by"}
    assert set(own_tables.tenants.columns.keys()) == kept | searchable
    assert searchable < set(TenantRecord.model_fields)


async def test_an_enquiry_is_answered_from_the_record(directory: TenantDirectory) -> None:
    await directory.put([ACME, GLOBEX], "Ada")
    asked = Enquiry(tenant="acme", requester="PRIYA nair", access_id="4711-secret", verification=ITEMS)
    facts = await directory.look_up(asked)
    assert (facts.read, facts.listed, facts.entitled) == (True, True, True)
    assert (facts.access, facts.is_verified, facts.reference_exists) == (Access.HIS, True, None)
    assert (facts.plan, facts.zone, facts.calendar) == ("premier", "Australia/Sydney", "AU-NSW")
    assert (await directory.look_up(Enquiry(tenant="globex"))).entitled is False
    stranger = await directory.look_up(Enquiry(tenant="nobody", access_id="4711-secret"))
    assert (stranger.read, stranger.listed, stranger.access) == (True, False, Access.UNKNOWN)


async def test_a_case_referred_to_is_found_by_number_id_and_own_reference(
    directory: TenantDirectory, store: CaseStore
) -> None:
    mine, theirs = case("INC-1"), case("INC-2", "globex")
    for one in (mine, theirs):
        await store.record(RecordBatch(row=one))
    spoken = mine.number.lower().replace("-", " ")

    async def exists(reference: str | None) -> bool | None:
        asked = Enquiry(tenant="acme", case_reference=reference)
        return (await directory.look_up(asked)).reference_exists

    for reference in (mine.number, spoken, mine.number[3:], mine.case_id, "INC-1"):
        assert await exists(reference) is True, reference
    for reference in (theirs.number, theirs.case_id, "INC-2", "inc-1", mine.number[:-1], "%", "INC-"):
        assert await exists(reference) is False, reference
    assert await exists(None) is None


async def test_a_tenants_own_reference_has_an_index(own_store: CaseStore) -> None:
    async with own_store.reading() as connection:
        plan = await connection.execute(
            text("explain query plan select 1 from cases where tenant = 'a' and reference = 'b'")
        )
        assert "ix_cases_tenant_reference" in str(plan.all())


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[TenantDirectory]:
    store = Database(url)
    directory = TenantDirectory(store)
    yield directory
    await directory.close()
    await store.close()


@asynccontextmanager
async def of_a_deaf_server() -> AsyncIterator[TenantDirectory]:
    """Its server accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with opened(f"postgresql://desk:x@127.0.0.1:{server.getsockname()[1]}/cases") as directory:
            yield directory
            server.close()  # whoever still waits for it need not


async def unread(directory: TenantDirectory) -> None:
    assert await directory.look_up(Enquiry(tenant="acme", case_reference="INC-1")) == UNREAD


async def test_a_look_up_has_a_second() -> None:
    assert timedelta(seconds=1) == LOOK_UP_WITHIN


async def test_a_store_that_is_away_turns_nobody_away(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(f"postgresql://desk:open-sesame@127.0.0.1:{unused_tcp_port}/cases") as directory:
        await unread(directory)
    assert f"127.0.0.1:{unused_tcp_port}" in caplog.text
    assert "open-sesame" not in caplog.text


async def test_a_server_that_accepts_and_says_nothing_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    async with of_a_deaf_server() as directory:
        await unread(directory)
        assert GIVEN_UP in caplog.text


async def test_a_store_that_hangs_is_not_asked_again_and_again() -> None:
    async with of_a_deaf_server() as directory:
        await asyncio.gather(*(unread(directory) for _ in range(4)))
        at_once = directory.look_up(Enquiry(tenant="acme"))
        with pytest.raises(StopIteration) as answered:
            at_once.send(None)
        assert answered.value.value == UNREAD


async def test_a_locked_file_is_given_up_and_read_again_once_it_is_free(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "cases.db"
    store = await CaseStore.open(f"sqlite:///{file}")
    await TenantDirectory(store).put([ACME], "Ada")
    await store.close()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    async with opened(f"sqlite:///{file}") as directory:
        await unread(directory)
        assert GIVEN_UP in caplog.text
        holder.close()
        while not (await directory.look_up(Enquiry(tenant="acme"))).listed:
            await asyncio.sleep(0.1)


async def test_a_locked_table_is_given_up(
    postgres_server: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    store = await CaseStore.open(postgres_server.fresh_database())
    directory = TenantDirectory(store)
    async with store.writing() as connection:
        await connection.execute(text("lock table tenants in access exclusive mode"))
        await unread(directory)
        assert GIVEN_UP in caplog.text
    while not (await directory.look_up(Enquiry(tenant="acme"))).read:
        await asyncio.sleep(0.1)
    await directory.close()
    await store.close()


async def test_a_writer_at_work_holds_up_no_look_up(store: CaseStore, directory: TenantDirectory) -> None:
    await directory.put([ACME], "Ada")
    async with store.writing() as connection:
        await connection.execute(own_tables.tenants.delete())
        assert (await directory.look_up(Enquiry(tenant="acme"))).listed


@pytest.mark.parametrize("content", [b"", b"no database " * 1000])
async def test_a_file_that_is_no_store_turns_nobody_away(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rubbish.db"
    file.write_bytes(content)
    async with opened(f"sqlite:///{file}") as directory:
        await unread(directory)


async def test_a_record_of_another_version_turns_nobody_away_and_is_not_told_to_the_log(
    store: CaseStore, directory: TenantDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    await directory.put([ACME, GLOBEX], "Ada")
    async with store.writing() as connection:
        newer = '{"tenant": "acme", "colour": "4711-secret"}'
        await connection.execute(
            own_tables.tenants.update().where(own_tables.tenants.c.tenant == "acme").values(record=newer)
        )
    assert await directory.look_up(Enquiry(tenant="acme")) == UNREAD
    assert (await directory.look_up(Enquiry(tenant="globex"))).listed
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "acme" in caplog.text
    assert "4711-secret" not in caplog.text


async def test_who_asks_may_be_cancelled_while_he_waits() -> None:
    async with of_a_deaf_server() as directory:
        asking = asyncio.create_task(directory.look_up(Enquiry(tenant="acme")))
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
