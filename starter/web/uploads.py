"""Files and fields of a form as they come in, `multipart/form-data`: written down while they are read.

Nothing but a few short fields is held in memory. What is too much is counted and thrown away, within reason,
so that its sender hears everything that is wrong; whatever nobody keeps is gone when the call ends.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from domain.uploads import MOST_BYTES
from starter.door.reception import Reception
from starter.door.session import Session
from starter.web.request_bytes import Unread

WITHIN = 60.0  # s
_MOST_READ = 4 * MOST_BYTES
"""Of more than this not even the rest is thrown away."""

_MOST_FIELDS = 64 * 1024  # bytes of all fields
_MOST_PARTS = 200
_MOST_HEAD = 32 * 1024  # bytes; a name may be long, and is refused as one
_AT_A_TIME = 256 * 1024  # bytes; so many wait for the disk


@dataclass
class UploadForm:
    """What came: files on the disk, and fields by name."""

    files: Reception
    fields: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def uploaded(request: Request, session: Session, within: float = WITHIN) -> AsyncIterator[UploadForm]:
    """Read a form with files, which are gone at the end unless they were kept. Raises: Unread; Fault.

    Unread: it came too slowly (408), not at all (400), as something else (415), or is beyond reason (413).
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
        raise Unread(415, 0)
    with Reception(session) as files:
        form = UploadForm(files)
        await _Reading(form, boundary).read(request, time.monotonic() + within)
        yield form


class _Reading:
    """One form being read: the parser says what begins and ends, and what it has goes to the disk in lots."""

    def __init__(self, form: UploadForm, boundary: bytes) -> None:
        self._form = form
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._head_ends,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
                "on_end": self._ends,
            },
            max_header_count=20,
            max_header_size=_MOST_HEAD,
        )
        self._size = self._parts = self._of_fields = self._waiting = 0
        self._is_whole = False
        self._head: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._field: str | None = None
        self._text = b""
        self._lot: list[tuple[str, str | None] | bytes] = []
        self._is_file = False

    async def read(self, request: Request, until: float) -> None:
        """Read all of it by an instant of the monotonic clock. Raises: Unread; Fault."""
        parts = request.stream()
        try:
            while True:
                async with asyncio.timeout(max(0.0, until - time.monotonic())):
                    part = await anext(parts, None)
                if part is None:
                    break
                self._take(part)
                if self._waiting >= _AT_A_TIME:
                    await self._written()
        except TimeoutError:
            raise Unread(408, self._size) from None
        except (ClientDisconnect, FormParserError):
            raise Unread(400, self._size) from None
        await self._written()
        if not self._is_whole:
            raise Unread(400, self._size)

    def _take(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > _MOST_READ:
            raise Unread(413, self._size)
        if part:
            self._parser.write(part)

    async def _written(self) -> None:
        """Bring what waits to the disk; a call that is given up meanwhile waits for the end of it."""
        lot, self._lot, self._waiting = self._lot, [], 0
        writing = asyncio.ensure_future(asyncio.to_thread(_write, self._form.files, lot))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])
            raise

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise Unread(413, self._size)
        self._head, self._text = {}, b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        self._head[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _head_ends(self) -> None:
        """See what a part is: a file, a field, or a place for a file in which nobody put one."""
        _, options = parse_options_header(self._head.get(b"content-disposition"))
        name = options.get(b"filename")
        self._field = options.get(b"name", b"").decode("utf-8", "replace") if name is None else None
        self._is_file = bool(name)
        if name:
            claimed = self._head.get(b"content-type", b"").decode("latin-1") or None
            self._lot.append((name.decode("utf-8", "replace"), claimed))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._lot.append(data[start:end])
            self._waiting += end - start
        elif self._field is not None:
            self._of_fields += end - start
            if self._of_fields > _MOST_FIELDS:
                raise Unread(413, self._size)
            self._text += data[start:end]

    def _part_ends(self) -> None:
        if self._field:
            self._form.fields[self._field] = self._text.decode("utf-8", "replace")

    def _ends(self) -> None:
        self._is_whole = True


def _write(files: Reception, lot: list[tuple[str, str | None] | bytes]) -> None:
    for one in lot:
        if isinstance(one, bytes):
            files.write(one)
        else:
            files.begin(*one)
