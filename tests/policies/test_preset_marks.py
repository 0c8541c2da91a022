"""Every value of every preset says whether its guide states it or we assume it."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.policies.policy_table import TABLE

TRACE = Path(__file__).parents[1] / "trace" / "ids.toml"

presets = pytest.mark.parametrize("name", TABLE)


def leaves(part: object, path: str = "") -> Iterator[str]:
    """Every value as it is written, by its path; parts of lists by `id`, `name` or position."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from leaves(value, f"{path}.{key}".removeprefix("."))
    elif isinstance(part, list) and any(isinstance(one, dict) for one in part):
        for count, one in enumerate(part):
            called = one.get("id") or one.get("name")
            yield from leaves(one, f"{path}.{called}" if called else f"{path}[{count}]")
    else:
        yield path


def lies_in(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}.", f"{place}["))


def unmarked(document: dict[str, Any]) -> list[str]:
    written = {key: value for key, value in document.items() if key != "sources"}
    return [path for path in leaves(written) if not any(lies_in(path, at) for at in document["sources"])]


def document(name: str) -> dict[str, Any]:
    return tomllib.loads(files("policies").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@presets
def test_every_value_says_whether_the_guide_states_it(name: str) -> None:
    written = document(name)
    assert unmarked(written) == []
    written["rules"]["intake"]["surprise"] = 1
    assert unmarked(written) == ["rules.intake.surprise"]


@presets
def test_no_mark_is_left_over(name: str) -> None:
    written = document(name)
    places = list(leaves({key: value for key, value in written.items() if key != "sources"}))
    assert [at for at in written["sources"] if not any(lies_in(path, at) for path in places)] == []


@presets
def test_marks_name_rows_of_the_catalogue(name: str) -> None:
    chapters = tomllib.loads(TRACE.read_text(encoding="utf-8"))
    known = {row for chapter in chapters.values() for row in chapter}
    for place, mark in document(name)["sources"].items():
        ids = re.findall(r"\b[A-Z][A-Z0-9]*-\d+\b", mark)
        assert set(ids) <= known, place
        assert ids or not mark.startswith("stated"), place


@presets
def test_what_no_guide_says_is_not_passed_off_as_stated(name: str) -> None:
    sources = document(name)["sources"]
    assert sources["rules.informing"].startswith("assumed")
    assert sources["rules.closing.archive_margin"].startswith("assumed")
