"""How an instant is given on the command line: so far from now, or written out with its offset.

A local time without an offset is a guess, and refused.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from domain.time.local_time import as_utc
from starter.door.faults import usage

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="INSTANT", help="As it stood then, such as 2026-11-30T09:12Z."),
]
"""The instant of the past that is wanted; now without it."""

_AHEAD = re.compile(r"([1-9]\d{0,3})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def from_now(text: str | None, now: datetime) -> datetime | str | None:
    """Count `30m`, `4h` or `2d` from now; anything else is judged with the other fields of the record."""
    return ahead(text, "", now) if text and _AHEAD.fullmatch(text) else text


def ahead(text: str, field: str, now: datetime, *, or_past: bool = False) -> datetime:
    """Read `30m`, `4h` or `2d` from now, or an instant after now, as UTC. Raises: Fault (usage)."""
    if match := _AHEAD.fullmatch(text):
        return now + timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        at = as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        remedy = "fix it; an instant has its offset, or Z"
        raise usage("neither 30m, 4h, 2d nor an instant such as 2026-11-22T09:00Z", remedy, field) from None
    if at <= now and not or_past:
        raise usage(f"{text} has passed", "name a future instant", field)
    return at


def maybe_ahead(text: str | None, field: str, now: datetime) -> datetime | None:
    """Read an instant ahead where one was given. Raises: Fault (usage)."""
    return None if text is None else ahead(text, field, now)
