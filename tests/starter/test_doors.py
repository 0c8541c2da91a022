"""What holds for every command: fast help, one-line faults with the address tried, settings of the door."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.verbs import Verb
from starter.connection import locate
from starter.door.place import Target
from starter.home import DeskRecord, Home
from tests.servers import free_port
from tests.starter.conftest import Commands, complete


def _import_set(*arguments: str) -> set[str]:
    """The modules a command has loaded when it ends."""
    code = (
        "import sys, atexit; atexit.register(lambda: print('\\n'.join(sys.modules), file=sys.stderr));"
        "from starter.cli.application import app; app()(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["open", "--help"],
        ["provide", "--help"],
        ["validate", "--help"],
        ["run", "--help"],
        ["list", "--help"],
        ["rehearse", "--help"],
    ],
)
def test_help_loads_neither_temporal_nor_the_database(arguments: list[str]) -> None:
    loaded = _import_set(*arguments)
    assert "typer" in loaded
    assert not loaded & {
        "temporalio",
        "sqlalchemy",
        "aiosmtpd",
        "alembic",
        "pydantic_settings",
        "workflows",
        "activities",
    }


def test_help_groups_the_flags_of_a_request_by_what_they_tell(tmp_path: Path) -> None:
    text = Commands(tmp_path, None)("open", "--help").out
    headings = [line.split("─")[1].strip() for line in text.splitlines() if line.startswith("╭─")]
    assert headings[2:-1] == [
        "The case",
        "The problem",
        "Yes or no",
        "How urgent it is",
        "Who asks, and for whom",
        "Whom we talk to",
        "Verification, before billing data are touched",
    ]


def test_every_verb_has_a_command_of_its_full_name(tmp_path: Path) -> None:
    for verb in Verb:
        if verb is not Verb.SUBMIT:
            assert Commands(tmp_path, None)(verb.value.replace("_", "-"), "--help").code == 0


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[str]:
    """A server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    kept.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        for connection in kept:
            connection.close()


@pytest.mark.parametrize(
    "command",
    [["show", "case-" + "a" * 20], ["open", *complete("away-1")], ["note", "case-" + "a" * 20, "x"]],
)
def test_a_server_that_is_away_is_one_line_with_the_address_tried(tmp_path: Path, command: list[str]) -> None:
    address = f"127.0.0.1:{free_port()}"
    answer = Commands(tmp_path, address)(*command)
    assert answer.code == 5
    assert answer.out == ""
    assert address in answer.err
    assert "TEMPORAL_ADDRESS" in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, deaf: str) -> None:
    answer = Commands(tmp_path, None)("show", "case-" + "a" * 20, "--address", deaf, "-o", "json")
    assert answer.code == 5
    assert answer.fault["code"] == "ServerUnreachable"
    assert deaf in answer.fault["reason"]


def test_a_store_that_is_not_there_is_one_line_and_leaves_no_file(tmp_path: Path) -> None:
    answer = Commands(tmp_path, None)("list")
    assert answer.code == 5
    assert str(tmp_path / "cases.db") in answer.err
    assert len(answer.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense"])
def test_a_store_url_that_is_none_is_wrong_usage(tmp_path: Path, url: str) -> None:
    answer = Commands(tmp_path, None)("list", SUNRELAY_STORE_URL=url)
    assert answer.code == 2
    assert "SUNRELAY_STORE_URL" in answer.err


def test_a_passwords_store_is_named_without_it(tmp_path: Path) -> None:
    url = f"postgresql://sunrelay:hunter2@127.0.0.1:{free_port()}/cases"
    answer = Commands(tmp_path, None)("list", SUNRELAY_STORE_URL=url)
    assert answer.code == 5
    assert "hunter2" not in answer.err
    assert "127.0.0.1" in answer.err


@pytest.mark.parametrize(
    ("name", "value"),
    [("KIND", "wizard"), ("ROLE", "king"), ("TIER", "L9"), ("NAME", "a\x1bb"), ("KIND", "customer")],
)
def test_a_door_whose_setting_is_no_actor_says_which(tmp_path: Path, name: str, value: str) -> None:
    answer = Commands(tmp_path, None)("note", "case-" + "a" * 20, "x", **{f"SUNRELAY_ACTOR_{name}": value})
    assert answer.code == 2
    assert "SUNRELAY_ACTOR_" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("flag", ["--actor", "--role", "--as"])
def test_no_flag_says_who_speaks(tmp_path: Path, flag: str) -> None:
    answer = Commands(tmp_path, None)("note", "case-" + "a" * 20, "x", flag, "staff")
    assert answer.code == 2


def test_a_configuration_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    answer = Commands(tmp_path, None)("show", "case-" + "a" * 20, "--config-file", str(tmp_path / "no.toml"))
    assert answer.code == 2
    assert "no.toml" in answer.err


def test_flag_beats_environment_beats_profile_beats_desk_beats_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)
    home = Home(tmp_path)
    home.prepare()
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.default]\naddress = "profile:7233"\nnamespace = "ours"\n', encoding="utf-8")
    assert locate(Target(), home).address == "localhost:7233"
    lock = home.lock()
    assert lock is not None
    home.publish(DeskRecord("desk:7233", "default", None, os.getpid(), None, None))
    assert locate(Target(), home).address == "desk:7233"
    found = locate(Target(config_file=str(file)), home)
    assert (found.address, found.namespace, found.origin) == ("profile:7233", "ours", "profile")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "environment:7233")
    assert locate(Target(config_file=str(file)), home).address == "environment:7233"
    assert locate(Target(address="flag:7233", config_file=str(file)), home).address == "flag:7233"
    os.close(lock)


def test_a_desk_that_was_killed_is_not_taken_for_a_running_one(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    lock = home.lock()
    assert lock is not None
    home.publish(DeskRecord("desk:7233", "default", None, os.getpid(), None, None))
    assert home.desk() is not None
    os.close(lock)  # as the kernel does for a process that is killed
    assert home.desk() is None


@pytest.mark.parametrize("text", ["{", '{"address": 1}', ""])
def test_a_desks_record_that_is_damaged_is_no_desk(tmp_path: Path, text: str) -> None:
    home = Home(tmp_path)
    home.prepare()
    (tmp_path / "desk.json").write_text(text, encoding="utf-8")
    assert home.desk() is None


def test_colour_is_used_when_asked_for_and_never_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "00001.eml").write_bytes(b"Subject: [red]x\r\nTo: a@b.example\r\n\r\nHello\r\n")
    run = Commands(tmp_path, None)
    assert "\x1b[" not in run("mail").out
    assert "\x1b[" in run("mail", "--color", "always").out
    assert "\x1b[" not in run("mail", NO_COLOR="1").out
    assert "[red]x" in run("mail").out


def test_a_list_of_mails_says_how_many_are_kept(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    for number in range(1, 24):
        mail = tmp_path / "mail" / f"{number:05d}.eml"
        mail.write_bytes(b"Subject: x\r\nTo: a@b.example\r\n\r\nHello\r\n")
    run = Commands(tmp_path, None)
    assert run("mail").err.startswith("20 of 23 mails, in ")
    mail.unlink()
    assert run("mail").err.startswith("20 of 22 mails, in ")


def test_where_mail_goes_to_a_server_the_list_of_kept_mails_says_so(tmp_path: Path) -> None:
    run = Commands(tmp_path, None)
    assert run("mail").err.endswith("sunrelay mail N shows one\n")
    told = run("mail", SUNRELAY_SMTP_HOST="smtp.example.com").err
    assert told.startswith("0 mails, in ")
    assert "mails go to smtp.example.com, as SUNRELAY_SMTP_HOST says" in told
    assert "sunrelay mail N" not in told


def test_json_that_is_asked_for_is_all_there_is_on_standard_output(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    assert json.loads(Commands(tmp_path, None)("mail", "-o", "json").out) == []
