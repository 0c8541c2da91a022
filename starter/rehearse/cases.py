"""Gathers the rows of a log into cases, each in order.

Part of the rehearsals. The order within a case is its sequence, or that of the file, from its end where that
lists the newest rows first; time may go back in it and is then taken with the row before.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from starter.rehearse.log import Cells
from starter.rehearse.problems import Mended, Problem, Unusable, problem
from starter.rehearse.rows import LogRow, RowReader

_NO_TIME = datetime(1990, 1, 1, tzinfo=UTC)

Note = Callable[[Problem], None]


MOST_ROWS = 1_000_000
"""Rows kept of one log (ours), of some 400 bytes each."""


class LogCase(NamedTuple):
    """One case of the log: its rows in order, at least one; times never go back, the opening comes first."""

    case: str
    rows: tuple[LogRow, ...]


class Collected(NamedTuple):
    """The rows of a log by case, cases in the order in which they first appear, and rows as they come.

    `newest_first`: the log lists them from its end.
    """

    by_case: dict[str, list[LogRow]]
    newest_first: bool = False

    def first_row(self, case: str) -> LogRow:
        """Return the row a case begins with."""
        rows = self.by_case[case]
        return min(rows[::-1] if self.newest_first else rows, key=_place)


def collect(entries: Iterable[Cells | Problem], reader: RowReader, note: Note) -> Collected:
    """Collect every usable row, up to the most that is kept of one log."""
    by_case: dict[str, list[LogRow]] = {}
    kept = 0
    for entry in entries:
        if isinstance(entry, Problem):
            note(entry)
        elif (row := reader.read(entry)) is None:
            continue
        elif kept == MOST_ROWS:
            note(problem(Unusable.TOO_MANY, row.line, row.case))
        else:
            kept += 1
            by_case.setdefault(row.case, []).append(row)
    return Collected(by_case, newest_first=_is_newest_first(by_case.values()))


def in_order(case: str, rows: list[LogRow], note: Note, *, newest_first: bool) -> LogCase:
    """Put the rows of a case in order, and mend what can be."""
    return LogCase(case, _in_order(rows[::-1] if newest_first else rows, note))


def _is_newest_first(cases: Iterable[list[LogRow]]) -> bool:
    """Tell whether the rows of most cases go back in time from line to line, where nothing numbers them."""
    forth = back = 0
    for rows in cases:
        for before, after in pairwise(rows):
            forth += before.at < after.at
            back += before.at > after.at
    return back > forth


def _in_order(rows: list[LogRow], note: Note) -> tuple[LogRow, ...]:
    kept: dict[tuple[object, ...], LogRow] = {}
    numbers: set[int] = set()
    for row in rows:
        said = row[1:]  # all but its line
        if said in kept:
            note(problem(Unusable.DUPLICATE, row.line, row.case, f"line {kept[said].line}"))
            continue
        if row.sequence is not None and row.sequence in numbers:
            note(problem(Mended.SAME_NUMBER, row.line, row.case, f"number {row.sequence}"))
        kept[said] = row
        if row.sequence is not None:
            numbers.add(row.sequence)
    ordered = sorted(kept.values(), key=_place)
    return _opened(_forward(ordered, note), note)


def _place(row: LogRow) -> tuple[int, datetime]:
    """Order rows by their numbers, and by time where they share one; without numbers as they come."""
    return (0, _NO_TIME) if row.sequence is None else (row.sequence, row.at)


def _forward(rows: list[LogRow], note: Note) -> list[LogRow]:
    """Let time stand still where it goes back."""
    latest = rows[0].at
    forward = []
    for row in rows:
        if row.at < latest:
            note(problem(Mended.TIME_BACK, row.line, row.case, f"{latest - row.at} back"))
        latest = max(latest, row.at)
        forward.append(row if row.at == latest else row._replace(at=latest))
    return forward


def _opened(rows: list[LogRow], note: Note) -> tuple[LogRow, ...]:
    """Settle when the case was opened: as its first row says, and never after it."""
    first = rows[0]
    if first.opened_at is None:
        note(problem(Mended.NO_OPENING, first.line, first.case))
    elif first.opened_at > first.at:
        note(problem(Mended.OPENING_LATER, first.line, first.case, f"{first.opened_at - first.at} after"))
    opened_at = min(first.opened_at or first.at, first.at)
    return (first._replace(opened_at=opened_at), *rows[1:])
