"""A session by the settings of this machine and the options of a command."""

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from starter.cli import core
from starter.cli.logins import Login, needs_desk
from starter.door.session import Session

if TYPE_CHECKING:
    from starter.cli.command import Door


def session_of(door: "Door") -> Session:
    """Return the session of one command; nothing is opened before it is needed."""
    if door.login is not None:
        return _of_nothing(door.login, door.timeout)
    return Session(
        connect=lambda: core.connect(door.place, within=door.timeout),
        open_store=lambda: core.open_store(door.home),
        write_store=lambda: core.writing_store(door.home),
        where=lambda: f"{door.place.address} ({door.place.origin})",
        timeout=door.timeout,
        contents=cache(lambda: core.contents_here(door.home)),
    )


def _of_nothing(login: Login, timeout: timedelta) -> Session:
    """Return a session for who speaks to an API: it has a clock, and opens neither engine nor store."""

    def refuse() -> Any:
        raise needs_desk(login)

    return Session(refuse, refuse, refuse, where=lambda: login.url, timeout=timeout)
