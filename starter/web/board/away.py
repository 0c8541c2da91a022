"""Which part of the desk does not answer, and since when: one word of it for every page.

The store is noticed by whoever reads it. The engine is looked at here, once in a while for all who look at
pages: those are drawn from the store, and what is said on them needs the engine and a worker.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from starter.door.engine_now import cases_asked_at, is_at_work
from starter.door.faults import NO_WORKER, Fault
from starter.door.session import Session
from starter.web.board.wall_clock import second

STORE = "StoreUnreachable"
SERVER = "ServerUnreachable"
ENGINE = (SERVER, NO_WORKER)

LOOKS_EVERY = timedelta(seconds=5)
"""How long one look at the engine counts (ours)."""

_WAITS = 1.2  # s a page waits for a look that goes on; the look itself is given up after 1 s

_SAME_WITHIN = timedelta(minutes=5)
"""How long nobody may have noticed for it still to be the same outage (ours)."""

_SINCE: Mapping[str, str] = MappingProxyType(
    {
        SERVER: "The engine has not answered since",
        NO_WORKER: "No worker has asked for work since",
    }
)
_MEANWHILE = "Cases are shown as the case store has them; nothing can be said to them until it is back."

_WHAT: Mapping[str, str] = MappingProxyType(
    {
        STORE: "The case store does not answer",
        SERVER: "The engine does not answer",
        NO_WORKER: "No worker takes what is said to cases",
        "ProviderUnreachable": "The identity provider does not answer",
    }
)


class Missing(NamedTuple):
    """A part that does not answer, and since when (UTC)."""

    code: str
    since: datetime

    def says(self, zone: ZoneInfo) -> str:
        """Say of the engine since when it is away, by a wall clock, and what that means."""
        return f"{_SINCE[self.code]} {second(self.since, zone)}. {_MEANWHILE}"


class _Noticed(NamedTuple):
    first: datetime
    last: datetime


class Away:
    """Keeps when each part was first, and last, noticed to be away, and looks at the engine."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._noticed: dict[str, _Noticed] = {}
        self._looked_at: datetime | None = None
        self._looking: asyncio.Task[None] | None = None

    def is_away(self, code: str, since: datetime | None = None) -> datetime:
        """Note that a part does not answer, and return since when (UTC): as noticed first, unless given."""
        now = self._session.now()
        known = self._noticed.get(code)
        goes_on = known is not None and now - known.last <= _SAME_WITHIN
        first = known.first if known is not None and goes_on else since or now
        self._noticed[code] = _Noticed(first, now)
        return first

    def is_back(self, *codes: str) -> None:
        """Note that a part answers."""
        for code in codes:
            self._noticed.pop(code, None)

    async def engine(self) -> Missing | None:
        """Return what of the engine does not answer, looked at a moment ago."""
        known = self.engine_as_known()
        if self._looking is None or self._looking.done():
            return known
        await asyncio.wait({self._looking}, timeout=_WAITS)
        return self.engine_as_known()

    def engine_as_known(self) -> Missing | None:
        """Return what of the engine does not answer, and have it looked at again where that is due."""
        now = self._session.now()
        is_old = self._looked_at is None or abs(now - self._looked_at) >= LOOKS_EVERY
        if is_old and (self._looking is None or self._looking.done()):
            self._looked_at = now
            self._looking = asyncio.create_task(self._look())
        return next(
            (Missing(code, self._noticed[code].first) for code in ENGINE if code in self._noticed), None
        )

    async def _look(self) -> None:
        try:
            asked_at = await cases_asked_at(self._session)
        except Fault:
            self.is_away(SERVER)
        else:
            self.is_back(SERVER)
            if asked_at is not None and is_at_work(asked_at):
                self.is_back(NO_WORKER)
            else:
                self.is_away(NO_WORKER, asked_at)


def what_is_away(code: str) -> str:
    """Say which part does not answer."""
    return _WHAT.get(code, "A part of the desk does not answer")
