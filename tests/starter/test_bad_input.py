"""What is wrong with what was typed: every field is named with what to type for it, and all of it at once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from domain.incidents.verbs import IncidentVerb
from domain.verbs import Verb
from starter.cli.application import app
from starter.cli.flags import typed_for
from starter.cli.groups import AllAtOnce
from starter.cli.nouns import EVERYDAY
from starter.cli.words import COMMANDS
from tests.starter.conftest import Commands

_STAMPS = {"actor", "received_at", "request_id", "expected_version"}
_NOT_TYPED = {"source", "linked_to", "access_id", "verification", "automatic", "attachments", "in_bulk"}
"""What a desk does not say, or only when a case is opened; mail that comes in knows what a machine wrote,
files have a command of their own (`attach`), and only `policy apply` speaks to many cases."""

_ROOT: Any = typer.main.get_command(app())


def _leaves(group: Any, *path: str) -> Iterator[tuple[str, ...]]:
    for name, one in group.commands.items():
        yield from _leaves(one, *path, name) if hasattr(one, "commands") else [(*path, name)]


def _command(path: tuple[str, ...]) -> Any:
    found = _ROOT
    for name in path:
        found = found.commands[name]
    return found


def _typed(path: tuple[str, ...]) -> dict[str, str]:
    """What is typed for each parameter of a command, as its help has it."""
    return {
        one.name.replace("__", "."): (one.opts or one.secondary_opts)[0]
        if one.param_type_name == "option"
        else one.metavar.strip("[]")
        for one in _command(path).params
    }


_SAID = {
    **{verb: tuple(COMMANDS.get(verb.value, verb.value).split()) for verb in Verb if verb is not Verb.SUBMIT},
    Verb.SUBMIT: ("open",),
}
_SAID_OF_INCIDENTS = {
    verb: ("incident", verb.value.removeprefix("post_").replace("_", "-")) for verb in IncidentVerb
}


@pytest.mark.parametrize(("verb", "path"), [*_SAID.items(), *_SAID_OF_INCIDENTS.items()])
def test_every_field_of_every_verb_has_something_to_type(
    verb: Verb | IncidentVerb, path: tuple[str, ...]
) -> None:
    if verb is Verb.INCIDENT_NEWS:
        pytest.skip("an incident says it by itself")
    typed = _typed(path)
    fields = set(verb.model.model_fields) - _STAMPS - (_NOT_TYPED if path != ("open",) else {"linked_to"})
    assert not {field for field in fields if not typed_for(field, typed)}


@pytest.mark.parametrize("path", [*_SAID.values(), *_SAID_OF_INCIDENTS.values()], ids=" ".join)
def test_every_field_at_fault_is_told_at_once_with_what_to_type(
    path: tuple[str, ...], tmp_path: Path
) -> None:
    arguments, wrong = _mistyped(path)
    answer = Commands(tmp_path, None)(*path, *arguments)
    assert answer.err.startswith("refused: ValidationError: "), answer.err
    assert all(f"{field} ({flag})" in answer.err for field, flag in wrong.items())


def test_programs_are_told_what_to_type_as_well(tmp_path: Path) -> None:
    answer = Commands(tmp_path, None)("open", "--country", "au", "--email", "nobody", "-o", "json")
    flags = {"contact.name": "--contact", "contact.email": "--email", "country": "--country"}
    assert answer.fault["flags"] == {**flags, "tenant": "--tenant"}


def _mistyped(path: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """What to type for a message with a request id that is none, and no word where one is wanted."""
    arguments, wrong = ["--request-id", ""], {"request_id": "--request-id"}
    for one in _command(path).params:
        if one.required and one.name == "text":
            arguments.append("")
            wrong["text"] = "TEXT"
        elif one.required and one.param_type_name == "option":
            arguments += one.opts[:1] if one.is_flag else [one.opts[0], "1"]
        elif one.required or (path == ("handoff", "accept") and one.name == "case"):
            arguments.append("SR-DF01-FBWG-F")
    return arguments, wrong


@pytest.mark.parametrize("path", [*_leaves(_ROOT)], ids=" ".join)
def test_every_command_tells_all_that_is_wrong(path: tuple[str, ...]) -> None:
    assert isinstance(_command(path), AllAtOnce)


@pytest.mark.parametrize("name", EVERYDAY)
def test_every_flag_that_is_none_is_told_at_once(name: str, tmp_path: Path) -> None:
    answer = Commands(tmp_path, None)(name, "--timeout", "soon", "--output", "paper")
    assert answer.code == 2
    assert "--timeout" in answer.err
    assert "--output" in answer.err


def test_every_setting_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    wrong = {"SUNRELAY_ACTOR_KIND": "wizard", "SUNRELAY_ACTOR_TIER": "L9"}
    answer = Commands(tmp_path, None)("list", **wrong)
    assert answer.code == 2
    assert all(name in answer.err for name in wrong)


_SEVERAL_WRONG = {
    "incident declare": (
        ["Mail is down", "--title", "Mail", "--expected", "soon", "--update-every", "3m", "--level", "P77"],
        ("--expected", "--update-every", "--level"),
    ),
    "incident update": (
        ["MI-1", "News", "--expected", "2020-01-01T00:00Z", "--update-every", "3m"],
        ("--expected", "--update-every"),
    ),
    "region close": (["nowhere", "--reason", "", "--until", "never"], ("nowhere", "--reason", "--until")),
    "rota checkin": (["Ana", "--region", "nowhere", "--until", "never"], ("nowhere", "--until")),
    "handoff accept": (["--no-wait"], ("--region", "--no-wait")),
    "policy coverage": (["of-nobody", "--from", "never"], ("of-nobody", "--from")),
    "policy diff": (["of-nobody", "of-no-one"], ("of-nobody", "of-no-one")),
    "policy new": (["a/b", "--extends", "of-nobody"], ("a/b", "of-nobody")),
}


@pytest.mark.parametrize("command", _SEVERAL_WRONG)
def test_instants_names_and_lists_that_are_none_are_told_at_once(command: str, tmp_path: Path) -> None:
    given, wrong = _SEVERAL_WRONG[command]
    nobody_listens = Commands(tmp_path, "127.0.0.1:1")
    answer = nobody_listens(*command.split(), *given)
    assert answer.code in (2, 3)
    assert [one for one in wrong if one not in answer.err] == []
    record = json.loads(nobody_listens(*command.split(), *given, "-o", "json").err)
    assert len(record["problems"]) == len(wrong)
