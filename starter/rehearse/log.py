"""Reads a ticket log: CSV, plain or gzip, row by row, whatever is wrong with it.

Part of the rehearsals. It knows cells and lines and not what they mean. Only a file that is no log at all
ends a command; anything less is a problem of one row.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from starter.faults import usage
from starter.rehearse.problems import Problem, Unusable, problem

_GZIP = b"\x1f\x8b"


class Cells(NamedTuple):
    """One row: the line it ends on, and its cells by column."""

    line: int
    by_column: dict[str, str]


class Log:
    """A log opened for reading; its header is read at once. Raises: Fault (usage) where there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self._rows = self._read()
        first = next(self._rows, None)
        if first is None:
            raise usage(f"{self.name} is empty", "give a log with a header and rows")
        if isinstance(first[1], Problem):
            raise usage(
                f"{self.name}: {first[1].reason} ({first[1].detail})", "give a CSV file, plain or gzip"
            )
        self.header = tuple(cell.strip() for cell in first[1])

    def rows(self) -> Iterator[Cells | Problem]:
        """This will yield every row once, or the problem it is."""
        for line, cells in self._rows:
            if isinstance(cells, Problem):
                yield cells
            elif any(cells):
                yield self._shaped(line, cells)

    def _shaped(self, line: int, cells: list[str]) -> Cells | Problem:
        if len(cells) != len(self.header):
            return problem(
                Unusable.SHAPE, line, cells[0], f"{len(cells)} cells, the header has {len(self.header)}"
            )
        return Cells(line, {name: cell.strip() for name, cell in zip(self.header, cells, strict=True)})

    def _read(self) -> Iterator[tuple[int, list[str] | Problem]]:
        try:
            with self.path.open("rb") as raw:
                yield from _parsed(raw)
        except OSError as error:
            raise usage(f"{self.name}: {error.strerror or error}", "name a log that can be read") from None


def _parsed(raw: BinaryIO) -> Iterator[tuple[int, list[str] | Problem]]:
    """This will parse a file until its end or until it breaks off; bytes that are no UTF-8 become U+FFFD."""
    packed = raw.read(2) == _GZIP
    raw.seek(0)
    plain = gzip.GzipFile(fileobj=raw) if packed else raw
    reader = csv.reader(io.TextIOWrapper(plain, encoding="utf-8-sig", errors="replace", newline=""))
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, problem(Unusable.NOT_CSV, reader.line_num, detail=str(error))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield reader.line_num, problem(Unusable.FILE_ENDS, reader.line_num, detail=str(error))
            return
        else:
            yield reader.line_num, cells
