"""How a place in a policy is called: `rules.levels.P1.initial_response`.

Part of the room of policies; only names, no file and no rule. A part of a list is called by its `id` or its
`name`, so that a path keeps its meaning when the list gets another part; `[0]` where it has neither.
"""

import re
from collections.abc import Mapping, Sequence

from domain.policy.marks import is_within, longest_fit

__all__ = ["KEYS", "Path", "Table", "is_within", "longest_fit", "named", "part_name", "spelled"]

Path = tuple[str, ...]
Table = dict[str, object]
"""One table of a TOML document, as it was read."""

KEYS = ("id", "name")
_BARE = re.compile(r"[A-Za-z0-9_+@/-]+|\[\d+\]")


def part_name(part: object, position: int) -> str:
    """Call one part of a list by its `id` or `name`, or by its position, counted from 0."""
    if isinstance(part, Mapping):
        for key in KEYS:
            if isinstance(name := part.get(key), str):
                return name
    return f"[{position}]"


def spelled(path: Path) -> str:
    """Write a path with dots; a part with other characters than a name has stands in quotes."""
    text = ""
    for part in path:
        bare = part if _BARE.fullmatch(part) else f'"{part}"'
        text += bare if bare.startswith("[") else f".{bare}"
    return text.removeprefix(".") or "policy"


def named(steps: Sequence[str | int], document: object) -> Path:
    """Follow keys and positions into a document and name the place.

    It ends where the document does: the last key may be missing in it, and what a validator adds to say
    which of two types it tried is left out.
    """
    node, path = document, list[str]()
    for count, step in enumerate(steps, 1):
        if isinstance(node, list) and isinstance(step, int) and step < len(node):
            path.append(part_name(node[step], step))
            node = node[step]
        elif isinstance(node, dict) and step in node:
            path.append(str(step))
            node = node[step]
        else:
            if isinstance(node, dict) and count == len(steps) and not str(step).startswith("["):
                path.append(str(step))
            break
    return tuple(path)
