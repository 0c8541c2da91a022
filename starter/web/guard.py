"""How long a connection may keep us waiting, and how many may: silence never closes a door to others.

Only a connection whose request is all here counts as a call. One that still waits to
speak, or speaks slowly, has a short time and may lose its place to a newer one; so the newest is always
heard, and `/health`, which is outside every limit, is always answered.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import h11
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HEALTH = "/health"
FILES = "/files"
"""How the path of a call ends that gives files, whichever door has it: it is given longer."""
_EVENTS = (b"content-type", b"text/event-stream; charset=utf-8")
_IS_STREAM = "sunrelay.is_stream"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True)
class Limits:
    """What a connection is given, in seconds, and how many there may be; house rules, all of them.

    `head` runs from the opening or the last answer; `body` is longer than a door takes to say itself that a
    body came too slowly, and so is `files` where files are given; `reading` is for whoever does not take our
    answer off the wire. Within its `grace` a connection loses its place to no other of its address: what asks
    at once is heard beside any crowd.
    """

    grace: float = 1.0
    head: float = 10.0
    body: float = 15.0
    files: float = 65.0
    reading: float = 30.0
    waiting_per_address: int = 32
    waiting: int = 512
    calls: int = 64


LIMITS = Limits()


@dataclass
class Guard:
    """Which connections wait for their client, the longest first, and which calls are being answered."""

    limits: Limits = LIMITS
    _waiting: dict["GuardedProtocol", float] = field(default_factory=dict)
    _calls: int = 0

    def protocol(self) -> Callable[..., asyncio.Protocol]:
        """Return what makes a connection this guard watches."""
        return partial(GuardedProtocol, self)

    def waits(self, connection: "GuardedProtocol") -> None:
        """Give a connection the newest place; of too many, those that waited longest lose theirs."""
        loop = connection.loop
        self._waiting[connection] = loop.time()
        self._make_room(connection.address, loop)
        loop.call_later(self.limits.grace, self._make_room, connection.address, loop)

    def _make_room(self, address: str, loop: asyncio.AbstractEventLoop) -> None:
        same = [other for other in self._waiting if other.address == address]
        for other in same[: max(0, len(same) - self.limits.waiting_per_address)]:
            if loop.time() - self._waiting[other] >= self.limits.grace:
                other.give_up()
        while len(self._waiting) > self.limits.waiting:
            next(iter(self._waiting)).give_up()

    def waits_no_more(self, connection: "GuardedProtocol") -> None:
        """Take a connection's place back."""
        self._waiting.pop(connection, None)

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application behind the limit of calls at a time; more are answered 503."""

        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == HEALTH:
                await app(scope, receive, send)
                return
            if self._calls >= self.limits.calls:
                await _busy(scope, receive, send)
                return
            call = _Call(self, scope, receive)
            try:
                await app(scope, call.receive, call.sends(send))
            finally:
                call.ends()

        return limited

    def counts(self, by: int) -> None:
        """Count a call that begins (1) or ends (-1)."""
        self._calls += by


class _Call:
    """One call: it counts from when its request is all here, for a slow body holds nobody else up."""

    def __init__(self, guard: Guard, scope: Scope, receive: Receive) -> None:
        self._guard = guard
        self._scope = scope
        self._receive = receive
        self._counted = 0
        if not {name for name, _ in scope["headers"]} & {b"content-length", b"transfer-encoding"}:
            self._begins()

    async def receive(self) -> Message:
        """Pass on a part of the request."""
        message = await self._receive()
        if not message.get("more_body", False):
            self._begins()
        return message

    def _begins(self) -> None:
        self._guard.counts(1 - self._counted)
        self._counted = 1

    def sends(self, send: Send) -> Send:
        """Return what passes the answer on; one that goes on and on holds no other up, and counts no more."""

        async def passed_on(message: Message) -> None:
            if message["type"] == "http.response.start" and _EVENTS in message.get("headers", ()):
                self._scope[_IS_STREAM] = True
                self.ends()
            await send(message)

        return passed_on

    def ends(self) -> None:
        """Count it no more."""
        self._guard.counts(-self._counted)
        self._counted = 0


class GuardedProtocol(H11Protocol):
    """One connection: it has so long to say what it wants, and so long to take its answer."""

    def __init__(self, guard: Guard, **settings: Any) -> None:
        super().__init__(**settings)
        self._guard = guard
        self._waits_for: object = None
        self._until: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    @property
    def address(self) -> str:
        """Who is at the other end."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._wait_for(None, 0)
        self.resume_writing()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Let an answer under way be finished; one without an end is ended, for its client asks again."""
        super().shutdown()
        if self.cycle is not None and self.scope.get(_IS_STREAM) and not self.transport.is_closing():
            self.transport.close()

    def pause_writing(self) -> None:
        """Wait for a client that does not take its answer, and not for long."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self._guard.limits.reading, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client takes its answer."""
        if self._stalled is not None:
            self._stalled.cancel()
        super().resume_writing()

    def give_up(self) -> None:
        """End a connection that keeps us waiting; one that had begun to speak is told so."""
        self._wait_for(None, 0)
        if self.transport.is_closing():
            return
        if self._is_owed_a_word():
            self.transport.write(_TOO_SLOW)
        self.transport.close()

    def _is_owed_a_word(self) -> bool:
        """Tell whether a request has begun that nothing was answered yet."""
        if self.conn.their_state is h11.SEND_BODY:
            return not self.cycle.response_started
        return bool(self.conn.trailing_data[0])

    def _look(self) -> None:
        """Wait for the rest of a head or of a body; a request that is all here keeps nobody waiting."""
        limits, theirs = self._guard.limits, self.conn.their_state
        if self.transport.is_closing():
            self._wait_for(None, 0)
        elif theirs is h11.IDLE:
            self._wait_for(theirs, limits.head)
        elif theirs is h11.SEND_BODY:
            self._wait_for(
                theirs, limits.files if gives_files(cast("Mapping[str, Any]", self.scope)) else limits.body
            )
        else:
            self._wait_for(None, 0)

    def _wait_for(self, what: object, seconds: float) -> None:
        if what is self._waits_for:
            return
        self._waits_for = what
        if self._until is not None:
            self._until.cancel()
        self._guard.waits_no_more(self)
        if what is not None:
            self._until = self.loop.call_later(seconds, self.give_up)
            self._guard.waits(self)


def gives_files(scope: Mapping[str, Any]) -> bool:
    """Tell whether a call is one with files: its path ends so."""
    path: str = scope["path"]
    return scope["method"] == "POST" and path.endswith(FILES)


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse("too many calls at once\n", 503, headers={"Retry-After": "1"})
    await answer(scope, receive, send)
