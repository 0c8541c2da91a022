"""The lines: a text of the product, what takes its place, the promise that breaks, the tests that must fail.

They are kept in `lines/*.toml`. A line names no file of the product: its text is unique in the whole tree,
so that a file may be moved, split or renamed and the line still holds.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LINES = Path(__file__).parent / "lines"
GROUPS = ("clock", "lane", "door", "policy")


class BadLine(ValueError):
    """A line that cannot be read; the message names it and says what is wrong."""


@dataclass(frozen=True)
class Mutation:
    """One way to break the product.

    `breaks` is the catalogue's id, or says which house rule it is. `tests` is a file of tests, or one test of
    it (`file::test`). The groups say what it stands for beside the chapter its text lies in: a clock, a lane,
    a door, a value of the policy (`Model.field`).
    """

    number: int
    promise: str
    breaks: str
    text: str
    by: str
    tests: str
    clock: tuple[str, ...] = ()
    lane: tuple[str, ...] = ()
    door: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()

    @property
    def groups(self) -> str:
        """What it stands for, in a few words."""
        return ", ".join(f"{group} {name}" for group in GROUPS for name in getattr(self, group))

    def is_about(self, word: str) -> bool:
        """Whether a word, or its number, names it."""
        told = f"{self.promise} {self.breaks} {self.groups} {self.tests}".lower()
        return word == str(self.number) or (not word.isdigit() and word.lower() in told)


def read(room: Path = LINES) -> tuple[Mutation, ...]:
    """Every line of every file, numbered through in the order of the files."""
    tables = [
        (path.name, table)
        for path in sorted(room.glob("*.toml"))
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["mutation"]
    ]
    return tuple(_mutation(number, file, table) for number, (file, table) in enumerate(tables, 1))


def _mutation(number: int, file: str, table: dict[str, Any]) -> Mutation:
    names = {group: table.get(group, ()) for group in GROUPS}
    groups = {group: (said,) if isinstance(said, str) else tuple(said) for group, said in names.items()}
    try:
        return Mutation(**table | groups, number=number)
    except TypeError as error:
        raise BadLine(f"{file}: {table.get('promise', f'line {number}')}: {error}") from None
