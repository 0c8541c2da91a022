"""A file of engineers: TOML `[[engineers]]`, a JSON list, or a JSON object with `engineers`; checked whole.

Part of the doors. Every error is named at once, with its position, field and code.
"""

import json
import sys
import tomllib
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from activities.addresses import AddressInvalid, address_of
from domain.rota import Engineer
from policies.zones import ZoneUnknown, local_zone
from starter.faults import Exit, Fault, usage
from starter.output import counted

MAX_BYTES = 5 * 1024 * 1024
_LISTED = "engineers"


class Problem(NamedTuple):
    """What is wrong: which record (counted from 1), whose it is if it says, which field, why, the code."""

    position: str
    engineer: str | None
    field: str
    reason: str
    code: str = "ValidationError"

    def __str__(self) -> str:
        """This will say it in one line: `record 3 (Ana): region: RegionUnknown: ...`."""
        whose = f" ({self.engineer})" if self.engineer else ""
        return f"{self.position}{whose}: {self.field}: {self.code}: {self.reason}"


class RotaRefused(Fault):
    """Ends an import before anything is written: `problems` are all that is wrong; one code if all share."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        codes = {problem.code for problem in problems}
        super().__init__(
            Exit.REFUSED,
            codes.pop() if len(codes) == 1 else "ValidationError",
            f"{name}: {counted(len(problems), 'error')}; nothing was written",
            "mend the fields named and import the file again",
        )
        self.problems = tuple(problems)

    def as_record(self) -> dict[str, object]:
        """This will be the fault as JSON prints it, with every problem."""
        return super().as_record() | {"problems": [problem._asdict() for problem in self.problems]}


def read_engineers(name: str, regions: Collection[str]) -> tuple[Engineer, ...]:
    """This will read a file, or standard input as JSON for `-`, of people in these regions.

    Raises: Fault for a file that cannot be read as a whole; RotaRefused naming everything else at once.
    """
    problems: list[Problem] = []
    people = tuple(_checked(_records(name), regions, problems))
    if problems:
        raise RotaRefused(name, problems)
    return people


def _records(name: str) -> list[object]:
    data = _data(name)
    if len(data) > MAX_BYTES:
        raise _malformed(name, f"more than {MAX_BYTES} bytes", "FileTooLarge")
    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text) if name.endswith(".toml") else _json(text)
    except UnicodeDecodeError as error:
        raise _malformed(name, f"byte {error.start} is not UTF-8", "FileNotUtf8") from None
    except ValueError as error:
        raise _malformed(name, str(error)) from None
    except RecursionError:
        raise _malformed(name, "it is nested too deeply") from None
    found = document.get(_LISTED) if isinstance(document, dict) and set(document) == {_LISTED} else document
    if not isinstance(found, list):
        raise _malformed(name, f"it is no list, nor an object with {_LISTED} and nothing else")
    if not found:
        raise _malformed(name, "there is nobody in it", "FileEmpty")
    return found


def _data(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with open(name, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a name with NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise usage(f"{name}: {reason}", "name a file that can be read, or -") from None


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
        raise ValueError(f"{twice} is given twice in one record")
    return found


def _checked(records: list[object], regions: Collection[str], problems: list[Problem]) -> Iterator[Engineer]:
    """This will yield who is right in every field, and gather everything that is wrong."""
    first: dict[str, str] = {}
    for number, plain in enumerate(records, 1):
        position, name = f"record {number}", _name(plain)
        if reason := _unknown_region(plain, regions):
            problems.append(Problem(position, name, "region", reason, "RegionUnknown"))
        if name in first:
            problems.append(Problem(position, name, "name", f"the same person as {first[name]}"))
        if name is not None:
            first.setdefault(name, position)
        try:
            engineer = Engineer.model_validate(plain)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)
            problems += [_problem(position, name, one) for one in found]
            continue
        if engineer.zone is not None and (reason := _unknown_zone(engineer.zone)):
            problems.append(Problem(position, engineer.name, "zone", reason))
        if engineer.address is not None and (reason := _no_address(engineer.address)):
            problems.append(Problem(position, engineer.name, "address", reason))
        yield engineer


def _unknown_region(plain: object, regions: Collection[str]) -> str | None:
    """This will say so of a region that is a text and yet nobody's, whatever else is wrong (RHIPE-22)."""
    region = plain.get("region") if isinstance(plain, dict) else None
    if not isinstance(region, str) or region in regions:
        return None
    return f"no policy has this region; known are {', '.join(sorted(regions))}"


def _unknown_zone(zone: str) -> str | None:
    now = datetime.now(UTC)
    try:
        local_zone(zone, now, now)
    except ZoneUnknown as error:
        return str(error)
    return None


def _no_address(text: str) -> str | None:
    try:
        address_of(text)
    except AddressInvalid as error:
        return str(error)
    return None


def _problem(position: str, engineer: str | None, error: ErrorDetails) -> Problem:
    path = [str(part + 1) if isinstance(part, int) else part for part in error["loc"]]
    reason = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        reason = "there is no such field"
    return Problem(position, engineer, (".".join(path) or "record")[:200], reason)


def _name(plain: object) -> str | None:
    name = plain.get("name") if isinstance(plain, dict) else None
    return name.strip()[:200] if isinstance(name, str) else None


def _malformed(name: str, reason: str, code: str = "FileMalformed") -> Fault:
    remedy = "see docs/regions.md for an example"
    return Fault(Exit.REFUSED, code, f"{name}: {reason[:300]}; nothing was written", remedy)
