"""What has changed on the board, for every page that is open: the store is asked once for all of them.

Nobody looking, nothing is asked. Whoever does not take what is sent is left behind, and comes again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Container
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from activities.store.board import BoardRow
from starter.door.board import COUNTS_HOLD, Board, Line
from starter.door.board_tally import Tally
from starter.door.faults import Fault
from starter.web.board.away import STORE, Away, Missing

LOOKS_EVERY = 1.0
"""Seconds between two looks at the store (ours)."""

BEATS_EVERY = 2
"""After how many looks without a change a page hears that it is up to date (ours): twice within 5 s."""

COUNTED_ANEW = timedelta(seconds=10)
"""How long counts are good enough where nothing was written (ours)."""

_OVERLAP = timedelta(seconds=5)
"""How far back each look goes: who writes has a clock of their own, and what was written ends later."""

_BEHIND = 30  # beats somebody may leave untaken


@dataclass(frozen=True, eq=False)
class Change:
    """A case that was written, and its line; one told to many is known as the same by all of them."""

    row: BoardRow
    line: Line


class Beat(NamedTuple):
    """What there is to say at an instant (UTC). Where the store is `away`: since when.

    `engine`: what of it does not answer; `tally`: how many cases each list has, where that was counted.
    """

    at: datetime
    changes: tuple[Change, ...] = ()
    away: datetime | None = None
    engine: Missing | None = None
    tally: Tally | None = None


_Listener = asyncio.Queue[Beat | None]
_Version = tuple[str, int, datetime | None]


class Feed:
    """Tells listeners of changes while there are any."""

    def __init__(self, board: Board, now: Callable[[], datetime], away: Away) -> None:
        self._board = board
        self._now = now
        self._away = away
        self._listeners: set[_Listener] = set()
        self._seen: dict[_Version, datetime] = {}
        self._looking: asyncio.Task[None] | None = None
        self._counted_at: datetime | None = None
        self._is_counted = False

    @property
    def listeners(self) -> int:
        """How many are listening."""
        return len(self._listeners)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[_Listener]:
        """Listen for as long as the block lasts; None is the end of it."""
        listener: _Listener = asyncio.Queue(_BEHIND)
        self._listeners.add(listener)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def since(self, at: datetime) -> Beat:
        """Say what has changed since an instant (UTC), or since when the store is away."""
        return await self._look(at, known={})

    async def _look_on(self) -> None:
        since, quiet = self._now(), 0
        while self._listeners:
            await asyncio.sleep(LOOKS_EVERY)
            beat = await self._look(since, self._seen)
            if beat.away is None:
                since = beat.at
                self._remember(beat)
            quiet = 0 if beat.changes else quiet + 1
            self._is_counted = self._is_counted and not beat.changes
            if beat.changes or quiet % BEATS_EVERY == 0:
                self._tell(beat._replace(tally=await self._tally(beat)))

    async def _look(self, since: datetime, known: Container[_Version]) -> Beat:
        now, engine = self._now(), self._away.engine_as_known()
        try:
            rows = await self._board.changes(since - _OVERLAP)
            fresh = [one for one in rows if _version(one) not in known]
            lines = await self._board.lines(fresh, now)
        except Fault as fault:
            return Beat(now, away=self._away.is_away(fault.code), engine=engine)
        self._away.is_back(STORE)
        changes = tuple(Change(row, line) for row, line in zip(fresh, lines, strict=True))
        return Beat(now, changes, engine=engine)

    async def _tally(self, beat: Beat) -> Tally | None:
        """Count the lists, sooner where something has changed; time alone makes cases late, too."""
        hold = COUNTED_ANEW if self._is_counted else COUNTS_HOLD
        if beat.away is not None or (self._counted_at is not None and beat.at - self._counted_at < hold):
            return None
        self._counted_at, self._is_counted = beat.at, True
        try:
            return await self._board.tally()
        except Fault:
            return None

    def _remember(self, beat: Beat) -> None:
        """Keep what was told for as long as looks overlap."""
        old = beat.at - 2 * _OVERLAP
        self._seen = {version: at for version, at in self._seen.items() if at > old}
        for change in beat.changes:
            self._seen[_version(change.row)] = beat.at

    def _tell(self, beat: Beat) -> None:
        for listener in tuple(self._listeners):
            if listener.full():
                self._listeners.discard(listener)
                listener.get_nowait()
                listener.put_nowait(None)
            else:
                listener.put_nowait(beat)


def _version(one: BoardRow) -> _Version:
    return one.row.case_id, one.row.version, one.recorded_at
