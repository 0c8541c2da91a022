"""The arithmetic meets other projects' vectors, each by its own semantics, and the runner tells so."""

import json
from pathlib import Path

import pytest

from tests.vectors.__main__ import main
from tests.vectors.answers import answer
from tests.vectors.files import DATA, form_errors, shipped, vectors_of

DOCUMENTS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in shipped()}
VECTORS = [vector for document in DOCUMENTS.values() for vector in vectors_of(document)]


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector.id) for vector in VECTORS])
def test_vector(vector) -> None:
    if vector.disagreement:
        assert next(iter(answer(vector).values())) == vector.body["reference_value"]
    else:
        assert answer(vector) == vector.expected


def test_the_shipped_files_are_of_the_format_and_every_id_is_unique() -> None:
    assert [error for document in DOCUMENTS.values() for error in form_errors(document)] == []
    assert len({vector.id for vector in VECTORS}) == len(VECTORS) > 200


def _file(tmp_path: Path, friday: tuple[str, str] = ("09:00", "17:00"), **changes: object) -> Path:
    """A file of one vector, from Friday 16:00 two hours of open time, with some of its keys changed."""
    case = {
        "id": "own-001",
        "op": "add_business_time",
        "start": "2026-06-05T16:00:00Z",
        "business_seconds": 7200,
        "expected_due": "2026-06-08T10:00:00Z",
        "reference_agrees": True,
        "tags": [],
        "note": "",
    }
    hours = {"fri": [friday], "mon": [["09:00", "17:00"]]}
    group = {"calendar": {"tz": "UTC", "hours": hours, "holidays": []}, "cases": [case | changes]}
    document = {
        "format": "sunrelay-vectors/1",
        "source_repo": "none",
        "source_path": "none",
        "source_licence": "ours",
        "boundary_semantics": "close",
        "note": "",
        "groups": [group],
    }
    path = tmp_path / "own.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *paths: Path) -> tuple[int, list[str]]:
    code = main([str(path) for path in paths])
    return code, capsys.readouterr().out.splitlines()


def test_the_runner_meets_any_file_and_passes_a_schema_over(tmp_path, capsys) -> None:
    code, lines = run(capsys, _file(tmp_path), DATA / "vector.schema.json")
    assert (code, lines) == (0, ["1 passed, 0 failed, 0 not supported yet"])


def test_the_runner_without_files_meets_those_that_ship(capsys) -> None:
    code, lines = run(capsys)
    assert code == 0
    assert lines[-2:] == [
        "2 expected disagreements",
        f"{len(VECTORS) - 2} passed, 0 failed, 0 not supported yet",
    ]


def test_the_runner_tells_what_failed_with_both_values(tmp_path, capsys) -> None:
    code, lines = run(capsys, _file(tmp_path, expected_due="2026-06-08T11:00:00Z"))
    assert code == 1
    assert lines == [
        'FAILED own-001: expected due="2026-06-08T11:00:00Z", got due="2026-06-08T10:00:00Z"',
        "0 passed, 1 failed, 0 not supported yet",
    ]


def test_a_date_that_does_not_exist_fails_its_vector_without_a_traceback(tmp_path, capsys) -> None:
    code, lines = run(capsys, _file(tmp_path, start="2026-02-30T16:00:00Z"))
    assert code == 1
    assert lines[0].startswith("FAILED own-001:")
    assert "day is out of range" in lines[0]


def test_a_span_over_midnight_is_told_as_not_supported(tmp_path, capsys) -> None:
    code, lines = run(capsys, _file(tmp_path, friday=("22:00", "06:00")))
    assert (code, lines[-1]) == (0, "0 passed, 0 failed, 1 not supported yet")


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "no JSON"), ("[]", "is not of type 'object'"), ("{}", "'format' is a required property")],
)
def test_a_file_of_another_form_is_told_and_the_others_still_run(tmp_path, capsys, text, told) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(text, encoding="utf-8")
    code, lines = run(capsys, wrong, tmp_path / "absent.json", _file(tmp_path))
    assert code == 2
    assert any(line.startswith("BAD FILE") and told in line for line in lines)
    assert any("absent.json: No such file" in line for line in lines)
    assert lines[-1] == "1 passed, 0 failed, 0 not supported yet"
