"""Transactions that write to one SQLite file: those that wait for each other share one commit.

SQLite has one writer, and a commit waits for the disk. Whoever comes while another writes joins that
transaction, behind a savepoint of their own, and is told once all of it is on disk. Who fails undoes only
what is theirs; where the commit fails, everybody learns it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_MOST = 16
"""Writers in one transaction (ours): another process waits for as long as it takes."""


class _Shared:
    """A transaction under way, and how many have written in it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._manager = engine.begin()
        self.writers = 0
        self.connection: AsyncConnection
        self.on_disk: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.on_disk.add_done_callback(_is_known)

    async def begin(self) -> None:
        self.connection = await self._manager.__aenter__()

    async def commit(self) -> None:
        """Never raises: whoever waits for `on_disk` learns it."""
        try:
            await self._manager.__aexit__(None, None, None)
        except BaseException as error:
            self.on_disk.set_exception(error)
        else:
            self.on_disk.set_result(None)

    async def undo(self, error: BaseException) -> None:
        await self._manager.__aexit__(type(error), error, error.__traceback__)


class SharedCommits:
    """The transactions of one engine, in the order in which they were asked for."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._open: _Shared | None = None
        self._commits: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Write, all or nothing, and go on when it is on disk."""
        async with self._turn:
            shared = self._open
            if shared is None:
                shared = _Shared(self._engine)
                await shared.begin()
                try:
                    yield shared.connection
                except BaseException as error:
                    await shared.undo(error)
                    raise
                self._open = shared
            else:
                async with shared.connection.begin_nested():
                    yield shared.connection
            shared.writers += 1
            if shared.writers == 1:
                # It takes its turn behind those who wait already: they are the ones who join.
                self._commits.add(last := asyncio.create_task(self._commit_in_turn(shared)))
                last.add_done_callback(self._commits.discard)
            elif shared.writers == _MOST:
                await asyncio.shield(asyncio.create_task(self._commit(shared)))
        await asyncio.shield(shared.on_disk)

    async def _commit_in_turn(self, shared: _Shared) -> None:
        async with self._turn:
            await self._commit(shared)

    async def _commit(self, shared: _Shared) -> None:
        if self._open is shared:
            self._open = None
            await shared.commit()


def _is_known(end: "asyncio.Future[None]") -> None:
    """Take note of how a commit ended; those who waited for it raise it, if they are still there."""
    if not end.cancelled():
        end.exception()
