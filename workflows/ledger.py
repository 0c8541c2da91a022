"""The record lane: how the case store learns what happened to a case.

Durable code. Each activation's news leave in one local write of at most a second. Where the store is away, or
one write would be too large, a regular activity goes on while the case goes on living.
"""

import asyncio
from collections.abc import Iterable

from domain.case import Case
from domain.phase import Phase
from domain.record import RecordBatch, row_of
from domain.timeline import TimelineEntry
from workflows import delivery
from workflows.showing import show_again

MOST_ENTRIES = 250
MOST_BYTES = 256 * 1024
"""What one write holds: of text, in UTF-8. An activity's input above 2 MiB would stop the case for ever."""


class RecordLane:
    """Timeline entries the store has not taken yet, and the version it holds."""

    def __init__(self, unrecorded: Iterable[TimelineEntry], recorded_version: int) -> None:
        self.unrecorded = list(unrecorded)
        self.recorded_version = recorded_version
        self._catching_up: asyncio.Task[None] | None = None
        self._case: Case | None = None

    def put(self, entries: Iterable[TimelineEntry]) -> None:
        """This will queue entries in the order of their numbers."""
        self.unrecorded.extend(entries)

    @property
    def is_behind(self) -> bool:
        """This will be true while the store is being caught up with."""
        return self._catching_up is not None and not self._catching_up.done()

    def is_up_to_date(self, case: Case) -> bool:
        """This will tell whether the store holds the case as it stands."""
        return case.version == self.recorded_version and not self.is_behind

    @property
    def has_all(self) -> bool:
        """This will be true once the store holds the case as this lane was last asked to write it."""
        return self._case is None or self.is_up_to_date(self._case)

    async def write(self, case: Case) -> None:
        """This will tell the store the case as it stands; it returns within about a second, come what may."""
        self._case = case
        if case.version == self.recorded_version or self.is_behind:
            return
        batch, is_all = self._batch(case), self._is_all_in_one()
        if await delivery.record_at_once(batch) is not None:
            self._taken(batch, is_all=is_all)
        if case.version != self.recorded_version:
            self._catching_up = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        while self._case is not None and self._case.version != self.recorded_version:
            batch, is_all = self._batch(self._case), self._is_all_in_one()
            await delivery.record_patiently(batch)
            self._taken(batch, is_all=is_all)
        # It must leave an event of its own: a replay sees a task without any together with the next update,
        # or apart, as it happens, and whether we are behind decides what an update causes.
        if self._case is not None:
            show_again(self._case)

    def _batch(self, case: Case) -> RecordBatch:
        whole = case if case.phase in (Phase.CLOSED, Phase.ARCHIVED) else None
        return RecordBatch(row=row_of(case), entries=self._first_few(), case=whole)

    def _first_few(self) -> tuple[TimelineEntry, ...]:
        size = 0
        for count, entry in enumerate(self.unrecorded[:MOST_ENTRIES]):
            size += len((entry.text or "").encode())
            if size > MOST_BYTES:
                return tuple(self.unrecorded[:count])
        return tuple(self.unrecorded[:MOST_ENTRIES])

    def _is_all_in_one(self) -> bool:
        return len(self._first_few()) == len(self.unrecorded)

    def _taken(self, batch: RecordBatch, *, is_all: bool) -> None:
        del self.unrecorded[: len(batch.entries)]
        if is_all:
            self.recorded_version = batch.row.version
