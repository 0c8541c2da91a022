"""What is wrong with a row of a log: the reasons, and how they are counted.

Part of the rehearsals. A row that cannot be used is listed and never stops the rest; one that could be
mended is used and listed all the same.
"""

from collections import Counter
from collections.abc import Container
from enum import StrEnum

from domain.frozen import Frozen
from starter.door.plain import printable

EXAMPLES = 5
_CASES_APART = 10_000
_DETAIL = 120  # characters of a cell shown; a cell may be a megabyte


class Unusable(StrEnum):
    """Why a row was left out."""

    NOT_CSV = "it cannot be read as CSV"
    FILE_ENDS = "the file breaks off"
    LONG_LINE = "its line is longer than 256 KiB"
    TOO_LONG = "the file goes on beyond what is read of one log, 4 GiB and 10 million lines"
    TOO_MANY = "it comes after the first million rows, which are all that is kept of one log"
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
    NO_OFFSET = (
        "its time has no offset, although others of the log have: taken as local time of the mapping's zone"
    )
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


class Tallies:
    """Problems counted by reason, with the first few of each; memory is bounded, however bad a log is.

    With `by_case` they are counted for each case apart, so that those of some cases can be told (`of`): up to
    so many cases, beyond which they count for the log as a whole.
    """

    def __init__(self, *, by_case: bool = False) -> None:
        self._by_case = by_case
        self._counts: dict[str, dict[Unusable | Mended, int]] = {}
        self._examples: dict[str, dict[Unusable | Mended, list[Problem]]] = {}
        self.first: Problem | None = None

    def note(self, problem: Problem) -> None:
        """Count one."""
        self.first = self.first or problem
        self._add(problem.case if self._by_case else "", problem.reason, 1, [problem])

    def add(self, other: "Tallies") -> None:
        """Count what others have noted, after what was noted here."""
        self.first = self.first or other.first
        for case, counts in other._counts.items():
            for reason, count in counts.items():
                self._add(case, reason, count, other._examples[case][reason])

    def of(self, cases: Container[str]) -> "Tallies":
        """Return those of some cases, and those that belong to none."""
        chosen = Tallies()
        for case, counts in self._counts.items():
            if not case or case in cases:
                for reason, count in counts.items():
                    chosen._add("", reason, count, self._examples[case][reason])
        return chosen

    def tallied(self, reasons: type[Unusable] | type[Mended]) -> tuple[Tally, ...]:
        """Return the counts of one sort of reasons, the most frequent first."""
        counts: Counter[Unusable | Mended] = Counter()
        examples: dict[Unusable | Mended, list[Problem]] = {}
        for case, by_reason in self._counts.items():
            counts.update(by_reason)
            for reason in by_reason:
                examples.setdefault(reason, []).extend(self._examples[case][reason])
        tallies = [
            Tally(reason=reason, count=count, examples=tuple(examples[reason][:EXAMPLES]))
            for reason, count in counts.items()
            if isinstance(reason, reasons)
        ]
        return tuple(sorted(tallies, key=lambda tally: (-tally.count, tally.reason)))

    @property
    def unusable(self) -> int:
        """How many rows were left out."""
        return sum(tally.count for tally in self.tallied(Unusable))

    def _add(self, case: str, reason: Unusable | Mended, count: int, examples: list[Problem]) -> None:
        if case not in self._counts and len(self._counts) >= _CASES_APART:
            case = ""
        counts = self._counts.setdefault(case, {})
        counts[reason] = counts.get(reason, 0) + count
        kept = self._examples.setdefault(case, {}).setdefault(reason, [])
        kept.extend(examples[: EXAMPLES - len(kept)])
