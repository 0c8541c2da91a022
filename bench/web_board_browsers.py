"""Browsers at the board of a desk: signed in by a link, loading pages, and hearing what changes.

They cost as little as they can, for they run beside what they measure.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from secrets import token_urlsafe

from activities.people.browser_sessions import BrowserSessions, SignInLink
from activities.people.credentials import Credentials
from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.people import Person

_HERE = "127.0.0.1"
_OPENING = 16  # streams opened at a time
_READ = 65_536  # bytes
ROW = re.compile(rb'<tr role="row" data-n="[^"]+"')
"""How a case begins in a page."""

_NEXT = re.compile(r'<a href="([^"]+)" rel="next">')


class Browser:
    """One person's; its pages come over one connection for each thread, which stays open."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self.cookie = cookie
        self._kept = threading.local()

    def load(self, path: str) -> bytes:
        """Load a page as a browser without scripts does. Raises: RuntimeError for any but a good one."""
        if not hasattr(self._kept, "connection"):
            self._kept.connection = HTTPConnection(_HERE, self._port, timeout=60)
        connection: HTTPConnection = self._kept.connection
        try:
            connection.request("GET", path, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
        except (RemoteDisconnected, ConnectionError):  # idle for longer than the door keeps one
            connection.close()
            connection.request("GET", path, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
        page = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered {answer.status}: {page[:500]!r}")
        return page

    def next_page(self, path: str) -> str:
        """Return where a list goes on; nowhere is where it was."""
        found = _NEXT.search(self.load(path).decode())
        return found[1].replace("&amp;", "&") if found else path


async def browsers(store: CaseStore, port: int, people: Sequence[Actor], under: str = "") -> list[Browser]:
    """Let people in, and sign each in by a link `under` the address of their pages."""
    now, found = datetime.now(UTC), []
    for one in people:
        assert one.name is not None
        assert one.role is not None
        person = Person(name=one.name, role=one.role, region=one.region, tenant=one.tenant)
        await Credentials(store).put(person, "bench", now)
        secret = token_urlsafe()
        link = SignInLink(
            person=person.name, made_at=now, made_by="bench", expires_at=now + timedelta(minutes=15)
        )
        await BrowserSessions(store).add_link(sha256(secret.encode()).hexdigest(), link)
        found.append(await asyncio.to_thread(_sign_in, port, f"{under}/link/{secret}"))
    return found


def _sign_in(port: int, path: str) -> Browser:
    connection = HTTPConnection(_HERE, port, timeout=60)
    headers = {"Origin": f"http://{_HERE}:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, "", headers)
    answer: HTTPResponse = connection.getresponse()
    answer.read()
    connection.close()
    cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
    if answer.status != 303 or not cookie:
        raise RuntimeError(f"nobody was signed in: {answer.status}")
    return Browser(port, cookie)


@dataclass
class Heard:
    """What came over one stream since it was opened: bytes, and the sizes of what told of changes."""

    size: int = 0
    events: int = 0
    is_over: bool = False
    said: list[bytes] = field(default_factory=list)


class Streams:
    """Streams that are open; what comes is counted, and kept where `keeps`."""

    def __init__(self, port: int, *, keeps: bool = False) -> None:
        self._port = port
        self._keeps = keeps
        self._listening: list[asyncio.Task[None]] = []
        self.heard: list[Heard] = []

    async def open(self, asked: Sequence[tuple[Browser, str]]) -> None:
        """Open a stream of each path; return when each has said its first word."""
        turn = asyncio.Semaphore(_OPENING)

        async def one(browser: Browser, path: str) -> None:
            async with turn:
                since = int(datetime.now(UTC).timestamp())
                reader, writer = await asyncio.open_connection(_HERE, self._port)
                writer.write(
                    f"GET {path}since={since} HTTP/1.1\r\nHost: {_HERE}:{self._port}\r\n"
                    f"Accept: text/event-stream\r\nCookie: {browser.cookie}\r\n\r\n".encode()
                )
                head = await reader.readuntil(b"\r\n\r\n")
                if b" 200 " not in head.partition(b"\r\n")[0]:
                    raise RuntimeError(f"a stream was refused: {head!r}")
                await reader.readuntil(b"data: ")
            heard = Heard()
            self.heard.append(heard)
            self._listening.append(asyncio.create_task(self._listen(reader, writer, heard)))

        await asyncio.gather(*(one(browser, path) for browser, path in asked))

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: Heard) -> None:
        try:
            while data := await reader.read(_READ):
                heard.size += len(data)
                heard.events += data.count(b"data: ")
                if self._keeps:
                    heard.said.append(data)
        finally:
            heard.is_over = True
            writer.close()

    async def close(self) -> None:
        """Close them all."""
        for one in self._listening:
            one.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)


@asynccontextmanager
async def streams(
    port: int, asked: Sequence[tuple[Browser, str]], *, keeps: bool = False
) -> AsyncIterator[Streams]:
    """Keep streams open for as long as the block lasts."""
    found = Streams(port, keeps=keeps)
    try:
        await found.open(asked)
        yield found
    finally:
        await found.close()
