"""`sunrelay session`: agree on a remote session, call it off, begin it with the customer's consent, end it.

Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from starter.cli.given import given_text
from starter.cli.instants import from_now
from starter.cli.panels import SAY
from starter.cli.say_command import Fields, say

_Mode = Annotated[
    str | None, typer.Option(help="view: the engineer sees the screen; control: they work on it too.")
]
_MaybeText = Annotated[str | None, typer.Option(help="What to say with it; - reads standard input.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands, and those of the verbs' full names, which help does not show."""
    group = typer.Typer(no_args_is_help=True, help="Remote sessions: schedule, cancel, begin, end.")
    say(group, "schedule_session", schedule, ("schedule", "move"))
    say(group, "cancel_session", cancel, ("cancel",))
    say(group, "start_session", start, ("begin", "start"))
    say(group, "end_session", end, ("end",))
    app.add_typer(group, name="session", rich_help_panel=SAY)
    for verb, function in (
        ("schedule_session", schedule),
        ("cancel_session", cancel),
        ("start_session", start),
        ("end_session", end),
    ):
        say(app, verb, function, (verb.replace("_", "-"),), hidden=True)


def schedule(
    start: Annotated[
        str, typer.Option(help="In 30m, 4h or 2d, or an instant such as 2026-11-22T09:00+11:00.")
    ],
    end: Annotated[str, typer.Option(help="When it ends, in the same form.")],
    zone: Annotated[str | None, typer.Option(help="The IANA time zone it is told in.")] = None,
    mode: _Mode = None,
    text: _MaybeText = None,
) -> Fields:
    """Schedule a remote session, or move the scheduled one; both sides are reminded before it."""
    now = datetime.now(UTC)
    when = {"start": from_now(start, now), "end": from_now(end, now), "zone": zone}
    return {**when, "mode": mode, "text": given_text(text) if text else None}


def cancel(reason: Annotated[str | None, typer.Option(help="Why.")] = None) -> Fields:
    """Cancel the scheduled remote session."""
    return {"reason": reason}


def start(
    consent: Annotated[bool, typer.Option("--consent", help="The customer has granted it.")] = False,
    consent_by: Annotated[str | None, typer.Option(help="Who has granted it.")] = None,
    mode: _Mode = None,
) -> Fields:
    """Say that the engineer connects, with the customer's consent."""
    return {"consent": consent, "consent_by": consent_by, "mode": mode}


def end(text: _MaybeText = None) -> Fields:
    """Say that the remote session is over, and what was done."""
    return {"text": given_text(text) if text else None}
