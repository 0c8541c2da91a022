"""How a command speaks: results on standard output, everything else on standard error.

Whatever came from outside is printed as plain text: markup is never read from it, and
characters that would steer a terminal are shown as escapes.
"""

import json
import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console, RenderableType

from starter.cli.exits import as_record, end_of, flags_for
from starter.cli.flags import Typed, with_flags
from starter.door.faults import Fault
from starter.door.plain import printable

if TYPE_CHECKING:
    from pydantic import BaseModel

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

    def __init__(
        self, format_: Format = Format.TEXT, color: Color = Color.AUTO, typed: Typed | None = None
    ) -> None:
        self.format = format_
        self._color = color
        self.typed = typed or {}
        self.result = self._console(sys.stdout)
        self.notice = self._console(sys.stderr)

    def _console(self, file: TextIO) -> Console:

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
        """Whether people read the results."""
        return self.format is Format.TEXT

    def show(self, text: RenderableType) -> None:
        """Print something for people on standard output."""
        self.result.print(text, soft_wrap=isinstance(text, str))

    def record(self, record: "BaseModel | dict[str, Any]") -> None:
        """Print one record as JSON: indented, or on one line for jsonl."""
        plain = record if isinstance(record, dict) else record.model_dump(mode="json")
        _write(sys.stdout, plain, self.format)

    def records(self, records: Iterable["BaseModel"]) -> None:
        """Print a list: one JSON array, or one line a record for jsonl."""
        self.plain_records([record.model_dump(mode="json") for record in records])

    def plain_records(self, plain: list[dict[str, Any]]) -> None:
        """Print a list of records that are plain already."""
        if self.format is Format.JSONL:
            for row in plain:
                _write(sys.stdout, row, self.format)
        else:
            _write(sys.stdout, plain, self.format)

    def say(self, text: str) -> None:
        """Print a remark on standard error."""
        self.notice.print(printable(text), soft_wrap=True)

    def fault(self, fault: Fault) -> None:
        """Print why a command ends, on one line: code, reason, what to do."""
        record = as_record(fault, self.typed)
        if not self.is_text:
            _write(sys.stderr, record, Format.JSONL)
            return
        for line in fault.lines:
            self.say(line)
        flags = flags_for(fault, self.typed)
        missing = f" [{with_flags(fault.fields, flags)}]" if fault.fields else ""
        remedy = f"; {record['remedy']}" if "remedy" in record else ""
        end = end_of(fault).name.lower().replace("_", " ")
        self.say(f"{end}: {fault.code}: {record['reason']}{missing}{remedy}")


def _write(file: TextIO, value: Any, format_: Format) -> None:
    json.dump(value, file, ensure_ascii=False, indent=None if format_ is Format.JSONL else 2)
    file.write("\n")
    file.flush()
