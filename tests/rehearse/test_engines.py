"""Cases live in memory as they do on the server: entry by entry, and whatever the number of processes."""

import csv
import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import starter.rehearse.shares
from starter.cli.exits import Exit
from starter.cli.rehearsal import rehearse
from starter.rehearse.comparison import compare
from starter.rehearse.in_memory import rehearse_in_memory
from starter.rehearse.journal import Journal
from starter.rehearse.log import SAMPLE
from starter.rehearse.memory import InMemory
from starter.rehearse.script import read_cases, read_script
from starter.rehearse.tables import Tables
from starter.rehearse.timelines import CaseTimeline, timeline_of
from tests.rehearse.logs import DESK_LOG
from tests.rehearse.uci import Row, sampled_cases

_FEW = 8


def _log_of(path: Path, cases: Iterable[list[Row]]) -> Path:
    rows = [row for case in cases for row in case]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_part_of_a_real_log_lives_in_memory_as_it_does_on_the_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shortest = sorted(sampled_cases().values(), key=len)[:_FEW]
    log = _log_of(tmp_path / "few.csv", shortest)
    assert rehearse(log, "rhipe-csp", None, None, None, "json", "both") == Exit.DONE
    assert f"both engines agree: {_FEW} cases, entry by entry" in capsys.readouterr().err


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    result = rehearse_in_memory(read_cases(SAMPLE, "rhipe-csp", None, None), 1, lambda *_: None)
    found: dict[str, Any] = json.loads(result.model_dump_json())
    return found


def test_the_whole_sample_is_played_in_memory(whole: dict[str, Any]) -> None:
    assert (whole["cases"], whole["linked_cases"], whole["engine"], whole["servers"]) == (334, 2, "domain", 0)
    assert (whole["rows"]["read"], whole["rows"]["used"], whole["refused"]) == (3420, 3415, [])
    assert {one["phase"] for one in whole["findings"]} == {"archived"}
    assert whole["total"]["updates_by_system"] == whole["told"]["status_update"]
    assert sum(whole["total"]["closings"].values()) == whole["told"]["case_closed"]


def test_any_number_of_processes_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter.rehearse.shares, "_ROWS_A_SHARE", 10)
    results = [
        rehearse_in_memory(read_cases(DESK_LOG, "rhipe-csp", "desk-log", None), processes, lambda *_: None)
        for processes in (1, 2)
    ]
    one, two = (each.model_dump(exclude={"seconds", "processes"}) for each in results)
    assert one == two


def _timelines() -> tuple[Any, Any, list[CaseTimeline]]:
    script = read_script(DESK_LOG, "rhipe-csp", "desk-log", None)
    result = rehearse_in_memory(read_cases(DESK_LOG, "rhipe-csp", "desk-log", None), 1, lambda *_: None)
    tables = Tables(follows_the_sun=False)
    found = []
    for story in script.stories:
        life = InMemory(story, tables, Journal())
        found += [
            timeline_of(record, life.told_of(record.row.case_id), timedelta(0))
            for record in life.live(script.ends_at)
        ]
    return script, result, found


def test_the_first_difference_of_a_case_is_told() -> None:
    script, result, found = _timelines()
    assert compare(script, found, result) == ()
    late = _with(found[0], 2, at=found[0].entries[2].at + timedelta(minutes=1))
    early = _with(found[1], 1, at=found[1].entries[1].at - timedelta(seconds=1))
    other = _with(found[2], 0, by="somebody else")
    less = found[3].model_copy(update={"entries": found[3].entries[:-1]})
    quieter = found[4].model_copy(update={"told": {}})
    told = compare(script, [late, early, other, less, quieter, *found[6:]], result)
    assert len(told) == 6
    assert [line.partition(":")[0] for line in told] == [one.reference for one in found[:6]]
    assert told[0].partition(": ")[2].startswith("3 ")
    assert "nothing more on the server" in told[3]
    assert "told {" in told[4]
    assert "it is not on the server" in told[5]


def _with(case: CaseTimeline, place: int, **changes: object) -> CaseTimeline:
    entries = list(case.entries)
    entries[place] = entries[place].model_copy(update=changes)
    return case.model_copy(update={"entries": tuple(entries)})


def test_a_difference_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = _log_of(tmp_path / "one.csv", [min(sampled_cases().values(), key=len)])
    monkeypatch.setattr("starter.cli.rehearsal.compare", lambda *_: ("A: 1 noted in memory",))
    assert rehearse(log, "rhipe-csp", None, None, None, "json", "both") == Exit.FAULT
    assert "the engines differ in 1 places, such as A: 1 noted in memory" in " ".join(
        capsys.readouterr().err.split()
    )
