"""What is wrong with a row of a log: the reasons, and how they are counted.

Part of the rehearsals. A row that cannot be used is listed and never stops the rest; one that could be
mended is used and listed all the same.
"""

from collections.abc import Iterable
from enum import StrEnum

from domain.frozen import Frozen
from starter.door.plain import printable

EXAMPLES = 5
_DETAIL = 120  # characters of a cell shown; a cell may be a megabyte


class Unusable(StrEnum):
    """Why a row was left out."""

    NOT_CSV = "it cannot be read as CSV"
    FILE_ENDS = "the file breaks off"
    OPEN_MARK = "a quotation mark in it is not closed, and its cells cannot be told apart"
    SHAPE = "it has another number of cells than the header"
    NO_CASE = "it names no case"
    UNFIT_CASE = "its case id is no line of text"
    NO_TIME = "it has no time"
    BAD_TIME = "its time cannot be read"
    FAR_TIME = "its time lies outside 1990 to today"
    BAD_SEQUENCE = "its sequence is no number"
    DUPLICATE = "it repeats a row of its case"
    UNKNOWN_STATE = "its state has no meaning in the mapping"


class Mended(StrEnum):
    """What was put right in a row that was used."""

    OPEN_MARK = "a quotation mark in it is not closed: taken as part of its cell"
    SAME_NUMBER = "another row of its case has its number: taken beside it, by their times"
    TIME_BACK = "its time goes back: taken with the row before it"
    NO_OPENING = "no opening instant: opened with its first row"
    OPENING_LATER = "it opens after its first row: opened with it"
    UNKNOWN_RATING = "its rating is not in the mapping: left as it was"
    UNKNOWN_CHANNEL = "its channel is not in the mapping: taken as the other channels"
    BAD_COUNT = "its count of reopenings is no number: left as it was"
    UNKNOWN_COUNTRY = "its owner's country is not in the mapping: nobody knows where the owner sits"
    UNKNOWN_LINE = "its line of support is not in the mapping: left as it was"


class Problem(Frozen):
    """One row and what is wrong with it. `line` counts the lines of the file, the header is line 1."""

    reason: Unusable | Mended
    line: int
    case: str = ""
    detail: str = ""


class Tally(Frozen):
    """How often something was wrong, and the first few rows."""

    reason: str
    count: int
    examples: tuple[Problem, ...]


def problem(reason: Unusable | Mended, line: int, case: str = "", detail: str = "") -> Problem:
    """Note a problem, with what came from outside cut short and made printable."""
    return Problem(reason=reason, line=line, case=shown(case), detail=shown(detail))


def shown(cell: str) -> str:
    """Return a cell as it may be printed: at most 120 characters, none that steers a terminal."""
    short = cell if len(cell) <= _DETAIL else f"{cell[:_DETAIL]}... ({len(cell)} characters)"
    return printable(short)


def tallied(problems: Iterable[Problem]) -> tuple[Tally, ...]:
    """Count problems by reason, the most frequent first."""
    by_reason: dict[str, list[Problem]] = {}
    for one in problems:
        by_reason.setdefault(one.reason, []).append(one)
    tallies = [
        Tally(reason=reason, count=len(ones), examples=tuple(ones[:EXAMPLES]))
        for reason, ones in by_reason.items()
    ]
    return tuple(sorted(tallies, key=lambda tally: (-tally.count, tally.reason)))
