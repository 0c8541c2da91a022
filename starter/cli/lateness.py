"""`sunrelay lateness`: how late the clocks of cases fired, by clock and centre."""

import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from domain.time.local_time import as_utc
from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.panels import READ
from starter.door.faults import usage
from starter.door.plain import counted, moment

_BACK = re.compile(r"([1-9]\d{0,3})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "lateness", rich_help_panel=READ)(lateness)


async def lateness(
    door: Door,
    since: Annotated[
        str, typer.Option(metavar="SPAN|INSTANT", help="How far back: 30m, 4h, 7d, or from an instant on.")
    ] = "30d",
    clock: Annotated[str | None, typer.Option(help="Only this clock, such as initial_response.")] = None,
    centre: Annotated[str | None, typer.Option(help="Only cases of this centre.")] = None,
) -> None:
    """Tell how late clocks fired, in milliseconds: how many, half of them, 99 of 100, the latest."""
    start = _back(since, door.session.now())
    found = await core.see_lateness(door.session, door.actor, start, clock, centre)
    if not door.output.is_text:
        door.output.record(found)
        return

    if found.all is not None:
        door.output.show(core.lateness_table(found))
    many = counted(0 if found.all is None else found.all.count, "clock")
    door.output.say(f"{many} fired that were due since {moment(found.since)}, from the case store")
    if not found.is_whole:
        before = "not known" if found.known_since is None else f"not known before {moment(found.known_since)}"
        door.output.say(f"how late clocks fired is {before}")


def _back(text: str, now: datetime) -> datetime:
    """Read `30m`, `4h` or `7d` back from now, or an instant. Raises: Fault (usage)."""
    if match := _BACK.fullmatch(text):
        return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        return as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        remedy = "use 30m, 4h, 7d, or an instant with its offset, such as 2026-11-22T09:00Z"
        raise usage(f"{text[:60]!r} is no span and no instant", remedy, "since") from None
