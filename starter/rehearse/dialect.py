"""How a log is written: its encoding, what stands between its cells, and which of its lines make up a row.

Part of the rehearsals. Nobody says any of it: it is read off the first 64 KiB, and told beside the result. A
row may have several lines, inside a cell in quotation marks; a mark that nobody closes is part of its cell.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

HEAD = 64 * 1024
"""Bytes of a log by which its form is found (ours)."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"))
_MARKS_16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BETWEEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAID = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
_MOST_LINES = 200
"""Lines of one row (ours): a mark that is not closed by then is none."""

_LONGEST_ROW = 1024 * 1024
"""Characters of one row of several lines (ours)."""

_OPEN_END = "unexpected end of data"


class Form(NamedTuple):
    """The encoding as Python names it, and the character between cells."""

    encoding: str
    between: str

    def __str__(self) -> str:
        """Say it: `UTF-16, semicolons`."""
        return f"{_SAID.get(self.encoding, self.encoding.upper())}, {_BETWEEN[self.between]}"


USUAL = Form("utf-8-sig", ",")


class Row(NamedTuple):
    """The cells of a row and the line it ends on. `is_mended`: a mark in it was not closed."""

    line: int
    cells: list[str]
    is_mended: bool = False
    fault: str | None = None


def encoding_of(head: bytes) -> str:
    """Name the encoding of a log by its first bytes: what its mark says, else what they can be read as."""
    for mark, name in (*_MARKS, *_MARKS_16):
        if head.startswith(mark):
            return name
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 8 and min(even, odd) * 8 < max(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.end == len(head) == HEAD
        has_any = any(byte >= 0x80 for byte in head) and not _mostly_utf8(head)
        return "cp1252" if has_any and not is_cut else "utf-8-sig"
    return "utf-8-sig"


def _mostly_utf8(head: bytes) -> bool:
    """Tell whether more characters beyond ASCII are UTF-8 than not: then the others are damage."""
    text = head.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - damaged > damaged


def between_of(line: str) -> str:
    """Return what stands between the cells of a header: whatever makes the most of them, else a comma."""
    if line.lower().startswith("sep=") and len(line.strip()) == 5 and line[4] in _BETWEEN:
        return line[4]
    counts = {char: len(next(csv.reader([line], delimiter=char), [])) for char in _BETWEEN}
    most = max(counts, key=lambda char: counts[char])
    return most if counts[most] > 1 else ","


def rows_of(lines: Iterable[str], between: str, first: int) -> Iterator[Row]:
    """Take lines apart into rows, from line number `first` on; the first row says how many cells each has."""
    ahead = _Lines(lines, first)
    width: int | None = None
    while (line := ahead.take()) is not None:
        row = _row(line, ahead, between, width)
        width = len(row.cells) if width is None else width
        yield row


class _Lines:
    """Lines that can be looked at before they are taken, and the number of the last one taken."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self._lines = iter(lines)
        self._seen: deque[str] = deque()
        self.number = first - 1

    def take(self) -> str | None:
        """Take the next line; None where there is none."""
        line = self._seen.popleft() if self._seen else next(self._lines, None)
        self.number += line is not None
        return line

    def look(self, after: int) -> str | None:
        """Look at a line further on; None where there is none."""
        while len(self._seen) <= after:
            if (line := next(self._lines, None)) is None:
                return None
            self._seen.append(line)
        return self._seen[after]

    def skip(self, count: int) -> None:
        """Take so many lines that were looked at."""
        for _ in range(count):
            self._seen.popleft()
        self.number += count


def _row(line: str, ahead: _Lines, between: str, width: int | None) -> Row:
    """Read the row that begins with a line, and take the lines that belong to it."""
    cells, fault = _cells(line, between)
    if fault is None:
        return Row(ahead.number, cells)
    if fault != _OPEN_END:
        return Row(ahead.number, cells, fault=fault)
    whole, taken = line, 0
    while taken < _MOST_LINES and (more := ahead.look(taken)) is not None:
        if len(whole) + len(more) > _LONGEST_ROW or (width is not None and _is_a_row(more, between, width)):
            break
        whole, taken = whole + more, taken + 1
        cells, fault = _cells(whole, between)
        if fault is None and width in (None, len(cells)):
            ahead.skip(taken)
            return Row(ahead.number, cells)
        if fault not in (None, _OPEN_END):
            break
    plain = [_without_marks(cell) for cell in line.rstrip("\r\n").split(between)]
    return Row(ahead.number, plain, is_mended=True)


def _without_marks(cell: str) -> str:
    is_closed = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if is_closed else cell


def _is_a_row(line: str, between: str, width: int) -> bool:
    """Tell whether a line is a row by itself: then a mark before it that is still open was none."""
    cells, fault = _cells(line, between)
    return fault is None and len(cells) == width and width > 1


def _cells(text: str, between: str) -> tuple[list[str], str | None]:
    """Return the cells of one row and what is wrong with them, an open end above all."""
    try:
        return next(csv.reader([text], delimiter=between, strict=True), []), None
    except csv.Error as error:
        if str(error) == _OPEN_END:
            return [], _OPEN_END
    try:
        return next(csv.reader([text], delimiter=between), []), None
    except csv.Error as error:
        return [], str(error)
