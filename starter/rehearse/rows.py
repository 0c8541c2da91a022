"""Reads what a row says, by the mapping: one record for each row that can be used.

Part of the rehearsals. Cells are strings from outside; after this they are instants, ratings and counts.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.actor import Tier
from domain.text import Line
from domain.time.local_time import LocalZone
from policies.zones import local_zone
from starter.rehearse.log import Cells
from starter.rehearse.mapping import LogMapping
from starter.rehearse.problems import Mended, Problem, Tallies, Unusable, problem

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_COUNT_DIGITS = 9
_INSTANTS_KEPT = 16_384
_LINES_KEPT = 16_384
_LINE: TypeAdapter[str] = TypeAdapter(Line)
_BETWEEN = " / "  # the parts of a state
T = TypeVar("T")


class LogRow(NamedTuple):
    """One row as the mapping reads it. `at` and `opened_at` are UTC; None is what the log does not say."""

    line: int
    case: str
    sequence: int | None
    at: datetime
    state: str
    opened_at: datetime | None = None
    impact: str | None = None
    urgency: str | None = None
    channel: str = ""
    group: str | None = None
    speaker: str | None = None
    reopenings: int | None = None
    country: str | None = None
    support_line: str | None = None
    tier: Tier | None = None
    problem_kind: str | None = None


class _Unreadable(Exception):
    def __init__(self, reason: Unusable, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class RowReader:
    """Read rows; problems, of rows left out and of rows mended, go to `note`."""

    def __init__(self, mapping: LogMapping, now: datetime, note: Callable[[Problem], None]) -> None:
        self._mapping = mapping
        self._columns = mapping.columns
        self._zone: LocalZone = local_zone(mapping.zone, _EARLIEST, now)
        self._latest = now
        self._note = note
        self._instants = lru_cache(maxsize=_INSTANTS_KEPT)(self._read_instant)
        self._seen_offsets: set[bool] = set()
        self._without_offset = Tallies()

    def read(self, cells: Cells) -> LogRow | None:
        """Read a row, or note why it cannot be used and return None."""
        seen = cells.by_column
        case = seen[self._columns.case]
        try:
            return self._row(cells.line, case, seen)
        except _Unreadable as error:
            self._note(problem(error.reason, cells.line, case, error.detail))
            return None

    def _row(self, line: int, case: str, seen: dict[str, str]) -> LogRow:
        columns = self._columns
        if not case:
            raise _Unreadable(Unusable.NO_CASE)
        if _line(case) is None:
            raise _Unreadable(Unusable.UNFIT_CASE)
        state = _BETWEEN.join(seen[part] for part in columns.state_parts)
        if state not in self._mapping.states:
            raise _Unreadable(Unusable.UNKNOWN_STATE, state)
        return LogRow(
            line=line,
            case=intern(case),
            sequence=self._sequence(seen),
            at=self._time(line, case, seen[columns.time]),
            state=intern(state),
            opened_at=self._opened(seen),
            impact=self._known(line, case, columns.impact, self._mapping.ratings.impact, seen),
            urgency=self._known(line, case, columns.urgency, self._mapping.ratings.urgency, seen),
            channel=_cell(seen, columns.channel),
            group=_line(_cell(seen, columns.group)),
            speaker=_line(_cell(seen, columns.speaker)),
            reopenings=self._reopenings(line, case, seen),
            country=self._country(line, case, seen),
            support_line=_line(_cell(seen, columns.line)),
            tier=self._known(line, case, columns.line, self._mapping.lines, seen, Mended.UNKNOWN_LINE),
            problem_kind=_line(_cell(seen, columns.problem_kind)),
        )

    def _sequence(self, seen: dict[str, str]) -> int | None:
        if self._columns.sequence is None:
            return None
        number = _count(seen[self._columns.sequence])
        if number is None:
            raise _Unreadable(Unusable.BAD_SEQUENCE, seen[self._columns.sequence])
        return number

    def _reopenings(self, line: int, case: str, seen: dict[str, str]) -> int | None:
        cell = _cell(seen, self._columns.reopenings)
        number = _count(cell)
        if number is None and cell:
            self._note(problem(Mended.BAD_COUNT, line, case, cell))
        return number

    def _country(self, line: int, case: str, seen: dict[str, str]) -> str | None:
        """Name the country of the owner as the mapping has it; a log spells it in many ways."""
        cell = _cell(seen, self._columns.country)
        name = cell.casefold()
        if name in self._mapping.countries:
            return name
        if cell:
            self._note(problem(Mended.UNKNOWN_COUNTRY, line, case, f"{self._columns.country}: {cell}"))
        return None

    def _known(
        self,
        line: int,
        case: str,
        column: str | None,
        meanings: Mapping[str, T],
        seen: dict[str, str],
        otherwise: Mended = Mended.UNKNOWN_RATING,
    ) -> T | None:
        """Say what a cell means by the mapping's table, or note that it is not in it."""
        cell = _cell(seen, column)
        if cell and cell not in meanings:
            self._note(problem(otherwise, line, case, f"{column}: {cell}"))
        return meanings.get(cell)

    def _opened(self, seen: dict[str, str]) -> datetime | None:
        for column in self._columns.opened:
            try:
                return self._instant(seen[column])
            except _Unreadable:
                continue
        return None

    def mixed(self) -> Tallies:
        """Return the rows without an offset where others of the log have one: two zones are in it."""
        return self._without_offset if len(self._seen_offsets) > 1 else Tallies()

    def _time(self, line: int, case: str, cell: str) -> datetime:
        at, has_offset = self._instants(cell)
        self._seen_offsets.add(has_offset)
        if not has_offset:
            self._without_offset.note(Problem(reason=Mended.NO_OFFSET, line=line, case=case, detail=cell))
        return at

    def _instant(self, cell: str) -> datetime:
        return self._instants(cell)[0]

    def _read_instant(self, cell: str) -> tuple[datetime, bool]:
        """Read a time, with its own offset or as local time of the mapping's zone, and say which."""
        if not cell:
            raise _Unreadable(Unusable.NO_TIME)
        try:
            written = self._written(cell)
            at = self._zone.to_utc(written) if written.tzinfo is None else written.astimezone(UTC)
        except (ValueError, OverflowError):
            raise _Unreadable(Unusable.BAD_TIME, cell) from None
        if not _EARLIEST <= at <= self._latest:
            raise _Unreadable(Unusable.FAR_TIME, cell)
        return at.replace(microsecond=0), written.tzinfo is not None

    def _written(self, cell: str) -> datetime:
        if self._mapping.time_format is None:
            return datetime.fromisoformat(cell)
        return datetime.strptime(cell, self._mapping.time_format)  # noqa: DTZ007  (its zone is the mapping's)


def _cell(seen: dict[str, str], column: str | None) -> str:
    return "" if column is None else seen[column]


@lru_cache(maxsize=_LINES_KEPT)
def _line(cell: str) -> str | None:
    """Return a cell that is fit for ids and texts, or None."""
    try:
        return _LINE.validate_python(cell)
    except ValidationError:
        return None


def _count(cell: str) -> int | None:
    """Read a whole number of at most nine digits, or None."""
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= _COUNT_DIGITS else None
