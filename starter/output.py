"""How a command speaks: results on standard output, everything else on standard error.

Part of the doors. Whatever came from outside is printed as plain text: markup is never read from it, and
characters that would steer a terminal are shown as escapes.
"""

import json
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TextIO

from starter.faults import Fault

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console, RenderableType

_PIPE_WIDTH = 160  # columns where nobody looks: wide enough for every table of ours


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class Color(StrEnum):
    """When colour is used; NO_COLOR is honoured unless `always` is asked for."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Output:
    """Prints results and notices in the format asked for."""

    def __init__(self, format_: Format = Format.TEXT, color: Color = Color.AUTO) -> None:
        self.format = format_
        self._color = color
        self.result = self._console(sys.stdout)
        self.notice = self._console(sys.stderr)

    def _console(self, file: TextIO) -> "Console":
        from rich.console import Console

        plain = self._color is Color.NEVER or (self._color is Color.AUTO and bool(os.environ.get("NO_COLOR")))
        width = None if file.isatty() or os.environ.get("COLUMNS") else _PIPE_WIDTH
        return Console(
            file=file,
            no_color=plain,
            force_terminal=True if self._color is Color.ALWAYS else None,
            width=width,
            markup=False,
            highlight=False,
            emoji=False,
        )

    @property
    def is_text(self) -> bool:
        """This will be true where people read the results."""
        return self.format is Format.TEXT

    def show(self, text: "RenderableType") -> None:
        """This will print something for people on standard output."""
        self.result.print(text, soft_wrap=isinstance(text, str))

    def record(self, record: "BaseModel | dict[str, Any]") -> None:
        """This will print one record as JSON: indented, or on one line for jsonl."""
        plain = record if isinstance(record, dict) else record.model_dump(mode="json")
        _write(sys.stdout, plain, self.format)

    def records(self, records: Iterable["BaseModel"]) -> None:
        """This will print a list: one JSON array, or one line a record for jsonl."""
        self.plain_records([record.model_dump(mode="json") for record in records])

    def plain_records(self, plain: list[dict[str, Any]]) -> None:
        """This will print a list of records that are plain already."""
        if self.format is Format.JSONL:
            for row in plain:
                _write(sys.stdout, row, self.format)
        else:
            _write(sys.stdout, plain, self.format)

    def say(self, text: str) -> None:
        """This will print a remark on standard error."""
        self.notice.print(printable(text), soft_wrap=True)

    def fault(self, fault: Fault) -> None:
        """This will print why a command ends, on one line: code, reason, what to do."""
        if not self.is_text:
            _write(sys.stderr, fault.as_record(), Format.JSONL)
            return
        missing = f" [{', '.join(fault.missing)}]" if fault.missing else ""
        remedy = f"; {fault.remedy}" if fault.remedy else ""
        self.say(f"{fault.end.name.lower().replace('_', ' ')}: {fault.code}: {fault.reason}{missing}{remedy}")


def _write(file: TextIO, value: Any, format_: Format) -> None:
    json.dump(value, file, ensure_ascii=False, indent=None if format_ is Format.JSONL else 2)
    file.write("\n")
    file.flush()


def printable(text: str) -> str:
    """This will show characters that steer a terminal or reorder a line as escapes; breaks and tabs stay."""
    return "".join(char if char.isprintable() or char in "\n\t" else f"\\u{ord(char):04x}" for char in text)


def counted(count: int, one: str, many: str = "") -> str:
    """This will say how many: `1 case`, `2 cases`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def moment(at: datetime | None) -> str:
    """This will write an instant in UTC to the minute: `2026-11-22 09:14Z`."""
    return "-" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")


def span(length: timedelta) -> str:
    """This will say a length of time in its two largest units: `3 h 12 min`, `2 d 4 h`, `50 s`."""
    seconds = abs(int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    units = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min")]
    while units[0][0] == 0:
        units = units[1:]
    return " ".join(f"{count} {unit}" for count, unit in units[:2] if count)


def until(at: datetime | None, now: datetime) -> str:
    """This will say how far an instant lies ahead or back: `in 3 h 12 min`, `50 s ago`."""
    if at is None:
        return "-"
    return f"in {span(at - now)}" if at >= now else f"{span(at - now)} ago"
