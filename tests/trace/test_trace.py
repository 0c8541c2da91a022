"""The trace is honest: it knows every id, believes no mark without its codes, and finds what is wrong."""

import re
from pathlib import Path

import pytest

from tests.trace.__main__ import catalogue, errors, lacks, main, report
from tests.trace.marks import Covering, of_scenarios, of_tests

KNOWN = {"RHIPE": {"RHIPE-01": [], "RHIPE-02": ["NoChange", "CaseClosed"]}}


def covering(*ids: str, source: str = "") -> Covering:
    return Covering("tests/test_x.py::test_y", ids, source)


def test_the_catalogue_has_166_requirements_and_the_conflicts_and_gaps() -> None:
    counts = {chapter: len(ids) for chapter, ids in catalogue().items()}
    assert counts == {
        "O365": 26,
        "DED": 45,
        "RHIPE": 64,
        "CSS": 14,
        "WEST": 17,
        "CONF": 15,
        "GAP": 31,
    }


def test_every_mark_of_our_own_tests_names_known_ids_and_at_most_three() -> None:
    assert list(errors([*of_tests(), *of_scenarios()], catalogue())) == []


def test_an_unknown_id_is_an_error() -> None:
    assert list(errors([covering("RHIPE-99")], KNOWN)) == ["tests/test_x.py::test_y: there is no id RHIPE-99"]


def test_more_than_three_ids_are_an_error() -> None:
    many = {"RHIPE": {f"RHIPE-0{number}": [] for number in range(1, 5)}}
    assert list(errors([covering(*many["RHIPE"])], many)) == [
        "tests/test_x.py::test_y: covers 4 ids, more than 3"
    ]


def test_an_id_with_codes_is_covered_only_where_tests_name_each_of_them() -> None:
    half = covering("RHIPE-02", source="assert code == 'NoChange'")
    rest = covering("RHIPE-02", source="assert code == 'CaseClosed'")
    codes = KNOWN["RHIPE"]["RHIPE-02"]
    assert lacks("RHIPE-02", codes, {}) == "RHIPE-02"
    assert lacks("RHIPE-02", codes, {"RHIPE-02": [half]}) == "RHIPE-02 (no covering test names CaseClosed)"
    assert lacks("RHIPE-02", codes, {"RHIPE-02": [half, rest]}) is None


def test_the_report_lists_both_sides_and_ends_with_the_sum() -> None:
    assert list(report([covering("RHIPE-01")], KNOWN)) == [
        "RHIPE: 1 of 2",
        "  with: RHIPE-01",
        "  without: RHIPE-02",
        "  with the code of their bad input: none",
        "1 of 2 ids covered, 0 of 1 with the codes they name, by 1 tests and 0 scenarios",
    ]
    refusing = covering("RHIPE-02", source="NoChange, CaseClosed")
    assert list(report([refusing], KNOWN))[-2] == "  with the code of their bad input: RHIPE-02"


def test_marks_are_read_from_functions_classes_modules_and_single_parameters(tmp_path: Path) -> None:
    room = tmp_path / "tests"
    room.mkdir()
    (room / "test_one.py").write_text(
        'pytestmark = pytest.mark.covers("A-01")\n'
        '@pytest.mark.covers("B-02")\n'
        "class TestIt:\n"
        '    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.covers("C-03"))])\n'
        "    async def test_it(self, x): assert code == 'Refused'\n"
        "def other(): pass\n",
        encoding="utf-8",
    )
    (found,) = of_tests(room)
    assert found.place == "tests/test_one.py::TestIt::test_it"
    assert found.ids == ("A-01", "B-02", "C-03")
    assert "Refused" in found.source
    assert "parametrize" in found.source


def test_the_command_prints_the_report_of_this_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"\d+ of 212 ids covered, \d+ of 121 with .* by \d+ tests and \d+ scenarios", last)
