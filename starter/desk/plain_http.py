"""The little of HTTP a fake needs: one request a connection, and an answer that may be wrong on purpose.

For the desk and the tests. It listens on loopback only; a real server would not let
anybody hang up in the middle of an answer.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

_LONGEST = 256 * 1024  # bytes of a request's body


class Request(NamedTuple):
    """One request: path and query apart, names of headers in small letters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    """One answer; `hangs_up` and `says_nothing` are what a broken server does instead."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hangs_up: bool = False
    says_nothing: bool = False


Answering = Callable[[Request], Awaitable[Reply]]


def reply(status: int, value: object, **headers: str) -> Reply:
    """Answer with JSON; an underscore in the name of a header is a dash."""
    lines = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Reply(status, json.dumps(value).encode(), (("content-type", "application/json"), *lines))


class PlainServer:
    """Answer on a free port of loopback."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Hang up on everybody and stop listening."""
        self._released.set()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            request = await _read(reader)
            given = await self._answering(request) if request else Reply(400)
            if given.says_nothing:
                await self._released.wait()
            elif not given.hangs_up:
                writer.write(_bytes(given))
                await writer.drain()
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, _, rest = head[0].partition(" ")
    parts = urlsplit(rest.partition(" ")[0])
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): text.strip() for name, _, text in pairs}
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > _LONGEST:
        return None
    body = await reader.readexactly(int(length))
    return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body)


def _bytes(given: Reply) -> bytes:
    lines = [f"HTTP/1.1 {given.status} Said", f"Content-Length: {len(given.body)}", "Connection: close"]
    lines += [f"{name}: {text}" for name, text in given.headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + given.body
