"""Files that no case names yet: held for a form, gone after a day, and never a way past what may be kept."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.contents.folder import Contents, Folder
from activities.contents.records import KeptFile, KeptFiles
from activities.store.case_store import CaseStore
from domain.actor import Actor, ActorKind, Door
from domain.record import RecordBatch, row_of
from starter.door.faults import Fault, Faults, Kind
from starter.door.files import Given, bind, find_file, held, hold, named_by, take
from starter.door.reception import Reception
from starter.door.session import Session
from tests.activities.builders import entry, whole_case
from tests.door_session import NOW, Clock, session_on

KIM = Actor(kind=ActorKind.CUSTOMER, name="Kim", tenant="Reef", door=Door.API)
ROB = KIM.model_copy(update={"name": "Rob", "tenant": "Kelp"})
FORM = "a secret of a form"
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "contents").mkdir(mode=0o700)
    return Folder(tmp_path / "contents")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def session(tmp_path: Path, folder: Folder, clock: Clock) -> AsyncIterator[Session]:
    store = await CaseStore.open(f"sqlite:///{tmp_path / 'own.db'}")
    yield session_on(store, clock, Contents(folder, 1_000))
    await store.close()


def left_in(folder: Folder) -> set[str]:
    return {one.name for one in folder.path.rglob("*") if one.is_file()}


async def give(
    session: Session, *files: tuple[str, bytes], by: Actor = KIM, form: str = FORM
) -> tuple[str, ...]:
    with Reception(session) as reception:
        for name, content in files:
            reception.begin(name)
            reception.write(content)
        assert by.tenant is not None
        found = await hold(session, by, by.tenant, form, reception.files)
    return tuple(file.file_id for file in found)


async def test_files_of_a_form_are_its_tenant_s_until_a_case_is_opened_with_them(
    session: Session, folder: Folder
) -> None:
    first = await give(session, ("a.log", b"one"))
    both = await give(session, ("b.log", b"two"))
    assert (both[:1], left_in(folder)) == (first, set(both))
    assert [one["name"] for one in named_by(await held(session, KIM, "Reef", FORM))] == ["a.log", "b.log"]
    assert await held(session, ROB, "Kelp", FORM) == ()
    with pytest.raises(Fault) as refused:
        await held(session, ROB, "Reef", FORM)
    assert refused.value.code == "Forbidden"
    await bind(session, KIM, "Reef", FORM, "case-a")
    again = await held(session, KIM, "Reef", FORM)  # whoever sends the form again names the same files
    assert tuple(file.file_id for file in again) == both
    kept = await session.read(lambda store: KeptFiles(store).file(first[0]))
    assert kept is not None
    assert (kept.case_id, kept.named_at, kept.given_by) == ("case-a", NOW, "Kim")


async def test_a_file_of_a_form_that_opened_no_case_goes_after_a_day_and_no_other(
    session: Session, folder: Folder, clock: Clock
) -> None:
    await give(session, ("old.log", b"old"))
    (bound,) = await give(session, ("bound.log", b"bound"), form="bound")
    await bind(session, KIM, "Reef", "bound", "case-a")
    clock.passes(DAY + timedelta(seconds=1))
    assert await held(session, KIM, "Reef", FORM) == ()
    (new,) = await give(session, ("new.log", b"new"), form="other")
    assert left_in(folder) == {bound, new}


async def test_what_a_case_named_is_kept_although_the_door_went_before_it_was_noted(
    session: Session, folder: Folder, clock: Clock
) -> None:
    draft = folder.draft()
    draft.write(b"one")
    draft.finish()
    draft.put()
    case, _ = await whole_case()
    named = case.request.model_copy(update={"attachments": (f"store:{draft.file_id}",)})
    case = case.model_copy(update={"request": named})
    row = KeptFile(
        file_id=draft.file_id,
        case_id=case.id,
        tenant=case.request.tenant,
        name="trace.log",
        media_type="text/plain",
        size=3,
        sha256="0" * 64,
        given_by="Kim",
        by_kind=ActorKind.CUSTOMER,
        given_at=NOW,
    )
    lost = row.model_copy(update={"file_id": 26 * "b"})
    async with session.write_store() as store:
        record = f'{{"case": {case.model_dump_json()}}}'
        await store.record(RecordBatch(row=row_of(case), entries=(entry(1),), life="a-life", file=record))
        await KeptFiles(store).keep([row, lost], 1_000, lambda _: ())
    clock.passes(2 * DAY)
    await give(session, ("new.log", b"new"), form="other")
    found = await find_file(session, Actor(kind=ActorKind.STAFF, name="Ana"), case.id, draft.file_id)
    assert found.place.read_bytes() == b"one"
    assert found.file.named_at == clock()
    assert await session.read(lambda store: KeptFiles(store).file(lost.file_id)) is None


async def test_everything_wrong_is_told_and_of_files_that_are_not_taken_nothing_stays(
    session: Session, folder: Folder
) -> None:
    with pytest.raises(Faults) as wrong:
        await give(session, ("empty.log", b""), ("a.exe", b"x"), ("ok.log", b"x"))
    assert [fault.code for fault in wrong.value.faults] == ["FileEmpty", "FileTypeNotTaken"]
    with pytest.raises(Fault) as full:
        await give(session, ("large.log", bytes(1_001)))
    assert (full.value.code, full.value.remedy) == ("TenantFull", "ask our staff for room")
    assert left_in(folder) == set()


async def test_a_tenant_at_its_bound_holds_up_no_other(session: Session) -> None:
    await give(session, ("all.log", bytes(1_000)))
    with pytest.raises(Fault) as full:
        await give(session, ("more.log", b"x"), form="other")
    assert full.value.code == "TenantFull"
    assert len(await give(session, ("own.log", b"x"), by=ROB)) == 1


async def test_a_disk_without_room_is_said_and_leaves_nothing(session: Session, folder: Folder) -> None:
    full = os.open("/dev/full", os.O_WRONLY) if Path("/dev/full").exists() else None
    if full is None:
        pytest.skip("no /dev/full here, the system's own disk without room")
    with Reception(session) as reception:
        reception.begin("trace.log")
        (unfinished,) = (folder.path / "unfinished").iterdir()
        os.dup2(full, reception.files[0]._draft._file.fileno())  # type: ignore[union-attr]
        os.close(full)
        with pytest.raises(Fault) as told:
            reception.write(b"x")
        assert (told.value.kind, told.value.code) == (Kind.UNREACHABLE, "StoreFull")
        assert told.value.remedy
        assert not unfinished.exists()
    assert left_in(folder) == set()


async def test_a_case_that_is_not_there_takes_no_files(session: Session, folder: Folder) -> None:
    with Reception(session) as reception:
        reception.begin("a.log")
        reception.write(b"x")
        with pytest.raises(Fault):
            await take(session, KIM, "case-" + 20 * "a", reception.files, Given())
    assert left_in(folder) == set()
