"""Serves an application on one port until the process is told to stop.

It speaks plain HTTP: what faces the Internet is a proxy in front of it, which speaks TLS
and has limits of its own.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from starter.door.faults import Fault, Kind
from starter.web.guard import LIMITS, Guard, Limits

_HEADERS = 16 * 1024  # bytes
_OTHER_PORT = "choose another --port or --host"
_ENDING = 12  # s for calls under way, more than one takes to be read


class _Server(uvicorn.Server):
    """The server, stopped by the signals every command of ours is stopped by, and ending as they do."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop listening at SIGTERM or SIGINT, and leave the exit code to the command."""
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGTERM, signal.SIGINT)
        for number in numbers:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


class _Guest(uvicorn.Server):
    """The server in a process that has other work, and answers signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield


@contextlib.asynccontextmanager
async def served_meanwhile(
    app: ASGIApp, host: str, port: int, remedy: str = _OTHER_PORT
) -> AsyncIterator[None]:
    """Answer for as long as the block lasts, beside what else runs. Raises: Fault."""
    with bound(host, port, remedy) as listener:
        server = _Guest(configured(app))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True
            await serving


async def serve(app: ASGIApp, host: str, port: int, limits: Limits = LIMITS) -> None:
    """Answer until told to stop. Raises: Fault for a port that cannot be had."""
    with bound(host, port) as listener:
        await _Server(configured(app, limits)).serve(sockets=[listener])


def configured(app: ASGIApp, limits: Limits = LIMITS) -> uvicorn.Config:
    """Return how every web door of ours is served."""
    guard = Guard(limits)
    return uvicorn.Config(
        guard.around(app),
        http=guard.protocol(),  # type: ignore[arg-type]  # called like the class it makes
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_ENDING,
        h11_max_incomplete_event_size=_HEADERS,
    )


def bound(host: str, port: int, remedy: str = _OTHER_PORT) -> socket.socket:
    """Take the port. Raises: Fault."""
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        reason = f"nothing can listen on {host}:{port}: {error.strerror or error}"
        raise Fault(Kind.FAULT, "PortTaken", reason, remedy) from None
    # A head and its body are two writes; the second would wait 40 ms for the client to have seen the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
