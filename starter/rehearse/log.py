"""Reads a ticket log: CSV, plain or gzip, row by row, whatever is wrong with it.

Part of the rehearsals. It knows cells and lines and not what they mean. Only a file that is no log at all
ends a command; anything less is a problem of one row.
"""

import gzip
import io
import itertools
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from starter.door.faults import usage
from starter.rehearse.dialect import HEAD, USUAL, Form, Row, between_of, encoding_of, rows_of
from starter.rehearse.problems import Mended, Problem, Unusable, problem

SAMPLE = Path(str(files("starter.rehearse").joinpath("sample", "uci_servicenow_incidents_sample.csv.gz")))
"""334 incidents of a real desk, which come along; whose they are is told beside the file."""

_Bytes = io.BufferedReader | gzip.GzipFile
_BREAKS_OFF = (EOFError, zlib.error, gzip.BadGzipFile)
_GZIP = b"\x1f\x8b"

_LONGEST_LINE = 256 * 1024
"""Characters of one line (ours); the rest of it is passed over, and memory stays bounded."""

MOST_CHARACTERS = 4 * 1024**3
MOST_LINES = 10_000_000
"""What is read of one log (ours): ten times what is kept of it, and the end of what unpacks without end."""


class Cells(NamedTuple):
    """One row: the line it ends on, and its cells by column."""

    line: int
    by_column: dict[str, str]


class Log:
    """A log opened for reading; its header is read at once. Raises: Fault (usage) where there is none.

    `form` is how it is written; of `columns` alone cells are handed on, of all where it is None. `note` hears
    of rows that were mended, and of lines that are none.
    """

    def __init__(self, path: Path, note: Callable[[Problem], None] = lambda _: None) -> None:
        self.path = path
        self.name = path.name
        self.form = USUAL
        self.columns: frozenset[str] | None = None
        self._note = note
        self._rows = self._read()
        first = next(self._rows, None)
        if first is None:
            raise usage(f"{self.name} is empty", "give a log with a header and rows")
        if isinstance(first, Problem):
            raise usage(f"{self.name}: {first.reason} ({first.detail})", "give a CSV file, plain or gzip")
        self.header = tuple(cell.strip() for cell in first.cells)

    def rows(self) -> Iterator[Cells | Problem]:
        """Yield every row once, or the problem it is."""
        for row in self._rows:
            if isinstance(row, Problem):
                yield row
            elif any(row.cells):
                yield self._shaped(row)

    def _shaped(self, row: Row) -> Cells | Problem:
        cells = row.cells
        if len(cells) != len(self.header):
            detail = f"{len(cells)} cells, the header has {len(self.header)}"
            if row.is_mended:
                return problem(Unusable.OPEN_MARK, row.line, cells[0], detail)
            return problem(Unusable.SHAPE, row.line, cells[0], detail)
        if row.is_mended:
            self._note(problem(Mended.OPEN_MARK, row.line, cells[0]))
        named = zip(self.header, cells, strict=True)
        wanted = self.columns
        return Cells(row.line, {name: cell.strip() for name, cell in named if not wanted or name in wanted})

    def _read(self) -> Iterator[Row | Problem]:
        try:
            with self.path.open("rb") as raw:
                yield from self._parsed(raw)
        except OSError as error:
            raise usage(f"{self.name}: {error.strerror or error}", "name a log that can be read") from None

    def _parsed(self, raw: io.BufferedReader) -> Iterator[Row | Problem]:
        """Parse a file until its end or until it breaks off; bytes that are no text become U+FFFD."""
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        lines = _Numbered(gzip.GzipFile(fileobj=raw) if packed else raw, self._note)
        try:
            first = lines.first()
            self.form = Form(lines.encoding, between_of(first))
            if first.lower().startswith("sep="):
                first = lines.first()
            begun = lines.number
            for row in rows_of(itertools.chain([first], lines), self.form.between, begun):
                yield problem(Unusable.NOT_CSV, row.line, detail=row.fault) if row.fault else row
        except StopIteration:
            pass  # not a line that says anything
        if lines.broke_off is not None:
            yield problem(Unusable.FILE_ENDS, lines.number, detail=lines.broke_off)
        if lines.is_cut:
            yield problem(Unusable.TOO_LONG, lines.number)


class _Numbered:
    """The lines of a file in its encoding, and why they end where that is not the end of the file.

    A line that is too long is passed over and noted.
    """

    def __init__(self, plain: _Bytes, note: Callable[[Problem], None]) -> None:
        self._lines = self._text(plain)
        self._note = note
        self._read = 0
        self.number = 0
        self.is_cut = False
        self.encoding = "utf-8-sig"
        self.broke_off: str | None = None

    def first(self) -> str:
        """Return the next line that says something. Raises: StopIteration where there is none."""
        return next(line for line in self if line.strip("\ufeff \t\r\n"))

    def __iter__(self) -> Iterator[str]:
        """Go on from the line after the last."""
        return self

    def __next__(self) -> str:
        """Return the next line with its end. Raises: StopIteration."""
        line = next(self._lines)
        self.number += 1
        self._read += len(line)
        if self.number > MOST_LINES or self._read > MOST_CHARACTERS:
            self.is_cut = True
            raise StopIteration
        return line

    def _text(self, plain: _Bytes) -> Iterator[str]:
        head = _head_of(plain)
        self.encoding = encoding_of(head)
        try:
            whole = io.BufferedReader(_After(head, plain))
            text = io.TextIOWrapper(whole, encoding=self.encoding, errors="replace", newline="")
            while line := text.readline(_LONGEST_LINE):
                if len(line) < _LONGEST_LINE or line.endswith("\n"):
                    yield line
                else:
                    self._pass_over(text)
        except _BREAKS_OFF as error:
            self.broke_off = str(error)

    def _pass_over(self, text: io.TextIOWrapper) -> None:
        """Go on to the end of a line that is too long."""
        self.number += 1
        while part := text.readline(_LONGEST_LINE):
            self._read += len(part)
            if part.endswith("\n") or self._read > MOST_CHARACTERS:
                break
        self._note(problem(Unusable.LONG_LINE, self.number))


def _head_of(plain: _Bytes) -> bytes:
    """Return the first bytes, as many as there are; what breaks off does so again when it is read on."""
    head = b""
    with suppress(*_BREAKS_OFF):
        while len(head) < HEAD and (more := plain.read1(HEAD - len(head))):
            head += more
    return head


class _After(io.RawIOBase):
    """What was read ahead of a file, and then the file."""

    def __init__(self, head: bytes, rest: _Bytes) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, room: Any) -> int:
        """Fill as much of the room as is there at once."""
        data = self._head.read(len(room)) or self._rest.read1(len(room))
        room[: len(data)] = data
        return len(data)
