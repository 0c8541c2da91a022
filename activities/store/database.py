"""Our own database: one engine, SQLite by default and PostgreSQL by URL, brought up to date when opened.

This room knows connections and transactions, never what the tables mean.
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

from sqlalchemy import URL, ColumnElement, Connection, Insert, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from activities.store import sqlite_driver
from activities.store.shared_commits import SharedCommits
from activities.words.reason import reason_of

_POSTGRES = "postgresql+asyncpg"
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": _POSTGRES, "postgresql": _POSTGRES}
_POSTGRES_SECONDS = {"timeout": 8, "command_timeout": 8}  # below the 10 s an attempt to record has
_Columns = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
_MIGRATION_LOCK = 7_306_100_419_811  # any number; it must only be ours among the users of one server
_SQLITE_POOL = {"pool_size": 15, "max_overflow": 0}  # opening one costs more than many readings
_SQLITE_PRAGMAS = (
    "busy_timeout = 5000",  # ms; before journal_mode, which two first openers want at once
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL loses acknowledged writes when the power goes
    "foreign_keys = ON",
)


class StoreUrlInvalid(ValueError):
    """A store URL is neither SQLite's nor PostgreSQL's."""


class StoreUnreachable(ConnectionError):
    """The store cannot be opened; the message names its address, without a password."""


class Database:
    """Hold one engine. In SQLite a transaction that writes is alone from its first statement."""

    unusable: ClassVar[tuple[type[Exception], ...]] = (DBAPIError, OSError)
    """What is raised where the store cannot be read or written: its address is wrong, it is away, or full."""

    def __init__(self, url: str) -> None:
        self._url = database_url(url)
        self._engine = _engine(self._url)
        self._writer = self._engine.execution_options(writes=True)
        # SQLite has one writer; in a process they queue here, not in its sleeps of up to 100 ms.
        self._shared = SharedCommits(self._writer) if self.has_one_writer else None

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect and migrate to the newest version; safe when several open at once.

        Raises: StoreUrlInvalid; StoreUnreachable.
        """
        store = cls(url)
        try:
            await store.migrate()
        except cls.unusable as error:
            await store.close()
            raise StoreUnreachable(
                f"cannot open the case store at {store.address}: {reason_of(error)}"
            ) from error
        return store

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @property
    def address(self) -> str:
        """The store without its password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def has_one_writer(self) -> bool:
        """True where transactions that write come one after the other, as SQLite's do."""
        return self._url.get_backend_name() == "sqlite"

    async def migrate(self) -> None:
        """Bring the tables to the newest version, one opener after the other."""
        # A command that only reads need not wait for alembic.
        from activities.store.upgrade import upgrade  # noqa: PLC0415

        if self.has_one_writer and (file := _file_of(self._url)) is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        async with self.writing() as connection:
            if self._url.get_backend_name() == "postgresql":
                await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            await connection.run_sync(upgrade)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open one transaction that writes, all or nothing."""
        async with self._shared.writing() if self._shared else self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open one transaction that only reads, and holds up no writer."""
        async with self._engine.connect() as connection:
            yield connection

    def insert_new(self, table: Table) -> Insert:
        """Return an INSERT that leaves a row that is there already as it is."""
        return self._insert(table).on_conflict_do_nothing()

    def upsert(self, table: Table, only: Callable[[_Columns], ColumnElement[bool]] | None = None) -> Insert:
        """Return an INSERT that replaces a row of the same key, where `only` is true of the new one."""
        insert = self._insert(table)
        return insert.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={column.name: insert.excluded[column.name] for column in table.c if not column.primary_key},
            where=None if only is None else only(insert.excluded),
        )

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        if self._url.get_backend_name() == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


def database_url(text: str) -> URL:
    """Read a store URL and choose its asynchronous driver. Raises: StoreUrlInvalid."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise StoreUrlInvalid("a store URL begins with sqlite:/// or postgresql://") from error
    driver = _DRIVERS.get(url.drivername, url.drivername)
    if driver not in _DRIVERS.values():
        raise StoreUrlInvalid(f"no store of the kind {url.drivername!r}; use sqlite:/// or postgresql://")
    return url.set(drivername=driver)


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args=_POSTGRES_SECONDS
        )
    file = _file_of(url)
    pool = {} if file is None else _SQLITE_POOL
    # What a case says is not for error texts.
    engine = create_async_engine(url.set(drivername=sqlite_driver.DRIVER), hide_parameters=True, **pool)
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    if file is not None:
        _keep_to_file(engine, file)
    return engine


def _file_of(url: URL) -> Path | None:
    """Return the file of a store, or None for one in memory or named by a URI of SQLite's own."""
    is_file = url.database and not url.database.startswith((":memory:", "file:"))
    return Path(url.database or "") if is_file else None


def _keep_to_file(engine: AsyncEngine, file: Path) -> None:
    """Use a connection only while its file is where it was: what is written to one that is gone is lost.

    Raises, at each use: FileNotFoundError where there is none. To another one it connects anew.
    """

    def exists(*_: object) -> None:
        os.stat(file)

    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["file"] = os.stat(file).st_ino

    def check(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info["file"] != os.stat(file).st_ino:
            raise DisconnectionError

    event.listen(engine.sync_engine, "do_connect", exists)  # SQLite itself would make an empty one
    event.listen(engine.sync_engine, "connect", note)
    event.listen(engine.sync_engine, "checkout", check)


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    # The driver's own transactions leave DDL outside; with none of its own, ours hold everything.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that turns from reading to writing fails at once when another has written meanwhile.
    writes: Any = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(sqlite_driver.WRITING if writes else "BEGIN")
