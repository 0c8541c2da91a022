"""Gathers the rows of a log into cases, each in order.

Part of the rehearsals. The order within a case is its sequence, or that of the file; time may go back in it
and is then taken with the row before.
"""

from collections.abc import Callable, Iterable

from domain.frozen import Frozen
from starter.rehearse.log import Cells
from starter.rehearse.problems import Mended, Problem, Unusable, problem
from starter.rehearse.rows import LogRow, RowReader

Note = Callable[[Problem], None]


class LogCase(Frozen):
    """One case of the log: its rows in order, at least one; times never go back, the opening comes first."""

    case: str
    rows: tuple[LogRow, ...]


def gather(entries: Iterable[Cells | Problem], reader: RowReader, note: Note) -> tuple[LogCase, ...]:
    """This will gather every usable row, cases in the order in which they first appear."""
    by_case: dict[str, list[LogRow]] = {}
    for entry in entries:
        if isinstance(entry, Problem):
            note(entry)
        elif (row := reader.read(entry)) is not None:
            by_case.setdefault(row.case, []).append(row)
    return tuple(LogCase(case=case, rows=_in_order(rows, note)) for case, rows in by_case.items())


def _in_order(rows: list[LogRow], note: Note) -> tuple[LogRow, ...]:
    kept: dict[object, LogRow] = {}
    for row in rows:
        key = row.sequence if row.sequence is not None else row.model_copy(update={"line": 0})
        if key in kept:
            note(problem(Unusable.DUPLICATE, row.line, row.case, f"line {kept[key].line}"))
        else:
            kept[key] = row
    ordered = sorted(kept.values(), key=lambda row: row.sequence or 0)
    return _opened(_forward(ordered, note), note)


def _forward(rows: list[LogRow], note: Note) -> list[LogRow]:
    """This will let time stand still where it goes back."""
    latest = rows[0].at
    forward = []
    for row in rows:
        if row.at < latest:
            note(problem(Mended.TIME_BACK, row.line, row.case, f"{latest - row.at} back"))
        latest = max(latest, row.at)
        forward.append(row.model_copy(update={"at": latest}))
    return forward


def _opened(rows: list[LogRow], note: Note) -> tuple[LogRow, ...]:
    """This will settle when the case was opened: as its first row says, and never after it."""
    first = rows[0]
    if first.opened_at is None:
        note(problem(Mended.NO_OPENING, first.line, first.case))
    elif first.opened_at > first.at:
        note(problem(Mended.OPENING_LATER, first.line, first.case, f"{first.opened_at - first.at} after"))
    opened_at = min(first.opened_at or first.at, first.at)
    return (first.model_copy(update={"opened_at": opened_at}), *rows[1:])
