"""The command line speaks in nouns beyond the everyday verbs; older names of commands still work."""

import pytest
import typer

from starter.cli import core
from starter.cli.application import app
from starter.cli.nouns import _MOVED, EVERYDAY, NOUNS
from tests.starter.plain_help import help_of


def _root(first: str = "") -> dict[str, object]:
    return typer.main.get_command(app(first)).commands  # type: ignore[attr-defined, no-any-return]


def test_help_fits_one_screen_of_80_columns() -> None:
    shown = help_of()
    lines = shown.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    for name in (*EVERYDAY, *NOUNS):
        assert name in shown


def test_help_with_all_shows_every_command() -> None:
    shown = help_of("--all")
    for moved in _MOVED.values():
        for before in moved.values():
            assert before in shown


def test_every_command_is_everyday_or_has_a_noun() -> None:
    seen = {name for name, one in _root().items() if not one.hidden}  # type: ignore[attr-defined]
    assert seen == {*EVERYDAY, *NOUNS}


def test_what_a_command_was_called_before_is_the_same_command() -> None:
    root = _root()
    for noun, moved in _MOVED.items():
        for name, before in moved.items():
            group = root[noun].commands  # type: ignore[attr-defined]
            known = root.get(before)
            assert before == noun or known.help == group[name].help  # type: ignore[attr-defined]


def test_a_review_is_asked_for_where_no_other_command_is_named() -> None:
    assert "Ask for a review" in help_of("review", "request")
    assert help_of("review").count("decide") == 1


@pytest.mark.parametrize("name", EVERYDAY)
def test_an_everyday_command_is_the_same_with_its_chapter_alone(name: str) -> None:
    alone, among_all = _root(name)[name], _root()[name]
    assert alone.help == among_all.help  # type: ignore[attr-defined]
    options = [[(one.name, one.opts, one.default) for one in of.params] for of in (alone, among_all)]  # type: ignore[attr-defined]
    assert options[0] == options[1]


@pytest.mark.parametrize("name", core._HOMES)
def test_whatever_the_command_line_loads_late_is_there(name: str) -> None:
    assert getattr(core, name) is not None
