"""The product as texts: where a line's text lies, and the file with the other text in its place.

White space counts as one space wherever it is, so that indenting a text anew does not lose it.
"""

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "policies", "workflows", "activities", "starter")
_KINDS = (".py", ".toml", ".j2")

Sources = Mapping[str, str]


class Place(NamedTuple):
    """Where a text lies: a file by its path in the tree, and the characters from `start` up to `end`."""

    path: str
    start: int
    end: int


def sources(root: Path = ROOT) -> Sources:
    """Every text of the product, by its path in the tree."""
    files = [path for room in ROOMS for path in (root / room).rglob("*") if path.suffix in _KINDS]
    files.append(root / "worker.py")
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in sorted(files)}


def places_of(text: str, product: Sources) -> tuple[Place, ...]:
    """Every place a text is at; a line wants exactly one."""
    wanted = re.compile(r"\s+".join(map(re.escape, text.split())))
    return tuple(
        Place(path, found.start(), found.end())
        for path, source in product.items()
        for found in wanted.finditer(source)
    )


def patched(source: str, place: Place, by: str) -> str:
    """The file with `by` in that place, indented as the line it begins on."""
    begins = source.rfind("\n", 0, place.start) + 1
    margin = re.match(r"[ \t]*", source[begins:])
    assert margin is not None
    first, *rest = textwrap.dedent(by).strip().split("\n")
    lines = (first, *(f"{margin[0]}{line}" if line.strip() else "" for line in rest))
    return source[: place.start] + "\n".join(lines) + source[place.end :]
