"""The lines themselves: each has its one place and tests that are there, and nothing is left out."""

import re
import tomllib
from pathlib import Path

import pytest

from domain.clocks import Clock
from domain.effects import Lane
from policies.model_fields import models
from tests.mutations.__main__ import main
from tests.mutations.lines import BadLine, read
from tests.mutations.tree import ROOT, Place, patched, places_of, sources

LINES = read()
PRODUCT = sources()
AT = {line.promise: places_of(line.text, PRODUCT) for line in LINES}
DOORS = {
    "command line",
    "survey page",
    "vendor webhook",
    "incident commands",
    "rehearsal",
    "desk",
    "temporal ui",
    "tenants file",
    "rota file",
}
CHAPTERS = ("domain/lifecycle/", "domain/incidents/")


def named(group: str) -> set[str]:
    """Everything of a group that has a line."""
    return {name for line in LINES for name in getattr(line, group)}


def broken_files() -> set[str]:
    """Every file in which a line's text lies."""
    return {place.path for places in AT.values() for place in places}


def test_each_line_s_text_is_at_one_place_of_the_product() -> None:
    lost = {promise: [place.path for place in places] for promise, places in AT.items() if len(places) != 1}
    assert lost == {}


def test_each_line_breaks_the_product_and_leaves_it_code_that_can_be_read() -> None:
    for line in LINES:
        place = AT[line.promise][0]
        whole = PRODUCT[place.path]
        broken = patched(whole, place, line.by)
        assert broken != whole, line.promise
        if place.path.endswith(".py"):
            compile(broken, line.promise, "exec", dont_inherit=True)


def test_each_line_names_tests_that_are_there() -> None:
    def is_there(file: Path, test: str) -> bool:
        return file.is_file() and (not test or f"def {test}(" in file.read_text(encoding="utf-8"))

    named = [line.tests.partition("::") for line in LINES]
    assert [file for file, _, test in named if not is_there(ROOT / file, test)] == []


def test_each_line_breaks_what_the_catalogue_or_a_house_rule_says() -> None:
    catalogue = tomllib.loads((ROOT / "tests/trace/ids.toml").read_text(encoding="utf-8"))
    ids = {identity for chapter in catalogue.values() for identity in chapter}
    said = {line.breaks for line in LINES}
    assert [one for one in said - ids if not re.fullmatch(r"house rule: .+", one)] == []


def test_no_promise_is_said_twice() -> None:
    assert len(AT) == len(LINES)


def test_every_clock_has_a_line() -> None:
    assert named("clock") == set(Clock)


def test_every_lane_has_a_line() -> None:
    assert named("lane") == {*Lane, "record"}


def test_every_door_has_a_line() -> None:
    assert named("door") == DOORS


def test_every_room_of_the_doors_has_a_line() -> None:
    rooms = {
        path.parent.name for path in (ROOT / "starter").glob("*/__init__.py") if any(path.parent.glob("*.py"))
    }
    assert rooms - {Path(file).parent.name for file in broken_files()} == set()


def test_every_chapter_of_a_case_and_of_an_incident_has_a_line() -> None:
    chapters = {path for path, text in PRODUCT.items() if path.startswith(CHAPTERS) and "\ndef " in text}
    assert chapters - broken_files() == set()


def test_every_kind_of_value_of_a_policy_has_a_line() -> None:
    fields = {f"{model.__name__}.{field}" for model in models() for field in model.model_fields}
    assert named("policy") - fields == set()
    assert {model.__name__ for model in models()} == {field.partition(".")[0] for field in named("policy")}


# --- the machine -----------------------------------------------------------------------------------------


def test_white_space_and_line_ends_do_not_hide_a_text() -> None:
    product = {"a.py": "def f():\n    if a:\n        return  b\n"}
    assert places_of("if a:\n  return b", product) == (Place("a.py", 13, 36),)
    assert places_of("return c", product) == ()


def test_what_takes_the_place_of_a_text_is_indented_as_it_was() -> None:
    source = "def f():\n    if a:\n        b()\n    c()\n"
    (place,) = places_of("b()", {"a.py": source})
    assert patched(source, place, "\n  if d:\n      b()\n") == (
        "def f():\n    if a:\n        if d:\n            b()\n    c()\n"
    )


def test_a_line_is_found_by_its_number_or_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--only", "1", "--only", "clock offer"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert told[0].startswith("   1  ")
    assert main(["--list", "--only", "no such promise"]) == 2


def test_a_line_with_a_part_too_many_or_too_few_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[[mutation]]\npromise = "P"\nby = "x"\n', encoding="utf-8")
    with pytest.raises(BadLine, match=r"a\.toml: P: .*breaks"):
        read(tmp_path)
