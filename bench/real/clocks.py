"""How late clocks fire and are decided: many in one second, and many spread over some."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from bench.lifecycle import request_of
from bench.real.parts import AT_ONCE, Handle, Parts, Side
from domain.messages.case import Submit

WARNED_AFTER = timedelta(minutes=180)
"""A case of P2 is warned of its response after so long (rhipe-csp: 75 % of 4 h)."""

_MARGIN = 15  # s between the last opening and the first clock, as far as it can be foreseen


class Clocks(NamedTuple):
    """Of each clock, in s after it was due: when its timer fired, and when the case had decided on it."""

    fired: list[float]
    decided: list[float]
    before_all_were_open: bool = False

    @property
    def decided_p99(self) -> float:
        """The 99th of 100."""
        return _share(self.decided, 0.99)

    def told(self) -> dict[str, float | int | bool]:
        """Return the figures."""
        return {
            "clocks": len(self.fired),
            "fired_p50_s": round(_share(self.fired, 0.5), 3),
            "fired_max_s": round(max(self.fired), 3),
            "decided_p50_s": round(_share(self.decided, 0.5), 3),
            "decided_p99_s": round(self.decided_p99, 3),
            "decided_max_s": round(max(self.decided), 3),
            "due_before_all_were_open": self.before_all_were_open,
        }


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def storm(on: Parts, side: Side, clocks: int, openings_a_second: float) -> Clocks:
    """Let so many clocks fall due at the same instant."""
    due = _first(clocks, openings_a_second)
    return await _clocks(on, side, "storm", [due] * clocks)


async def lateness(on: Parts, clocks: int, seconds: int, openings_a_second: float) -> Clocks:
    """Let so many clocks of ours fall due one after the other, over so many seconds."""
    first = _first(clocks, openings_a_second)
    due = [first + timedelta(seconds=int(number * seconds / clocks)) for number in range(clocks)]
    return await _clocks(on, "product", "spread", due)


def _first(clocks: int, openings_a_second: float) -> datetime:
    ahead = timedelta(seconds=1.3 * clocks / openings_a_second + _MARGIN)
    return (datetime.now(UTC) + ahead).replace(microsecond=0)


def request_due(reference: str, due_at: datetime) -> Submit:
    """Ask for a case whose first warning falls due at an instant."""
    return request_of(reference, "high").model_copy(update={"received_at": due_at - WARNED_AFTER})


async def _clocks(on: Parts, side: Side, name: str, due: list[datetime]) -> Clocks:
    turn = asyncio.Semaphore(AT_ONCE)

    async def opened(number: int, at: datetime) -> Handle:
        async with turn:
            one = f"{name}-{number}"
            return await on.open(side, one, request_due(one, at), at.timestamp())

    handles = await asyncio.gather(*(opened(number, at) for number, at in enumerate(due)))
    is_late = datetime.now(UTC) >= min(due)
    await asyncio.sleep(max(0.0, (max(due) - datetime.now(UTC)).total_seconds()) + 2)
    await on.at_rest(side)
    found = [await _met(handle, at, turn) for handle, at in zip(handles, due, strict=True)]
    return Clocks([one[0] for one in found], [one[1] for one in found], is_late)


async def _met(handle: Handle, due: datetime, turn: asyncio.Semaphore) -> tuple[float, float]:
    """Return how long after it was due its first timer fired, and the case had decided."""
    async with turn:
        events = (await handle.fetch_history()).events
    fired = next(e for e in events if e.event_type == EventType.EVENT_TYPE_TIMER_FIRED)
    after = events[fired.event_id :]
    decided = next(e for e in after if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
    return _since(due, fired), _since(due, decided)


def _since(due: datetime, event: HistoryEvent) -> float:
    return (event.event_time.ToDatetime(UTC) - due).total_seconds()
