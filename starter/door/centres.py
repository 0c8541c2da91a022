"""Closing a centre by hand, or opening it again.

For our own people alone. What is changed here holds at the next decision of every open case, and those it
concerns are told to decide now.
"""

from datetime import datetime
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from activities.people.closures import Closures
from domain.actor import Actor
from domain.text import Line
from starter.door.faults import all_at_once, usage
from starter.door.permission import staff_only
from starter.door.policies_in_force import known_region
from starter.door.session import Session
from starter.door.staffing_news import tell_of_centre

_WHAT = "the list of centres"


class Closed(NamedTuple):
    """A centre closed by hand: `[since, until)` in UTC, why, and how many cases heard of it."""

    region: str
    reason: str
    since: datetime
    until: datetime | None
    told: int


class Opened(NamedTuple):
    """A centre whose shifts count again; `was_closed` unless nobody had closed it."""

    region: str
    was_closed: bool
    told: int


def check_closing(actor: Actor, name: str, reason: str) -> tuple[str, str]:
    """Return the centre that is meant, and the reason in a line. Raises: Fault (refused, usage)."""
    staff_only(actor, _WHAT)
    with all_at_once() as look:
        return look.at(known_region, name), look.at(_line, reason)


async def close_centre(
    session: Session, actor: Actor, name: str, reason: str, until: datetime | None
) -> Closed:
    """Close a centre from this second on, whatever its shifts say; without an end, until it is opened.

    Raises: Fault (refused, usage, unreachable), also where it is closed and not every case was told.
    """
    (region, why), by, since = check_closing(actor, name, reason), actor.label, _this_second(session)
    async with session.write_store() as store:
        await Closures(store).close(region, since, until, why, by)
    told = await tell_of_centre(session, actor, region, is_open=False)
    return Closed(region, why, since, until, told.in_full(f"{region} is closed"))


async def open_centre(session: Session, actor: Actor, name: str) -> Opened:
    """Open a centre that was closed by hand, and tell the cases that rest as well. Raises: Fault."""
    by, region = staff_only(actor, _WHAT), known_region(name)
    async with session.write_store() as store:
        was_closed = await Closures(store).open(region, _this_second(session), by)
    told = await tell_of_centre(session, actor, region, is_open=True)
    return Opened(region, was_closed, told.in_full(f"{region} is open"))


def _this_second(session: Session) -> datetime:
    """Return the whole second (UTC) that runs: cases know no fractions, and are to find it so already."""
    return session.now().replace(microsecond=0)


def _line(reason: str) -> str:
    try:
        return TypeAdapter[str](Line).validate_python(reason)
    except ValidationError as error:
        raise usage(error.errors()[0]["msg"], "say why in a line", "reason") from None
