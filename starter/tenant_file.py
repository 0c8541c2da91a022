"""A file of tenants: a JSON list, JSON lines or TOML `[[tenants]]`, read whole and checked whole.

Part of the doors. Every error is named at once, with its position and field; values never are, for some of
them are secrets.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.tenants import TenantRecord
from policies import CalendarUnknown, HolidayTableInvalid, holiday_table
from policies.zones import ZoneUnknown, local_zone
from starter.faults import Exit, Fault, usage
from starter.output import counted

MAX_BYTES = 20 * 1024 * 1024
_TWICE = " (twice)"


class Problem(NamedTuple):
    """What is wrong: where in the file (counted from 1), whose record it is if it says, which field, why."""

    position: str
    tenant: str | None
    field: str
    reason: str

    def __str__(self) -> str:
        """This will say it in one line: `record 3 (acme): zone: a zone is an IANA name ...`."""
        whose = f" ({self.tenant})" if self.tenant else ""
        return f"{self.position}{whose}: {self.field}: {self.reason}"


class FileRefused(Fault):
    """Ends an import before anything is written: `problems` are all that is wrong with the file."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        errors = counted(len(problems), "error")
        super().__init__(
            Exit.REFUSED,
            "ValidationError",
            f"{name}: {errors}; nothing was written",
            "mend the fields named and import the file again",
        )
        self.problems = tuple(problems)

    def as_record(self) -> dict[str, object]:
        """This will be the fault as JSON prints it, with every problem."""
        return super().as_record() | {"problems": [problem._asdict() for problem in self.problems]}


class _Item(NamedTuple):
    position: str
    plain: object
    unreadable: str | None = None


def read_tenants(name: str) -> tuple[TenantRecord, ...]:
    """This will read a file, or standard input as JSON for `-`, at most 20 MB (MAX_BYTES).

    Raises: Fault for a file that cannot be read as a whole; FileRefused naming everything else at once.
    """
    items = _items(name, _text(name))
    problems: list[Problem] = []
    records = tuple(_checked(items, problems))
    if problems:
        raise FileRefused(name, problems)
    return records


def _text(name: str) -> str:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with open(name, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise usage(f"{name}: {error.strerror or error}", "name a file that can be read, or -") from None
    if len(data) > MAX_BYTES:
        raise _refused("FileTooLarge", f"{name}: more than {MAX_BYTES} bytes", "import it in parts")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            "FileNotUtf8", f"{name}: byte {error.start} is not UTF-8", "save it as UTF-8"
        ) from None
    if not text.strip():
        raise _empty(name)
    return text


def _items(name: str, text: str) -> list[_Item]:
    """This will take the file apart. Raises: Fault where it is neither of the three, or has no tenant."""
    try:
        items = list(_of_toml(text) if name.endswith(".toml") else _of_json(text))
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise _refused(
            "FileMalformed",
            f"{name}: {reason}"[:300],
            "give a JSON list, one JSON object a line, or TOML with [[tenants]] in a file named .toml",
        ) from None
    if not items:
        raise _empty(name)
    return items


def _of_toml(text: str) -> Iterator[_Item]:
    document = tomllib.loads(text)
    if others := sorted(set(document) - {"tenants"}):
        raise ValueError(f"{', '.join(others)}: only [[tenants]] is read")
    found = document.get("tenants", [])
    return _numbered(found if isinstance(found, list) else [found])


def _of_json(text: str) -> Iterator[_Item]:
    if text.lstrip().startswith("["):
        return _numbered(_json(text))
    if not text.lstrip().startswith("{"):
        raise ValueError("it begins with neither [ nor {")
    try:
        return _numbered([_json(text)])  # one object, which may have many lines
    except ValueError:
        return _of_lines(text)


def _of_lines(text: str) -> Iterator[_Item]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _Item(f"line {number}", _json(line))
            except ValueError as error:
                yield _Item(f"line {number}", None, f"it is no JSON: {error}")


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """This will keep what is said twice under a name that no field has: the last one would win in silence."""
    found: dict[str, object] = {}
    for name, value in pairs:
        found[name + _TWICE if name in found else name] = value
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _numbered(plain: Iterable[object]) -> Iterator[_Item]:
    return (_Item(f"record {number}", one) for number, one in enumerate(plain, 1))


def _checked(items: Iterable[_Item], problems: list[Problem]) -> Iterator[TenantRecord]:
    """This will yield the records whose fields are right, and gather everything that is wrong."""
    first: dict[str, str] = {}
    places = _Places()
    for position, plain, unreadable in items:
        if unreadable:
            problems.append(Problem(position, None, "record", unreadable))
            continue
        try:
            record = TenantRecord.model_validate(plain)
        except ValidationError as error:
            whose = _name(plain)
            problems += [_problem(position, whose, found) for found in error.errors(include_input=False)]
            continue
        if record.tenant in first:
            again = f"the same tenant as {first[record.tenant]}"
            problems.append(Problem(position, record.tenant, "tenant", again))
        first.setdefault(record.tenant, position)
        problems += [Problem(position, record.tenant, *wrong) for wrong in places.wrong(record)]
        yield record


class _Places:
    """Zones and calendars of a whole file, each looked up once; one nobody has would refuse every case."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str | None] = {}

    def wrong(self, record: TenantRecord) -> Iterator[tuple[str, str]]:
        """This will name field and reason of a zone or calendar that does not exist."""
        for field, name in (("zone", record.zone), ("calendar", record.calendar)):
            if name is None:
                continue
            if (field, name) not in self._known:
                self._known[field, name] = _unknown(field, name)
            if reason := self._known[field, name]:
                yield field, reason


def _unknown(field: str, name: str) -> str | None:
    now = datetime.now(UTC)
    try:
        if field == "zone":
            local_zone(name, now, now)
        else:
            holiday_table(name)
    except (ZoneUnknown, CalendarUnknown, HolidayTableInvalid) as error:
        return str(error)
    return None


def _problem(position: str, tenant: str | None, error: ErrorDetails) -> Problem:
    path = [str(part + 1) if isinstance(part, int) else part for part in error["loc"]]
    field = ".".join(path) or "record"
    reason = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        reason = "there is no such field"
    if _TWICE in field:
        field, reason = field.replace(_TWICE, ""), "is given twice"
    return Problem(position, tenant, field[:200], reason)


def _name(plain: object) -> str | None:
    name = plain.get("tenant") if isinstance(plain, dict) else None
    return name.strip()[:200] if isinstance(name, str) else None


def _empty(name: str) -> Fault:
    return _refused("FileEmpty", f"{name}: there is no tenant in it", "see docs/tenants.md for an example")


def _refused(code: str, reason: str, remedy: str) -> Fault:
    return Fault(Exit.REFUSED, code, f"{reason}; nothing was written", remedy)
