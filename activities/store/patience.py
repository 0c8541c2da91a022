"""Reads of the store that a case waits for: an answer in time, or none.

This room shares and gives up reads and says so in the log; what follows from no answer is said by who asks.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable
from datetime import timedelta
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from activities.words.reason import reason_of

_AWAY = (DBAPIError, NoConnectionFree, OSError)

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Patience(Generic[T]):
    """Read as often as must be, and wait for it no longer than `within`.

    Whoever asks while a read runs shares the next one with all who do: a thousand cases whose shift ends at
    once are two reads, and none is answered with what was read before it asked. A read that is given up is
    left to end by itself, which the drivers see to within 8 s, and until then nobody waits for another.
    Cancelling it is no way out: SQLAlchemy then waits for a thread of SQLite's that may never be heard of
    again.
    """

    def __init__(self, what: str, within: timedelta) -> None:
        self._what = what
        self._within = within.total_seconds()
        self._running: dict[Hashable, asyncio.Task[T | None]] = {}
        self._next: dict[Hashable, asyncio.Task[T | None]] = {}
        self._given_up: set[asyncio.Task[T | None]] = set()

    async def read(self, key: Hashable, reading: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        """Return what a read answers, or None where it does not, or not in time.

        Reads of one `key` are the same read.
        """
        if self._given_up:
            return None
        if (task := self._next.get(key)) is None:
            task = asyncio.create_task(self._in_turn(key, self._running.get(key), reading))
            self._next[key] = task
        await asyncio.wait({task}, timeout=self._within)
        if task.done():
            return task.result()
        if task not in self._given_up:
            _log.warning("%s does not answer", self._what)
            self._given_up.add(task)
            task.add_done_callback(self._given_up.discard)
        return None

    async def close(self) -> None:
        """Wait until the last read has ended; the store may be closed after that."""
        while tasks := {*self._running.values(), *self._next.values()}:
            await asyncio.wait(tasks)

    async def _in_turn(
        self,
        key: Hashable,
        before: "asyncio.Task[T | None] | None",
        reading: Callable[[], Coroutine[Any, Any, T]],
    ) -> T | None:
        if before is not None:
            await asyncio.wait({before})
        self._running[key] = self._next.pop(key)
        try:
            return await reading()
        except _AWAY as error:
            _log.warning("%s cannot be read: %s", self._what, reason_of(error))
        except ValidationError as error:  # written by another version of ours
            _log.error("%s holds a record with %d errors", self._what, error.error_count())
        finally:
            del self._running[key]
        return None
