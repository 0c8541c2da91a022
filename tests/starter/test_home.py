"""The home of a desk is its owner's alone: what it keeps are cases, mails and keys."""

import os
import stat
from pathlib import Path

import pytest

from starter.cli.exits import Exit
from starter.cli.stores import writing_store
from starter.door.faults import Fault, Kind
from starter.home import DeskRecord, Home
from tests.starter.conftest import Commands

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and owners are POSIX's")


@pytest.fixture(autouse=True)
def _usual_umask() -> None:
    os.umask(0o022)


def modes(folder: Path) -> set[str]:
    """The modes of a folder and everything in it, as `drwx------` and `-rw-------`."""
    return {stat.filemode(found.lstat().st_mode) for found in (folder, *folder.rglob("*"))}


def strangers_folder(place: Path) -> Path:
    """A folder of another user: root makes one, anybody else takes one of root's."""
    if os.geteuid():
        return Path("/usr")
    place.mkdir()
    os.chown(place, 12345, 12345)
    return place


def test_a_home_is_made_for_its_owner_alone_with_everything_written_from_then_on(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.prepare()
    lock = home.lock()
    home.publish(DeskRecord("desk:7233", "default", None, os.getpid(), None, None))
    home.keep("survey-key", "secret\n")
    home.log("worker").write_text("a line of a log\n")
    (home.mail / "00001.eml").write_bytes(b"Subject: x\r\n\r\n")
    assert lock is not None
    os.close(lock)
    assert modes(home.path) == {"drwx------", "-rw-------"}


async def test_a_case_store_in_the_home_is_its_owners_whoever_makes_it_first(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    async with writing_store(home):
        assert {file.name for file in home.path.glob("cases*")} >= {"cases.db", "cases.db-wal"}
        assert modes(home.path) == {"drwx------", "-rw-------"}


def test_a_home_of_ours_that_others_could_read_is_narrowed_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = Home(tmp_path / "home")
    (home.path / "mail").mkdir(parents=True)
    (home.path / "bin").mkdir()
    for name in ("cases.db", "cases.db-wal", "temporal.db-shm", "desk.json", "worker.log", "mail/00001.eml"):
        (home.path / name).write_text("")
    (home.path / "bin" / "temporal").write_text("")
    (home.path / "bin" / "temporal").chmod(0o755)
    home.prepare()
    assert modes(home.path) == {"drwx------", "-rw-------", "-rwx------"}
    assert caplog.messages == [f"{home.path} could be read by others; from now on it is yours alone"]
    home.prepare()
    assert len(caplog.messages) == 1


def test_a_folder_of_anothers_a_link_and_one_everybody_may_write_in_are_refused(tmp_path: Path) -> None:
    everybodys = tmp_path / "everybodys"
    everybodys.mkdir()
    everybodys.chmod(0o777)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    for folder, why in (
        (strangers_folder(tmp_path / "strangers"), "belongs to user"),
        (everybodys, "can be written by anybody"),
        (link, "is a symbolic link"),
    ):
        before = stat.filemode(folder.lstat().st_mode)
        for use in (Home(folder).prepare, Home(folder).desk, Home(folder).store_setting):
            with pytest.raises(Fault, match=why) as fault:
                use()
            assert (fault.value.kind, fault.value.code) == (Kind.FAULT, "HomeUnusable")
            assert str(folder) in fault.value.reason
            assert fault.value.remedy == "set SUNRELAY_HOME to a directory of your own"
        assert stat.filemode(folder.lstat().st_mode) == before


@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_anothers_in_a_home_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases.db").write_text("")
    os.chown(tmp_path / "cases.db", 12345, 12345)
    with pytest.raises(Fault, match=r"cases\.db belongs to user 12345"):
        Home(tmp_path).prepare()


@pytest.mark.parametrize("command", [("mail",), ("list",), ("run", "--once"), ("vendor", "mood", "well")])
def test_no_command_believes_a_home_everybody_may_write_in(tmp_path: Path, command: tuple[str, ...]) -> None:
    tmp_path.chmod(0o777)
    answer = Commands(tmp_path, None)(*command)
    assert answer.code == Exit.FAULT
    assert f"{tmp_path} can be written by anybody" in answer.err
    assert len(answer.err.splitlines()) == 1
