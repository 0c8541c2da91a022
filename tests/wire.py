"""A wire to a server that a test can hold back or cut: real TCP, and the server knows nothing of it."""

import asyncio
import contextlib
from typing import Self


class Wire:
    """Passes on what is said, both ways; while it is held, no answer comes through."""

    def __init__(self, to: str) -> None:
        self._host, _, port = to.partition(":")
        self._to = int(port)
        self._port = 0
        self._flows = asyncio.Event()
        self._flows.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def hold(self) -> None:
        """Let no answer through."""
        self._flows.clear()

    def release(self) -> None:
        """Let through what was held, and all that follows."""
        self._flows.set()

    async def cut(self) -> None:
        """End every connection, and take no new one."""
        self._server.close()
        for one in self._ends:
            one.transport.abort()
        self._ends.clear()

    async def mend(self) -> None:
        """Take connections again, at the same address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.release()
        await self.cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asks = await asyncio.open_connection(self._host, self._to)
        self._ends |= {writer, asks}
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(self._pass_on(reader, asks), self._pass_on(answers, writer, self._flows))

    async def _pass_on(
        self, said: asyncio.StreamReader, to: asyncio.StreamWriter, flows: asyncio.Event | None = None
    ) -> None:
        while part := await said.read(65536):
            if flows is not None:
                await flows.wait()
            to.write(part)
            await to.drain()
        to.close()
