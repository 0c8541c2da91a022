"""The folder of what files contain, their rows, and what their first bytes say: nothing is half there."""

import asyncio
import errno
import gzip
import io
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from activities.contents.folder import Folder, FolderFull, FolderUnusable, is_id, new_id
from activities.contents.records import KeptFile, KeptFiles, NoRoom
from activities.contents.sniffed import BYTES, kind_of, media_type
from activities.store.case_store import CaseStore
from domain.actor import ActorKind
from domain.decision import Refused
from domain.uploads import FileKind, Taken, Upload, faults_of
from tests.activities.builders import AT, HOUR

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64)
PAGE = b"<script>alert(1)</script>"


def left_in(folder: Path) -> list[str]:
    return [one.name for one in folder.rglob("*") if one.is_file()]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "contents").mkdir(mode=0o700)
    return Folder(tmp_path / "contents")


def test_a_file_is_found_once_all_of_it_is_on_the_disk(folder: Folder) -> None:
    draft = folder.draft()
    draft.write(b"one ")
    draft.write(b"two")
    assert folder.place_of(draft.file_id) is None
    draft.finish()
    draft.put()
    place = folder.place_of(draft.file_id)
    assert place is not None
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (b"one two", 0o600)
    draft.drop()
    assert folder.place_of(draft.file_id) == place, "what is in its place is not dropped"
    folder.remove(draft.file_id)
    assert left_in(folder.path) == []


def test_no_name_but_one_we_drew_is_looked_for(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (folder.path / ("a" * 26)).symlink_to(tmp_path / "secret")
    for name in ("../secret", "", ".", "unfinished", "a" * 26, "A" * 26, "a" * 25, str(tmp_path / "secret")):
        assert folder.place_of(name) is None
        folder.remove(name) if name != "a" * 26 else None
    assert (tmp_path / "secret").exists()
    drawn = {new_id() for _ in range(100)}
    assert len(drawn) == 100
    assert all(map(is_id, drawn))


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The kernel lets this process write no larger file meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_of_a_file_the_system_has_no_room_for_nothing_stays(folder: Folder) -> None:
    draft = folder.draft()
    with files_of_at_most(100_000), pytest.raises(FolderFull) as full:
        draft.write(bytes(200_000))
    assert full.value.errno == errno.EFBIG
    assert left_in(folder.path) == []


_ON_A_FULL_DISK = """
import sys
from pathlib import Path
from activities.contents.folder import Folder, FolderFull
folder = Folder(Path(sys.argv[1]))
kept = folder.draft()
kept.write(b"x" * 1000)
kept.finish()
kept.put()
draft = folder.draft()
try:
    draft.write(bytes(2_000_000))
    draft.finish()
except FolderFull as full:
    print(full.errno, [one.name for one in folder.path.rglob("*") if one.is_file()] == [kept.file_id])
"""


def test_of_a_file_a_full_disk_has_no_room_for_nothing_stays(tmp_path: Path) -> None:
    if (unshare := shutil.which("unshare")) is None:
        pytest.skip("no unshare here, which gives a test a small disk of its own")
    mounted = f'mount -t tmpfs -o size=1m none "{tmp_path}" && exec "$@"'
    own = [unshare, "--map-root-user", "--mount", "sh", "-c", mounted, "sh"]
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a disk of their own")
    command = [*own, sys.executable, "-c", _ON_A_FULL_DISK, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
    assert ended.stdout.split() == [str(errno.ENOSPC), "True"], ended.stderr


def test_a_folder_that_is_gone_is_said_to_be(folder: Folder) -> None:
    folder.path.rmdir()
    with pytest.raises(FolderUnusable):
        folder.draft()


def test_what_was_begun_and_never_finished_goes_after_its_time_and_nothing_else(folder: Folder) -> None:
    kept, old, new = folder.draft(), folder.draft(), folder.draft()
    for draft in (kept, old, new):
        draft.write(b"x")
    kept.finish()
    kept.put()
    for name in (folder.path / kept.file_id, folder.path / "unfinished" / old.file_id):
        os.utime(name, (1_000, 1_000))
    folder.remove_unfinished(60)
    assert sorted(left_in(folder.path)) == sorted([kept.file_id, new.file_id])


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", "b")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(40), "image/jpeg"),
        (b"GIF89a" + bytes(40), "image/gif"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (_zip(), "application/zip"),
        (gzip.compress(bytes(1000), mtime=0), "application/gzip"),
        ("2027-01-05 日本 began\n".encode(), "text/plain"),
        (b'{"a": 1}', "text/plain"),
        (b"\x1b[31mred\x1b[0m", "text/plain"),
        ("日".encode() * 1366, "text/plain"),
        ("日".encode()[:2], BYTES),
        (b"<!DOCTYPE html><p>hello", BYTES),
        (b"  \n<HTML>", BYTES),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", BYTES),
        (b"<?xml version='1.0'?><x/>", BYTES),
        (b"GIF89a/*" + PAGE, BYTES),
        (PNG + PAGE, BYTES),
        (b"%PDF-1.7\n" + PAGE, BYTES),
        (b"\xff\xfeh\0i\0", BYTES),
        (b"\0" * 64, BYTES),
        (b"", BYTES),
    ],
)
def test_the_first_bytes_say_what_a_file_is_and_what_is_two_things_is_bytes(head: bytes, told: str) -> None:
    assert media_type(head) == told
    assert kind_of(head) is FileKind.OTHER


@pytest.mark.parametrize(
    "head",
    [
        b"MZ\x90\0" + bytes(60),
        b"\x7fELF\x02\x01\x01" + bytes(60),
        b"\xcf\xfa\xed\xfe" + bytes(60),
        b"\xca\xfe\xba\xbe\0\0\x004",
        b"L\0\0\0\x01\x14\x02\0" + bytes(60),
        b"ITSF\x03" + bytes(60),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + bytes.fromhex("84100c0000000000c000000000000046"),
    ],
)
def test_a_program_is_one_whatever_it_is_called(head: bytes) -> None:
    assert kind_of(head) is FileKind.PROGRAM


def test_words_that_begin_as_programs_do_are_words() -> None:
    assert kind_of(b"MZ said: it is slow") is FileKind.OTHER


def kept(number: int, case_id: str = "case-a", tenant: str = "Reef", size: int = 40) -> KeptFile:
    return KeptFile(
        file_id=f"{number:026}",
        case_id=case_id,
        tenant=tenant,
        name=f"{number}.log",
        media_type="text/plain",
        size=size,
        sha256="0" * 64,
        given_by="Kim",
        by_kind=ActorKind.CUSTOMER,
        request_id=f"request-{number}",
        given_at=AT,
    )


def room_for(size: int):  # type: ignore[no-untyped-def]
    def faults(taken: Taken) -> tuple[Refused, ...]:
        return faults_of([Upload("x.log", size)], taken)

    return faults


async def test_of_many_who_are_quick_no_more_are_kept_than_a_tenant_has_room_for(store: CaseStore) -> None:
    files = KeptFiles(store)
    asked = [files.keep([kept(one, f"case-{one}")], 100, room_for(40)) for one in range(8)]
    ends = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in ends].count(NoRoom) == 6
    assert {fault.code for one in ends if isinstance(one, NoRoom) for fault in one.faults} == {"TenantFull"}
    assert await files.taken("Reef", None, "none") == (0, 0, 80)
    await files.keep([kept(99, tenant="Kelp")], 100, room_for(40))
    assert await files.taken("Kelp", "case-a", None) == (1, 40, 40)


async def test_a_file_of_a_form_becomes_that_of_the_case_it_opened_and_of_no_other(store: CaseStore) -> None:
    files = KeptFiles(store)
    of_form = kept(1).model_copy(update={"case_id": None, "form": "f" * 64})
    await files.keep([of_form], 100, room_for(40))
    assert await files.of_form("f" * 64) == (of_form,)
    await files.named([of_form.file_id], "case-a", AT + HOUR)
    await files.named([of_form.file_id], "case-b", AT + HOUR)
    found = await files.file(of_form.file_id)
    assert found is not None
    assert (found.case_id, found.named_at) == ("case-a", AT + HOUR)
    assert await files.of_form("f" * 64) == (found,), "a form that is sent again names the same file"


async def test_what_no_case_has_named_is_found_the_oldest_first(store: CaseStore) -> None:
    files = KeptFiles(store)
    for number in range(4):
        one = kept(number).model_copy(update={"given_at": AT + number * HOUR})
        await files.keep([one], 1000, room_for(1))
    await files.named([kept(0).file_id], "case-a", AT)
    assert [one.name for one in await files.unnamed(AT + 3 * HOUR, 10)] == ["1.log", "2.log"]
    await files.forget([kept(1).file_id])
    assert [one.name for one in await files.unnamed(AT + 3 * HOUR, 1)] == ["2.log"]
    assert [one.name for one in await files.of_request("case-a", "request-3")] == ["3.log"]
