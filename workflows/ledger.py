"""The record lane: how the case store learns what happened to a case.

Durable code. Each activation's news leave in one local write of at most a second; where the store is away,
a regular activity goes on trying while the case goes on living.
"""

import asyncio
from collections.abc import Iterable

from domain.case import Case
from domain.phase import Phase
from domain.record import RecordBatch, row_of
from domain.timeline import TimelineEntry
from workflows import delivery


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

    async def write(self, case: Case) -> None:
        """This will tell the store the case as it stands; it returns within about a second, come what may."""
        self._case = case
        if case.version == self.recorded_version or self.is_behind:
            return
        count = len(self.unrecorded)
        version = await delivery.record_at_once(self._batch(case))
        if version is None:
            self._catching_up = asyncio.create_task(self._catch_up())
            return
        self._taken(case.version, count)

    async def _catch_up(self) -> None:
        while self._case is not None and self._case.version != self.recorded_version:
            case, count = self._case, len(self.unrecorded)
            await delivery.record_patiently(self._batch(case))
            self._taken(case.version, count)

    def is_up_to_date(self, case: Case) -> bool:
        """This will tell whether the store holds the case as it stands."""
        return case.version == self.recorded_version and not self.is_behind

    def _batch(self, case: Case) -> RecordBatch:
        whole = case if case.phase in (Phase.CLOSED, Phase.ARCHIVED) else None
        return RecordBatch(row=row_of(case), entries=tuple(self.unrecorded), case=whole)

    def _taken(self, version: int, count: int) -> None:
        del self.unrecorded[:count]
        self.recorded_version = version
