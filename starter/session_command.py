"""`sunrelay session`: agree on a remote session, call it off, begin it with the customer's consent, end it.

Part of the doors. Each function names the fields of one message; whether it may be said is the domain's to
decide.
"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from starter.faults import usage
from starter.instants import ahead
from starter.saying import PANEL, Fields, say
from starter.sending import given_text

_Mode = Annotated[
    str | None, typer.Option(help="view: the engineer sees the screen; control: he works on it too.")
]
_MaybeText = Annotated[str | None, typer.Option(help="What to say with it; - reads standard input.")]


def add_to(app: typer.Typer) -> None:
    """This will add the commands, and those of the verbs' full names, which help does not show."""
    group = typer.Typer(no_args_is_help=True, help="Remote sessions: agree, call off, begin, end.")
    say(group, "schedule_session", schedule, ("schedule", "move"))
    say(group, "cancel_session", cancel, ("cancel",))
    say(group, "start_session", start, ("start",))
    say(group, "end_session", end, ("end",))
    app.add_typer(group, name="session", rich_help_panel=PANEL)
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
    end: Annotated[str, typer.Option(help="Until when, in the same way.")],
    zone: Annotated[str | None, typer.Option(help="By which clock it is told, as an IANA zone.")] = None,
    mode: _Mode = None,
    text: _MaybeText = None,
) -> Fields:
    """Agree on a remote session, or move the one agreed on; both sides are reminded before it."""
    _known(zone)
    now = datetime.now(UTC)
    when = {"start": _instant(start, "--start", now), "end": _instant(end, "--end", now), "zone": zone}
    return {**when, "mode": mode, "text": given_text(text) if text else None}


def _instant(text: str, flag: str, now: datetime) -> datetime | str:
    """This will count `30m`, `4h` or `2d` from now; an instant written out is the domain's to judge."""
    return ahead(text, flag, now) if text[:-1].isdigit() else text


def _known(zone: str | None) -> None:
    """This will refuse a zone that only looks like one; it would be told in UTC. Raises: Fault (usage)."""
    from policies.zones import ZoneUnknown, local_zone

    now = datetime.now(UTC)
    try:
        if zone is not None:
            local_zone(zone, now, now)
    except ZoneUnknown:
        raise usage(f"--zone: there is no zone {zone}", "use a name such as Australia/Sydney") from None


def cancel(reason: Annotated[str | None, typer.Option(help="Why.")] = None) -> Fields:
    """Call off the remote session that was agreed on."""
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
