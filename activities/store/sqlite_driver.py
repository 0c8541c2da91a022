"""SQLite without a change of threads for every step: aiosqlite's connections, and cursors of our own.

aiosqlite makes, carries out, reads and closes a cursor by four errands to its thread, which cost more than
most statements (0.83 ms of CPU each, measured; here 0.19). A statement of a transaction that reads is one
errand. One of a transaction that writes is carried out at once: it has waited for its turn when it began,
which was an errand, and so is its end, which waits for the disk.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)

DRIVER = "sqlite+inline"
"""The name by which SQLAlchemy knows it."""

WRITING = "BEGIN IMMEDIATE"
"""How a transaction that writes begins: from then on it is alone."""


class _Statement:
    """One statement and all it answered; closing it is no errand."""

    arraysize = 1

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        if operation.startswith("BEGIN"):
            await self._connection.errand(self._carry_out, False, operation, parameters)
            self._connection.writes = operation == WRITING
        elif self._connection.writes:
            self._carry_out(False, operation, parameters)
        else:
            await self._connection.errand(self._carry_out, False, operation, parameters)

    async def executemany(self, operation: str, rows: Any) -> None:
        if self._connection.writes:
            self._carry_out(True, operation, rows)
        else:
            await self._connection.errand(self._carry_out, True, operation, rows)

    async def fetchall(self) -> Sequence[Any]:
        return self._rows

    async def close(self) -> None:
        """Nothing is left open."""

    def _carry_out(self, many: bool, operation: str, parameters: Any) -> None:
        cursor = self._connection.raw.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(operation, parameters)
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
            self._rows = cursor.fetchall() if cursor.description else ()
        finally:
            cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, _connection: Any) -> Any:
        return _Statement(self._adapt_connection)  # type: ignore[arg-type]

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor


class _Connection(AsyncAdapt_aiosqlite_connection):
    """`writes`: a transaction that writes is under way."""

    __slots__ = ("writes",)
    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.writes = False

    @property
    def raw(self) -> Any:
        """The connection of the standard library."""
        return self._connection._conn

    @property
    def errand(self) -> Any:
        """What has a function carried out by the connection's thread, and waits for it."""
        return self._connection._execute

    def commit(self) -> None:
        super().commit()
        self.writes = False

    def rollback(self) -> None:
        super().rollback()
        self.writes = False


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *args: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        made = super().connect(*args, **options)
        return _Connection(self, made._connection)


class InlineSqlite(SQLiteDialect_aiosqlite):
    """SQLAlchemy's dialect for aiosqlite, with the cursors of this module."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """Return aiosqlite as this dialect connects with it."""
        return _Module(__import__("aiosqlite"), __import__("sqlite3"))


registry.register("sqlite.inline", __name__, InlineSqlite.__name__)
