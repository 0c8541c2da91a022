"""`python -m tests.vectors [FILE...]`: meets every vector of the files, by default those that ship.

A line for each failing vector, each expected disagreement and each that is not supported yet, then the count.
Exit code 0: nothing failed; 1: a vector failed; 2: a file is missing or not of the format.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from tests.vectors.answers import NotSupported, answer
from tests.vectors.files import Json, Vector, form_errors, is_schema, shipped, vectors_of


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    DISAGREES = "disagrees"
    NOT_SUPPORTED = "not supported yet"


class BadFile(Exception):
    """A file cannot be read as vectors; the message has a line for each reason."""


def meet(vector: Vector) -> tuple[Outcome, str]:
    """One vector's outcome, and the line that tells it."""
    try:
        got: object = answer(vector)
    except NotSupported as reason:
        return Outcome.NOT_SUPPORTED, f"NOT SUPPORTED {vector.id}: {reason}"
    except (ValueError, OverflowError) as error:
        got = f"no value: {' '.join(str(error).split())[:300]}"
    told = f"{vector.id}: expected {_shown(_expected(vector))}, got {_shown(got)}"
    if vector.disagreement:
        return Outcome.DISAGREES, f"DISAGREES {told} ({vector.disagreement})"
    if got == _expected(vector):
        return Outcome.PASSED, ""
    return Outcome.FAILED, f"FAILED {told}"


def _expected(vector: Vector) -> object:
    try:
        return vector.expected
    except ValueError as error:
        return f"a time that can be read ({error})"


def _shown(values: object) -> str:
    if not isinstance(values, dict):
        return str(values)
    return ", ".join(f"{key.removeprefix('expected_')}={json.dumps(value)}" for key, value in values.items())


def read(path: Path) -> Json:
    """The document of a vector file. Raises: BadFile."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise BadFile(f"{path}: no JSON: {error}") from error
    errors = form_errors(document)
    if errors:
        raise BadFile("\n".join(f"{path}: {error}" for error in errors[:20]))
    return document  # type: ignore[no-any-return]


def run(paths: list[Path]) -> Iterator[tuple[Outcome | None, str]]:
    """The outcome and line of every vector; None and the reasons for a file that is none."""
    for path in paths:
        try:
            yield from map(meet, vectors_of(read(path)))
        except BadFile as error:
            yield None, f"BAD FILE {error}"


def main(arguments: list[str]) -> int:
    paths = [path for path in map(Path, arguments) if not is_schema(path)] if arguments else shipped()
    count: Counter[Outcome | None] = Counter()
    for outcome, line in run(paths):
        count[outcome] += 1
        if line:
            print(line)
    if count[Outcome.DISAGREES]:
        print(f"{count[Outcome.DISAGREES]} expected disagreements")
    print(
        f"{count[Outcome.PASSED]} passed, {count[Outcome.FAILED]} failed, "
        f"{count[Outcome.NOT_SUPPORTED]} not supported yet"
    )
    return 2 if count[None] else int(count[Outcome.FAILED] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
