"""The commands that give a case to one of our own people, and pass it on to the next tier.

Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from starter.cli.say_command import Fields, say

_REASONS = "holiday, sick_leave, shift_change, senior_engineer or handoff."


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for verb, function, names in _COMMANDS:
        say(app, verb, function, names)


def claim() -> Fields:
    """Take a case nobody has; the first who claims it has it."""
    return {}


def reassign(
    assignee: Annotated[str, typer.Argument(metavar="NAME", help="Who takes over the case.")],
    reason: Annotated[str, typer.Option(help=_REASONS)],
) -> Fields:
    """Give the case to somebody else of our staff; the customer is told whom to contact."""
    return {"assignee": assignee, "reason": reason}


def take_ownership(reason: Annotated[str | None, typer.Option(help="Why.")] = None) -> Fields:
    """Take a long or hard case as TSS or SDM."""
    return {"reason": reason}


def escalate(
    classification: Annotated[str | None, typer.Option(help="What kind of problem it is.")] = None,
    skill: Annotated[str | None, typer.Option(help="What the next tier has to know, such as azure.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
) -> Fields:
    """Pass the case on to L2, with what kind of problem it is."""
    return {"classification": classification, "skill": skill, "reason": reason}


_COMMANDS: tuple[tuple[str, Callable[..., Fields], tuple[str, ...]], ...] = (
    ("claim", claim, ("claim",)),
    ("reassign", reassign, ("reassign",)),
    ("take_ownership", take_ownership, ("take-ownership",)),
    ("escalate", escalate, ("escalate",)),
)
"""Verb, the function that names its fields, and its names here; only the first one is shown in help."""
