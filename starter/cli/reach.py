"""Which commands an API answers, which need nobody, and which need the desk itself: one table."""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

_ALL = frozenset[str]()


class Reach(Enum):
    """Whom a command speaks to."""

    API = "an API, where its user is signed in to one, else the desk"
    HERE = "nobody: it reads files, or opens a desk of its own"
    DESK = "the desk itself, its engine and its store"


_REACH: Mapping[Reach, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        Reach.API: {
            "agent": frozenset({"list_", "release", "drop"}),
            "files": _ALL,
            "find": _ALL,
            "handoff": _ALL,
            "incident": _ALL,
            "list": _ALL,
            "open": _ALL,
            "queue": _ALL,
            "say_command": _ALL,
            "show": frozenset({"show", "timeline", "explain"}),
            "watch": _ALL,
        },
        Reach.HERE: {
            "calendar": _ALL,
            "desk.command": _ALL,
            "login": _ALL,
            "policy": _ALL,
            "settings_page": _ALL,
            "verify": _ALL,
        },
    }
)
"""By the file of the command (of this room, unless another is named): all of its functions, or some of them.

What is not here needs the desk.
"""


def reach_of(command: Callable[..., Any]) -> Reach:
    """Return whom a command speaks to."""
    chapter = command.__module__.removeprefix("starter.").removeprefix("cli.")
    for reach, chapters in _REACH.items():
        names = chapters.get(chapter)
        if names is not None and (not names or command.__name__ in names):
            return reach
    return Reach.DESK
