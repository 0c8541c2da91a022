"""What the command says: tables and JSON on standard output, one line where something is missing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import starter.rehearse.server
from starter.cli.exits import Exit
from starter.cli.rehearsal import Also, rehearse
from starter.rehearse.log import SAMPLE
from tests.rehearse.logs import DESK_LOG, step, written


def _one_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "starter", "rehearse", *arguments],
        capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip


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
    done = _command(str(log), "--cases", "1", "-o", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert (result["cases"], result["rows"]["read"]) == (1, 1)
    assert [one["case"] for one in result["findings"]] == ["A"]


def test_the_sample_that_comes_along_is_read_without_a_word_of_where_it_lies() -> None:
    done = _command("--sample", "--cases", "1", "-o", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert (result["log"], result["mapping"]) == ("uci_servicenow_incidents_sample.csv.gz", "servicenow-uci")
    assert (result["cases"], result["refused"]) == (1, [])


def test_the_sample_says_whose_it_is_and_what_was_changed() -> None:
    told = SAMPLE.with_name("README.md").read_text(encoding="utf-8")
    for words in ("10.24432/C57S4H", "Amaral", "CC BY 4.0", "creativecommons.org/licenses/by/4.0", "changed"):
        assert words in told, words


@pytest.mark.parametrize("arguments", [(), (str(DESK_LOG), "--sample")])
def test_a_log_or_the_sample_is_wanted_and_not_both(arguments: tuple[str, ...]) -> None:
    done = _command(*arguments)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "give a LOG, or --sample, and not both" in " ".join(done.stderr.split())


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
    assert rehearse(DESK_LOG, "rhipe-csp", None, None, None, "text", "temporal") == Exit.FAULT
    assert "there is no temporal-test-server beside" in _one_line(capsys.readouterr().err)


def test_a_result_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone" / "out.json"
    assert rehearse(DESK_LOG, "rhipe-csp", None, None, gone, "text") == Exit.USAGE
    assert "out.json" in _one_line(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("also", "told"),
    [
        (Also(changes=("levels.P9.update_every=4h",)), "rules.levels has no P9; possible are P1, P2"),
        (Also(sweep="levels.P2.update_every=1m..8h"), "at most 12"),
        (Also(sweep="levels.P2.soon=1h..2h"), "rules.levels.P2 has no soon"),
        (Also(compare=("rhipe-csp", "no-such-policy")), "unknown policy 'no-such-policy'"),
        (Also(compare=("rhipe-csp", "westcoast"), sweep="a=1..2"), "do not go together"),
        (Also(html=Path("gone/out.html")), "out.html cannot be written"),
        (Also(csv=Path("gone/out.csv")), "out.csv cannot be written"),
    ],
)
def test_what_cannot_be_tried_is_one_line_before_any_case_is_played(
    also: Also, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse(DESK_LOG, "rhipe-csp", None, None, None, "text", also=also) == Exit.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert told in _one_line(said.err)


def test_a_value_is_given_several_in_turn_and_files_tell_what_each_led_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The oracle: a P1 solved after 90 minutes keeps a promise of two hours and misses one of an hour."""
    log = written(
        tmp_path / "x.csv",
        [
            step("A", 1, "2025-04-01 09:00", "open", impact="1", urgency="1"),
            step("A", 2, "2025-04-01 10:30", "solved", impact="1", urgency="1"),
        ],
    )
    page, table, record = tmp_path / "x.html", tmp_path / "out.csv", tmp_path / "x.json"
    also = Also(page, table, sweep="levels.P1.initial_response.within=1h..2h/1h")
    assert rehearse(log, "rhipe-csp", None, None, record, "text", also=also) == Exit.DONE
    said = capsys.readouterr().out
    assert "rules.levels.P1.initial_response.within, value by value; P1" in said
    assert "rhipe-csp@1, read by" in said
    found = json.loads(record.read_text(encoding="utf-8"))
    shares = [one["rehearsal"]["levels"]["P1"]["response_attainment"] for one in found["values"]]
    assert shares == [0.0, 1.0]
    assert found["values"][1]["rehearsal"]["changed"] == ["rules.levels.P1.initial_response.within=2h"]
    assert "rhipe-csp@1 with rules.levels.P1.initial_response.within=2h" in table.read_text(encoding="utf-8")
    assert "What each value would have led to" in page.read_text(encoding="utf-8")
