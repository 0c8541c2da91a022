"""An instant as whole seconds since the epoch, in SQLite and in PostgreSQL alike.

What the databases add up by time is added up in seconds: each has its own arithmetic of instants.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

QUARTER = 900
"""Seconds of the spans that things are counted by: every zone's midnight begins one."""


class epoch(FunctionElement[int]):
    """Seconds since 1970 (UTC) of a column of instants."""

    type = Integer()
    inherit_cache = True
    name = "epoch"


@compiles(epoch, "sqlite")
def _sqlite(element: epoch, compiler: SQLCompiler, **given: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **given)}) AS INTEGER)"


@compiles(epoch, "postgresql")
def _postgresql(element: epoch, compiler: SQLCompiler, **given: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **given)})) AS BIGINT)"


def quarter(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the number of the quarter of an hour (since 1970, UTC) that an instant lies in."""
    return epoch(column) // QUARTER


def seconds_from(start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[int]:
    """Return how many seconds lie between two instants."""
    return epoch(end) - epoch(start)
