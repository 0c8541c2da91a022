"""A file of records, read whole and checked whole: every error is named at once, with its position and field.

Values are never named, for some of them are secrets.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.text import INCOMING, identifier
from policies.zones import ZoneUnknown, local_zone
from starter.door.faults import Fault, Kind
from starter.door.plain import counted
from starter.imports.input_bytes import read_bytes

R = TypeVar("R", bound=BaseModel)

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WRONG = "ValidationError"
_TWICE = " (twice)"
_MEND = "fix the fields named and import the file again"


class Item(NamedTuple):
    """One record as it stands in the file, counted from 1; or why it cannot be read."""

    position: str
    plain: object
    unreadable: str | None = None


class Wrong(NamedTuple):
    """What is wrong with one field of a record."""

    field: str
    reason: str
    code: str | None = None


class Problem(NamedTuple):
    """What is wrong: where in the file, whose record it is if it says, which field, why, the code."""

    position: str
    whose: str | None
    wrong: Wrong

    def __str__(self) -> str:
        """Say it in one line: `record 3 (acme): zone: a zone is an IANA name ...`."""
        whose = f" ({self.whose})" if self.whose else ""
        code = f"{self.wrong.code}: " if self.wrong.code else ""
        return f"{self.position}{whose}: {self.wrong.field}: {code}{self.wrong.reason}"


class FileRefused(Fault):
    """Ends an import before anything is written: `problems` are all that is wrong; one code if all share."""

    def __init__(self, name: str, record: str, problems: list[Problem]) -> None:
        codes = {problem.wrong.code for problem in problems}
        code = (codes.pop() if len(codes) == 1 else None) or _WRONG
        reason = f"{name}: {counted(len(problems), 'error')}; nothing was written"
        super().__init__(Kind.REFUSED, code, reason, _MEND)
        self._record = record
        self.problems = tuple(problems)

    @property
    def lines(self) -> tuple[str, ...]:
        """Every problem, for people."""
        return tuple(map(str, self.problems))

    @property
    def more(self) -> dict[str, object]:
        """Every problem, for programs."""
        return {"problems": [self._as_record(one) for one in self.problems]}

    def _as_record(self, problem: Problem) -> dict[str, object]:
        wrong = {name: value for name, value in problem.wrong._asdict().items() if value is not None}
        return {"position": problem.position, self._record: problem.whose, **wrong}


class RecordFile(NamedTuple, Generic[R]):
    """What a file of one kind of record holds, how it is taken apart, and what a schema cannot see."""

    record: str
    name: str
    model: type[R]
    most: int
    take_apart: Callable[[str, bool], Iterable[Item]]
    before: Callable[[object], Iterator[Wrong]]
    after: Callable[[R], Iterator[Wrong]]
    forms: str
    nobody: str
    example: str
    code: str | None = None
    """The code of a field that is wrong, where such files tell one of each."""

    def read(self, name: str) -> tuple[R, ...]:
        """Read a file, or standard input as JSON for `-`.

        Raises: Fault for a file that cannot be read as a whole; FileRefused naming everything else at once.
        """
        problems: list[Problem] = []
        records = tuple(self._checked(self._items(name), problems))
        if problems:
            raise FileRefused(name, self.record, problems)
        return records

    def _items(self, name: str) -> list[Item]:
        try:
            items = list(self.take_apart(self._text(name), name.endswith(".toml")))
        except (ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
            raise _refused("FileMalformed", f"{name}: {reason}"[:300], self.forms) from None
        if not items:
            raise _refused("FileEmpty", f"{name}: {self.nobody}", self.example)
        return items

    def _text(self, name: str) -> str:
        data = read_bytes(name, self.most + 1)
        if len(data) > self.most:
            raise _refused("FileTooLarge", f"{name}: more than {self.most} bytes", "import it in parts")
        try:
            return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
        except UnicodeDecodeError as error:
            reason = f"{name}: byte {error.start} is not UTF-8"
            raise _refused("FileNotUtf8", reason, "save it as UTF-8") from None

    def _checked(self, items: Iterable[Item], problems: list[Problem]) -> Iterator[R]:
        """Yield the records that can be read, and gather everything that is wrong."""
        first: dict[str, str] = {}
        for item in items:
            whose = self._whose(item.plain)
            found = list(self._wrong(item, first.get(whose or ""), whose))
            if whose is not None:
                first.setdefault(whose, item.position)
            if not item.unreadable:
                try:
                    record = self.model.model_validate(item.plain, context=INCOMING)
                except ValidationError as error:
                    found += map(_wrong, error.errors(include_input=False, include_url=False))
                else:
                    found += self.after(record)
                    yield record
            problems += (
                Problem(item.position, whose, one._replace(code=one.code or self.code)) for one in found
            )

    def _wrong(self, item: Item, before: str | None, whose: str | None) -> Iterator[Wrong]:
        """Tell what is wrong with a record whatever its fields are."""
        if item.unreadable:
            yield Wrong("record", item.unreadable)
            return
        yield from self.before(item.plain)
        if whose is not None and before is not None:
            yield Wrong(self.name, f"the same {self.record} as {before}")

    def _whose(self, plain: object) -> str | None:
        name = plain.get(self.name) if isinstance(plain, dict) else None
        return identifier(name).strip()[:200] if isinstance(name, str) else None


def nothing_more(_record: object) -> Iterator[Wrong]:
    """Find nothing wrong."""
    return iter(())


def of_toml(text: str, listed: str) -> list[object]:
    """Read the tables of one name, and nothing beside them. Raises: ValueError."""
    document = tomllib.loads(text)
    if others := sorted(set(document) - {listed}):
        raise ValueError(f"{', '.join(others)}: only [[{listed}]] is read")
    found = document.get(listed, [])
    return found if isinstance(found, list) else [found]


def of_json(text: str) -> Any:
    """Read JSON; what is said twice is kept under a name that no field has. Raises: ValueError."""
    return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)


def numbered(plain: Iterable[object]) -> Iterator[Item]:
    """Count records from 1."""
    return (Item(f"record {number}", one) for number, one in enumerate(plain, 1))


def unknown_zone(field: str, zone: str) -> Iterator[Wrong]:
    """Tell of a zone that the database does not have."""
    now = datetime.now(UTC)
    try:
        local_zone(zone, now, now)
    except ZoneUnknown as error:
        yield Wrong(field, str(error))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Keep what is said twice under a name that no field has: the last one would win in silence."""
    found: dict[str, object] = {}
    for name, value in pairs:
        found[name + _TWICE if name in found else name] = value
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _wrong(error: ErrorDetails) -> Wrong:
    path = [str(part + 1) if isinstance(part, int) else part for part in error["loc"]]
    field = ".".join(path) or "record"
    if _TWICE in field:
        return Wrong(field.replace(_TWICE, "")[:200], "is given twice")
    if error["type"] == "extra_forbidden":
        return Wrong(field[:200], "there is no such field")
    return Wrong(field[:200], error["msg"].removeprefix("Value error, "))


def _refused(code: str, reason: str, remedy: str) -> Fault:
    return Fault(Kind.REFUSED, code, f"{reason}; nothing was written", remedy)
