"""A case store of which somebody moves a table, or which somebody holds locked.

Both wait for the file's lock in a thread: who holds it may need this very loop to let it go.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

_WAIT = 60  # seconds


def _rename(file: Path, old: str, new: str) -> None:
    """Rename a table; take the lock first, for a lock asked for within a transaction is refused at once."""
    with closing(sqlite3.connect(file, timeout=_WAIT, isolation_level=None)) as database:
        database.execute("begin immediate")
        database.execute(f"alter table {old} rename to {new}")
        database.execute("commit")


@asynccontextmanager
async def table_away(file: Path, table: str) -> AsyncIterator[None]:
    """Move one table out of reach, as somebody who rebuilds it does."""
    await asyncio.to_thread(_rename, file, table, f"{table}_moved")
    yield
    await asyncio.to_thread(_rename, file, f"{table}_moved", table)


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Hold the file as a writer who comes to no end; nobody else can write to it."""
    with closing(
        sqlite3.connect(file, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    ) as database:
        await asyncio.to_thread(database.execute, "begin exclusive")
        yield
        database.execute("rollback")
