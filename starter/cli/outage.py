"""The commands of an outage and of a bridge call.

Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from starter.cli.given import given_text
from starter.cli.instants import from_now
from starter.cli.say_command import Fields, Text, say

_EXPECTED = "When service is expected back: 4h from now, or an instant such as 2026-11-22T09:00Z."
_BEGINS = "When the call begins, 30m from now or an instant; without it, it is open now."


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for verb, function, names in _COMMANDS:
        say(app, verb, function, names)


def notify(
    incident_details: Annotated[
        str | None, typer.Option("--details", help="What has happened; - reads standard input.")
    ] = None,
    impact: Annotated[str | None, typer.Option(help="What it does to the business.")] = None,
    expected_resolution_at: Annotated[str | None, typer.Option("--expected", help=_EXPECTED)] = None,
    audience: Annotated[
        list[str] | None, typer.Option(help="An address to tell in place of the tenant's list; repeat it.")
    ] = None,
) -> Fields:
    """Tell the audience of an outage; the update cadence starts anew."""
    return {
        "incident_details": given_text(incident_details) if incident_details else None,
        "impact": impact,
        "expected_resolution_at": from_now(expected_resolution_at, datetime.now(UTC)),
        "audience": tuple(audience) if audience else None,
    }


def start_bridge(
    phone_number: Annotated[str | None, typer.Option("--phone", help="The number to call.")] = None,
    participant_code: Annotated[str | None, typer.Option("--code", help="The participant code.")] = None,
    starts_at: Annotated[str | None, typer.Option("--at", help=_BEGINS)] = None,
    text: Annotated[str | None, typer.Option(help="What else to say.")] = None,
    to_validate: Annotated[
        bool, typer.Option("--to-validate", help="To see with the customer that service is back.")
    ] = False,
) -> Fields:
    """Ask the customer to join a call, to look for the cause or to see that it works."""
    return {
        "phone_number": phone_number,
        "participant_code": participant_code,
        "starts_at": from_now(starts_at, datetime.now(UTC)),
        "text": given_text(text) if text else None,
        "to_validate": to_validate,
    }


def resolved(text: Text) -> Fields:
    """Tell everybody that service is back, once the customer has validated it."""
    return {"text": given_text(text)}


def withdraw(reason: Annotated[str | None, typer.Option(help="Why it was not an outage.")] = None) -> Fields:
    """Say that it was no outage; whoever heard of it hears that."""
    return {"reason": reason}


_COMMANDS: tuple[tuple[str, Callable[..., Fields], tuple[str, ...]], ...] = (
    ("outage_notification", notify, ("outage-notify", "outage-notification")),
    ("start_bridge", start_bridge, ("start-bridge",)),
    (
        "outage_resolution_notification",
        resolved,
        ("outage-resolved", "outage-resolution-notification"),
    ),
    ("withdraw_outage", withdraw, ("withdraw-outage",)),
)
"""Verb, the function that names its fields, and its names here; only the first one is shown in help."""
