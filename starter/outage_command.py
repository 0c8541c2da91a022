"""The commands of an outage and of a bridge call.

Part of the doors. Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from starter.instants import ahead
from starter.saying import Fields, Text, say
from starter.sending import given_text

_EXPECTED = "When service is expected back: 4h from now, or an instant such as 2026-11-22T09:00Z."
_BEGINS = "When the call begins, 30m from now or an instant; without it, it is open now."


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    for verb, function, names in _COMMANDS:
        say(app, verb, function, names)


def notify(
    details: Annotated[str | None, typer.Option(help="What has happened; - reads standard input.")] = None,
    impact: Annotated[str | None, typer.Option(help="What it does to the business.")] = None,
    expected: Annotated[str | None, typer.Option("--expected", help=_EXPECTED)] = None,
    audience: Annotated[
        list[str] | None, typer.Option(help="An address to tell in place of the tenant's list; repeat it.")
    ] = None,
) -> Fields:
    """Tell the audience of an outage; the update cadence starts anew."""
    return {
        "incident_details": given_text(details) if details else None,
        "impact": impact,
        "expected_resolution_at": _instant(expected, "--expected"),
        "audience": tuple(audience) if audience else None,
    }


def start_bridge(
    phone: Annotated[str | None, typer.Option(help="The number to call.")] = None,
    code: Annotated[str | None, typer.Option(help="The code of participants.")] = None,
    at: Annotated[str | None, typer.Option("--at", help=_BEGINS)] = None,
    text: Annotated[str | None, typer.Option(help="What else to say.")] = None,
    to_validate: Annotated[
        bool, typer.Option("--to-validate", help="To see with the customer that service is back.")
    ] = False,
) -> Fields:
    """Ask the customer to join a call, to look for the cause or to see that it works."""
    return {
        "phone_number": phone,
        "participant_code": code,
        "starts_at": _instant(at, "--at"),
        "text": given_text(text) if text else None,
        "to_validate": to_validate,
    }


def resolved(text: Text) -> Fields:
    """Tell everybody that service is back, once the customer has validated it."""
    return {"text": given_text(text)}


def withdraw(reason: Annotated[str | None, typer.Option(help="Why it was none.")] = None) -> Fields:
    """Say that it was no outage; whoever heard of it hears that."""
    return {"reason": reason}


def _instant(text: str | None, flag: str) -> str | None:
    """This will read so far from now, or an instant; whether it has passed is for the case to judge."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        return ahead(text, flag, datetime.now(UTC)).isoformat()


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
