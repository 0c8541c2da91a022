"""The commands for a diagnosis, an analysis of the root cause, and a visitor to a customer's equipment.

Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from starter.cli.given import given_text
from starter.cli.say_command import Fields, Text, say


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for verb, function, names in _COMMANDS:
        say(app, verb, function, names)


def diagnose(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="A category of the policy, such as dns.")],
    text: Text,
    outcome: Annotated[
        str | None, typer.Option(help="Ends a best effort: referred, or as the policy has it.")
    ] = None,
) -> Fields:
    """Say what the cause is; what is not ours is closed and referred to whoever helps."""
    return {"finding": finding, "text": given_text(text), "outcome": outcome}


def contacted(
    who: Annotated[str | None, typer.Option(help="Who of the department.")] = None,
    text: Annotated[str | None, typer.Option(help="What was agreed; - reads standard input.")] = None,
) -> Fields:
    """Say that the department the case was passed on to has contacted the customer."""
    return {"who": who, "text": given_text(text) if text else None}


def root_cause(
    charge_accepted: Annotated[
        bool, typer.Option("--charge-accepted", help="The requester pays for it.")
    ] = False,
    quote_ref: Annotated[str | None, typer.Option("--quote", help="The quote they have accepted.")] = None,
    text: Annotated[str | None, typer.Option(help="What it is for; - reads standard input.")] = None,
) -> Fields:
    """Ask for an analysis of the root cause of a problem that is solved; it may be charged."""
    said = given_text(text) if text else None
    return {"charge_accepted": charge_accepted, "quote_ref": quote_ref, "text": said}


def visitor(
    id_valid: Annotated[
        bool, typer.Option("--id-valid/--no-valid-id", help="Have they shown a valid government-issued ID?")
    ],
    visitor: Annotated[str | None, typer.Option(help="Who it is, if not the person expected.")] = None,
    arrived_at: Annotated[
        str | None, typer.Option(help="When they came, as in 2026-11-22T09:00Z; without it, now.")
    ] = None,
) -> Fields:
    """Say that a visitor has come to the site; admit them within the window, with an ID."""
    return {"id_valid": id_valid, "visitor": visitor, "arrived_at": arrived_at}


_COMMANDS: tuple[tuple[str, Callable[..., Fields], tuple[str, ...]], ...] = (
    ("diagnose", diagnose, ("diagnose",)),
    ("contacted", contacted, ("contacted",)),
    ("request_root_cause", root_cause, ("root-cause", "request-root-cause")),
    ("visitor_checked_in", visitor, ("visitor", "visitor-checked-in")),
)
"""Verb, the function that names its fields, and its names here; only the first one is shown in help."""
