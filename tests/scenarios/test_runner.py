"""The runner takes any file of the format, tells what failed with both sides, and never fails silently."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.__main__ import main
from tests.scenarios.files import OURS, SHIPPED, Json

Change = Callable[[Json], object]
Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """A file with the first shipped scenario (a P1 by telephone), changed."""

    def write(change: Change = lambda scenario: None, **document: Any) -> Path:
        shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
        scenario = shipped["scenarios"][0]
        change(scenario)
        path = tmp_path / "own.json"
        path.write_text(json.dumps({**shipped, "scenarios": [scenario], **document}), encoding="utf-8")
        return path

    return write


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str], list[str]]:
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out.splitlines(), err.splitlines()


def test_without_a_file_the_shipped_ones_are_played(capsys) -> None:
    code, lines, _ = run(capsys)
    assert (code, lines[-1]) == (0, "31 passed, 0 failed, 0 not supported yet")


def test_only_the_wanted_ones_are_played(capsys) -> None:
    assert run(capsys, SHIPPED, OURS[0], "--only", "S01", "--only", "S101")[:2] == (
        0,
        ["2 passed, 0 failed, 0 not supported yet"],
    )


def test_an_id_that_is_not_there_is_an_error(capsys) -> None:
    code, _, told = run(capsys, "--only", "S99")
    assert (code, told) == (2, ["there is no scenario S99 in the files"])


def test_a_failed_scenario_is_one_line_with_every_failed_step_and_check(written, capsys) -> None:
    def change(scenario: Json) -> None:
        scenario["steps"][1]["expect"] = {"outcome": "refused", "code": "RoleNotPermitted"}
        scenario["checks"][1]["deadline"]["due"] = "2027-06-15T02:00:00Z"
        scenario["checks"][6]["effects"]["count"] = 2

    code, lines, _ = run(capsys, written(change))
    assert code == 1
    assert lines[0] == (
        "FAILED S01: check 2 deadline of main at 2027-06-15T00:00:00Z:"
        " expected initial_response due 2027-06-15T02:00:00Z,"
        " got initial_response due 2027-06-15T01:00:00Z;"
        " step 2 respond at 2027-06-15T00:20:00Z: expected refused RoleNotPermitted, got accepted;"
        " check 7 effects of main at 2027-06-15T01:20:00Z:"
        " expected 2 status_update to customer, got 1 status_update to customer"
    )
    assert lines[1:] == ["0 passed, 1 failed, 0 not supported yet"]


@pytest.mark.parametrize(
    ("check", "got"),
    [
        ({"state": {"phase": "resolved"}}, "expected resolved, got in_progress"),
        ({"state": {"phase": "in_progress", "reopens": 1}}, "got in_progress with 0 reopens"),
        ({"closed": {"reason": "requested"}}, "expected closed as requested, got in_progress"),
        ({"level": {"id": "P2", "source": "matrix"}}, "expected P2 by matrix, got P1 by matrix"),
        ({"no_deadline": {"clock": "update"}}, "got update due 2027-06-15T02:20:00Z"),
        (
            {"breach": {"clock": "triage", "due": "2027-06-15T01:00:00Z", "late_by_s": 5}},
            "got 0 breach of triage due 2027-06-15T01:00:00Z, None s late",
        ),
        (
            {"mail": {"to": "customer", "words": ["I am on it", "never said"], "count": 1}},
            "got 0 mail to customer that says 'I am on it' and 'never said' among ",
        ),
        ({"mail": {"to": "tss", "words": [], "count": 1}}, "got 0 mail to tss that says anything among 0"),
        ({"linked_case": {"of": "main"}}, "expected linked to main, got linked to None"),
    ],
)
def test_every_kind_of_check_can_fail(written, capsys, check, got) -> None:
    def change(scenario: Json) -> None:
        scenario["checks"] = [{"at": "2027-06-15T01:20:00Z", "case": "main", **check}]

    code, lines, _ = run(capsys, written(change))
    assert code == 1
    assert got in lines[0]


@pytest.mark.parametrize("warnings", [[], ["UsePhoneForUrgent"]])
def test_warnings_are_compared_only_where_they_are_given(written, capsys, warnings) -> None:
    def change(scenario: Json) -> None:
        scenario["steps"][0]["expect"]["warnings"] = warnings

    assert run(capsys, written(change))[0] == len(warnings)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (
            {"expect": {"outcome": "refused", "code": "PhaseOrderViolation"}},
            "code PhaseOrderViolation",
        ),
    ],
)
def test_what_is_not_built_yet_is_told_before_anything_runs(written, capsys, step, reason) -> None:
    def change(scenario: Json) -> None:
        scenario["steps"][1] |= step

    code, lines, _ = run(capsys, written(change))
    assert code == 0
    assert lines == [f"NOT SUPPORTED S01: {reason}", "0 passed, 0 failed, 1 not supported yet"]


@pytest.mark.parametrize(
    ("override", "reason"),
    [
        ({"follow_the_sun.levels": ["P1"]}, "override follow_the_sun.levels"),
        ({"closing.auto_close_business_days": "soon"}, "overrides: Input should be a valid integer"),
        ({"regions.sydney.hours": "9 to 5"}, "override regions.sydney.hours"),
    ],
)
def test_an_override_without_a_place_in_the_policy_is_not_supported(
    written, capsys, override, reason
) -> None:
    path = written(lambda scenario: scenario.update(overrides=override))
    code, lines, _ = run(capsys, path)
    assert (code, lines[-1]) == (0, "0 passed, 0 failed, 1 not supported yet")
    assert lines[0].startswith(f"NOT SUPPORTED S01: {reason}")


def test_what_the_records_say_of_a_requester_counts(written, capsys) -> None:
    def change(scenario: Json) -> None:
        scenario["cases"]["main"]["records"] = {"requester_entitled": False}

    code, lines, _ = run(capsys, written(change))
    assert code > 0
    assert "got refused RequesterNotEntitled" in lines[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda scenario: scenario["steps"][0].update(do="shout"),
            "scenarios/0/steps/0/do: 'shout' is not one of",
        ),
        (
            lambda scenario: scenario["checks"][0].update(case="nobody"),
            "scenarios/0/checks/0/case: there is no case 'nobody'",
        ),
        (
            lambda scenario: scenario["cases"]["main"].update(calendar="XX"),
            "scenarios/0/cases/main/calendar: there is no calendar 'XX'",
        ),
        (
            lambda scenario: scenario["cases"]["main"].update(home_region="atlantis"),
            "scenarios/0/cases/main/home_region: there is no region 'atlantis'",
        ),
        (
            lambda scenario: scenario["cases"]["main"].update(linked_to="main"),
            "scenarios/0/cases/main/linked_to: there is no other case 'main'",
        ),
        (
            lambda scenario: scenario["steps"][0].update(at="2027-02-30T00:00:00Z"),
            "scenarios/0/steps/0/at: '2027-02-30T00:00:00Z' is no instant",
        ),
    ],
)
def test_a_file_of_another_form_is_told_with_the_place(written, capsys, change, told) -> None:
    code, lines, errors = run(capsys, written(change))
    assert code == 2
    assert told in errors[0]
    assert lines == ["0 passed, 0 failed, 0 not supported yet"]


def test_a_check_of_two_kinds_is_told_by_what_is_wrong_with_it(written, capsys) -> None:
    code, _, errors = run(
        capsys, written(lambda scenario: scenario["checks"][0].update(state={"phase": "closed"}))
    )
    assert code == 2
    assert errors[0].startswith("BAD FILE")
    assert "scenarios/0/checks/0: Additional properties are not allowed" in errors[0]


@pytest.mark.parametrize(("text", "told"), [("{", "no JSON"), ("[]", "the file: [] is not of type 'object'")])
def test_a_file_that_is_none_is_told_and_the_others_are_still_played(tmp_path, capsys, text, told) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(text, encoding="utf-8")
    code, lines, errors = run(capsys, wrong, tmp_path / "absent.json", OURS[0])
    assert code == 2
    assert told in errors[0]
    assert "absent.json: No such file" in errors[1]
    assert lines == ["13 passed, 0 failed, 0 not supported yet"]
