"""What the command says: tables and JSON on standard output, one line where something is missing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import starter.rehearse.server
from starter.faults import Exit
from starter.rehearse.command import rehearse
from tests.rehearse.logs import DESK_LOG, step, written


def _one_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


def test_tables_go_to_standard_output_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = written(
        tmp_path / "x.csv",
        [step("A", 1, "2025-04-01 09:00", "open"), step("A", 2, "2025-04-01 10:00", "solved"), "A,3"],
    )
    assert rehearse(log, "rhipe-csp", None, None, None, "text") == 0
    said = capsys.readouterr()
    assert "x.csv under rhipe-csp@1, read by desk-log (Australia/Sydney)" in said.out
    assert "3 rows: 2 used, 1 unusable; 0 mended" in said.out
    assert "another number of cells" in said.out
    assert said.err == ""


def test_json_is_one_document(tmp_path: Path) -> None:
    log = written(
        tmp_path / "x.csv",
        [step("A", 1, "2025-04-01 09:00", "open"), step("B", 1, "2025-04-01 10:00", "open")],
    )
    done = subprocess.run(
        [sys.executable, "-m", "starter.rehearse", str(log), "--cases", "1", "-o", "json"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert (result["cases"], result["rows"]["read"]) == (1, 1)
    assert [one["case"] for one in result["findings"]] == ["A"]


@pytest.mark.parametrize(
    ("policy", "mapping", "told"),
    [
        ("no-such-policy", None, "unknown policy 'no-such-policy'"),
        ("rhipe-csp", "no-such-mapping", "there is no mapping 'no-such-mapping'"),
        ("rhipe-csp", "servicenow-uci", "has no column case_id"),
    ],
)
def test_wrong_usage_is_one_line(
    policy: str, mapping: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse(DESK_LOG, policy, mapping, None, None, "text") == Exit.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert told in _one_line(said.err)


def test_a_missing_server_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(starter.rehearse.server.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert rehearse(DESK_LOG, "rhipe-csp", None, None, None, "text") == Exit.FAULT
    assert "there is no temporal-test-server beside" in _one_line(capsys.readouterr().err)


def test_a_result_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone" / "out.json"
    assert rehearse(DESK_LOG, "rhipe-csp", None, None, gone, "text") == Exit.USAGE
    assert "out.json" in _one_line(capsys.readouterr().err)
