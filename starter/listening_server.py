"""Serves an application on one port until the process is told to stop.

Part of the doors. It speaks plain HTTP: what faces the Internet is a proxy in front of it, which speaks TLS
and has limits of its own.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from starter.faults import Exit, Fault

MOST_AT_ONCE = 64
"""Calls at a time; more are answered 503."""

_HEADERS = 16 * 1024  # bytes
_ENDING = 12  # s for calls under way, more than one takes to be read


class _Server(uvicorn.Server):
    """The server, stopped by the signals every command of ours is stopped by, and ending as they do."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """This will stop listening at SIGTERM or SIGINT, and leave the exit code to the command."""
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGTERM, signal.SIGINT)
        for number in numbers:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


async def serve(app: ASGIApp, host: str, port: int) -> None:
    """This will answer until told to stop. Raises: Fault for a port that cannot be had."""
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_ENDING,
        h11_max_incomplete_event_size=_HEADERS,
    )
    with bound(host, port) as listener:
        await _Server(config).serve(sockets=[listener])


def bound(host: str, port: int) -> socket.socket:
    """This will take the port. Raises: Fault."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = f"nothing can listen on {host}:{port}: {error.strerror or error}"
        raise Fault(Exit.FAULT, "PortTaken", reason, "choose another --port or --host") from None
