"""`sunrelay run`: one command for everything, everything found again, nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from starter.cli.mailbox import latest
from starter.cli.output import Output
from starter.desk.server import choose_ports
from starter.home import Home
from tests.running_desk import choosing_ports, environment, running_desk
from tests.starter.conftest import Commands, eventually

pytestmark = pytest.mark.e2e


def _once(home: Path) -> tuple[dict, str]:
    with choosing_ports():
        done = subprocess.run(
            [sys.executable, "-m", "starter", "run", "--once", "-o", "json"],
            env=environment(home),
            capture_output=True,
            text=True,
            timeout=150,
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def test_a_later_start_finds_the_same_case_with_the_same_clock(tmp_path: Path) -> None:
    first, said = _once(tmp_path / "home")
    assert "opened" in said
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/survey", first["survey"])
    again, said = _once(tmp_path / "home")
    assert "found again" in said
    assert again["demonstration"] == first["demonstration"]
    assert again["survey"] == first["survey"]
    assert [row["next_due_at"] for row in again["cases"]] == [row["next_due_at"] for row in first["cases"]]
    assert len(again["cases"]) == 1
    assert Home(tmp_path / "home").desk() is None
    mails = list((tmp_path / "home" / "mail").glob("*.eml"))
    assert len(mails) == 2  # the customer's and the centre's, neither told again


def _is_alive(pid: int | None) -> bool:
    assert pid is not None
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_an_open_desk_is_found_by_other_commands_and_closes_on_ctrl_c(tmp_path: Path) -> None:
    with running_desk(tmp_path) as (process, desk):
        other = Commands(tmp_path, None)
        row = eventually(lambda: (answer := other("list", "-o", "json")).code == 0 and answer.record)[0]
        assert other.as_json("respond", row["number"], "We are on it")["phase"] == "in_progress"
        other("people", "add", "Lou Kim", "--role", "manager")
        assert httpx.get(other.as_json("people", "link", "Lou Kim")["link"]).status_code == 200
        second = subprocess.run(
            [sys.executable, "-m", "starter", "run", "--once"],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert second.returncode == 1
        assert desk.address in second.stderr
        assert len(second.stderr.splitlines()) == 1
        process.send_signal(signal.SIGINT)
        shown, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert row["number"] in shown
        assert "Traceback" not in shown
    assert not _is_alive(desk.server_pid)
    assert not _is_alive(desk.worker_pid)
    assert not (tmp_path / "desk.json").exists()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the kernel ends children with the desk on Linux"
)
def test_a_desk_that_is_killed_leaves_nothing_running_and_opens_again(tmp_path: Path) -> None:
    with running_desk(tmp_path) as (process, desk):
        eventually(lambda: (tmp_path / "mail" / "00001.eml").exists())
        process.kill()
        eventually(lambda: not _is_alive(desk.server_pid) and not _is_alive(desk.worker_pid), 60)
    again, said = _once(tmp_path)
    assert "found again" in said
    assert len(again["cases"]) == 1


def test_a_part_that_is_killed_ends_the_desk_which_names_the_signal_and_the_log(tmp_path: Path) -> None:
    with running_desk(tmp_path) as (process, desk):
        assert desk.worker_pid is not None
        os.kill(desk.worker_pid, signal.SIGKILL)
        shown, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "the worker has ended by signal 9 (SIGKILL); its log is" in shown
        assert str(tmp_path / "worker.log") in shown
        assert "Traceback" not in shown


def _survey_link(home: Path) -> Any:
    """The link in a mail of this home, once one has come."""
    texts = [mail.text for mail in latest(Home(home), 10)]
    return next((hit[0] for text in texts if (hit := re.search(r"http://127\S+/survey/\S+", text))), None)


@pytest.mark.covers("RHIPE-27")
def test_a_closed_case_is_asked_by_a_link_that_takes_one_answer_and_opens_after_a_restart(
    tmp_path: Path,
) -> None:
    run = Commands(tmp_path, None)
    with running_desk(tmp_path):
        number = eventually(lambda: (answer := run("list", "-o", "json")).code == 0 and answer.record)[0][
            "number"
        ]
        run.as_json("close", number, "--reason", "requested")
        link = eventually(lambda: _survey_link(tmp_path))
        assert [httpx.get(link).status_code for _ in range(2)] == [200, 200]
        assert run.as_json("report", number)["answers"] == []
        assert "Thank you" in httpx.post(link, data={"score": "4"}, timeout=20).text
        assert "Already answered" in httpx.post(link, data={"score": "1"}, timeout=20).text
        answers = eventually(lambda: run.as_json("report", number)["answers"])
        assert [answer["score"] for answer in answers] == [4]
    with running_desk(tmp_path):
        again = httpx.get(link)
        assert (again.status_code, "Already answered" in again.text) == (200, True)
        assert httpx.get(link[:-3]).status_code == 404
    with pytest.raises(httpx.ConnectError):
        httpx.get(link)


def test_ports_that_are_taken_are_replaced_and_said_aloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("starter.desk.server.PORT", port)
        ports = choose_ports(Output())
    assert ports.server != port
    assert f"port {port} is taken; Temporal listens on {ports.server}" in capsys.readouterr().err


def test_a_server_that_is_named_and_away_is_not_replaced_by_one_of_our_own(tmp_path: Path) -> None:
    answer = Commands(tmp_path, "127.0.0.1:1")("run", "--once")
    assert answer.code == 5
    assert "127.0.0.1:1" in answer.err
    assert not (tmp_path / "temporal.db").exists()


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    answer = Commands(tmp_path / "file" / "home", None)("run", "--once")
    assert answer.code == 1
    assert "SUNRELAY_HOME" in answer.err
    assert len(answer.err.splitlines()) == 1
