"""A refusal names what can be typed here, not the verbs of the machine."""

from itertools import chain

import typer

from domain.verbs import Verb
from starter.cli.application import app
from starter.cli.words import COMMANDS, in_commands
from tests.servers import dev_server
from tests.starter.conftest import Commands, run

__all__ = ["dev_server", "run"]


def _known() -> set[str]:
    """Every command as it is typed, the hidden ones too."""
    root = typer.main.get_command(app())
    groups = {"": root, **root.commands}  # type: ignore[attr-defined]
    return set(
        chain.from_iterable(
            (f"{name} {inner}".strip() for inner in getattr(group, "commands", ()))
            for name, group in groups.items()
        )
    )


def test_every_verb_of_more_than_one_word_has_a_command_that_exists() -> None:
    assert set(COMMANDS) == {verb.value for verb in Verb if "_" in verb.value}
    assert set(COMMANDS.values()) <= _known()


def test_only_verbs_are_put_in_other_words() -> None:
    assert in_commands("schedule one with schedule_session") == "schedule one with session schedule"
    assert in_commands("expected_resolution_at is in the past") == "expected_resolution_at is in the past"


def test_a_refusal_names_the_commands_and_who_may_not(run: Commands) -> None:
    case = run.open("words-1")["number"]
    cancelled = run("session", "cancel", case, "--reason", "It works", "-o", "json")
    assert cancelled.fault["remedy"] == "schedule one with session schedule"
    answered = run("survey", "answer", case, "--score", "5", "-o", "json")
    assert answered.fault["reason"].startswith("our own staff cannot survey answer")
