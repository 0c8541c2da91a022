"""One lane of an outbox: what the store keeps of it goes first, then what waits here, in order.

The bookkeeping of a queue: no rule, no I/O, and nothing of the engine.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.effects import Effect, Lane
from domain.waiting import LaneFile, WaitingBatch, WaitingEffect, WaitingWanted

MOST_KEPT_AT_ONCE = 250
MOST_BYTES_AT_ONCE = 384 * 1024
"""What one write to the store holds, in bytes of JSON: it has a second, and the server takes 512 KiB."""


class Line:
    """The queue of one lane. The first few are under way, kept ones (`numbers`) or waiting ones."""

    def __init__(self, queue: str, lane: Lane, file: LaneFile | None = None) -> None:
        file = file or LaneFile(lane=lane)
        self._queue = file.queue or queue
        self.lane = lane
        self.waiting: list[Effect] = []
        self.numbered = file.numbered
        self.told = file.told
        self.kept = file.kept
        self.since = file.since
        self._again = file.trying
        self._under_way = 0
        self._numbers: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing waits, nothing is kept and nothing is under way."""
        return not self.waiting and self.told is None

    @property
    def lags(self) -> bool:
        """True where something waits here that has not set out."""
        return len(self.waiting) > (0 if self._numbers else self._under_way)

    def was_tried(self, by: datetime) -> bool:
        """Return whether what is under way is so since that instant or longer."""
        return bool(self._under_way or self._again) and self.since is not None and self.since <= by

    # --- setting out -------------------------------------------------------------------------------------

    def wanted(self, most: int) -> WaitingWanted:
        """Return what to ask the store for: the batch that was under way before, or the next few."""
        assert self.told is not None
        return WaitingWanted(queue=self._queue, lane=self.lane, told=self.told, most=self._again or most)

    def sets_out_again(self, found: Sequence[WaitingEffect], now: datetime) -> tuple[Effect, ...]:
        """Set out with what the store has kept; where it found nothing, it keeps none of this lane now."""
        if not found:
            self.told, self.kept = None, 0
            return ()
        self._numbers = tuple(one.number for one in found)
        return self._set_out(tuple(one.effect for one in found), now)

    def sets_out(self, most: int, now: datetime) -> tuple[Effect, ...]:
        """Set out with the first of those that wait here."""
        return self._set_out(tuple(self.waiting[: self._again or most]), now)

    def _set_out(self, batch: tuple[Effect, ...], now: datetime) -> tuple[Effect, ...]:
        if not self._again or self.since is None:
            self.since = now
        self._again = 0
        self._under_way = len(batch)
        return batch

    def has_ended(self) -> None:
        """Take out what was under way."""
        if self._numbers:
            self.told = self._numbers[-1]
            self.kept = max(self.kept - len(self._numbers), 0)
        else:
            del self.waiting[: self._under_way]
        self._numbers, self._under_way = (), 0

    def rename(self, case_id: str, number: str) -> None:
        """Let what waits here and is not under way speak of the case by its new id and number."""
        first = 0 if self._numbers else self._under_way
        names = {"case_id": case_id, "case_number": number}
        self.waiting[first:] = [effect.model_copy(update=names) for effect in self.waiting[first:]]

    # --- turning over ------------------------------------------------------------------------------------

    @property
    def file(self) -> LaneFile | None:
        """What a next run must know beside the effects that travel, if there is anything."""
        trying = self._under_way or self._again
        if not trying and not self.numbered:
            return None
        return LaneFile(
            lane=self.lane,
            queue=self._queue if self.numbered else None,
            numbered=self.numbered,
            told=self.told,
            kept=self.kept,
            trying=trying,
            since=self.since if trying else None,
        )

    def goes_on_from(self, file: LaneFile) -> None:
        """Leave to the store what a later record says it keeps; what waits here goes after it."""
        if file.numbered > self.numbered and not self._numbers:
            self.numbered, self.told, self.kept = file.numbered, file.told, file.kept
            self._queue = file.queue or self._queue

    def drop(self, ids: Collection[str]) -> list[Effect]:
        """Take out what waits here, has one of these ids and is not under way, and return it."""
        first = 0 if self._numbers else self._under_way
        behind = self.waiting[first:]
        self.waiting[first:] = [effect for effect in behind if effect.id not in ids]
        return [effect for effect in behind if effect.id in ids]

    def to_be_kept(self) -> WaitingBatch | None:
        """Return the first of those that wait here, numbered; numbers are not given again, come what may."""
        if not self.waiting:
            return None
        first, count = self.numbered + 1, self._first_few()
        self.numbered += count
        return WaitingBatch(
            queue=self._queue,
            lane=self.lane,
            effects=tuple(
                WaitingEffect(number=number, effect=effect)
                for number, effect in enumerate(self.waiting[:count], first)
            ),
        )

    def _first_few(self) -> int:
        size = 0
        for count, effect in enumerate(self.waiting[:MOST_KEPT_AT_ONCE]):
            size += len(effect.model_dump_json().encode())
            if size > MOST_BYTES_AT_ONCE:
                return count
        return min(len(self.waiting), MOST_KEPT_AT_ONCE)

    def are_kept(self, effects: Sequence[WaitingEffect]) -> None:
        """Leave these to the store; those that were under way when it was asked may be told by now."""
        here = {id(effect) for effect in self.waiting}
        left = [one.number for one in effects if id(one.effect) in here]
        del self.waiting[: len(left)]
        if self.told is None:
            self.told = left[0] - 1 if left else effects[-1].number
            self._numbers = tuple(left[: self._under_way])
        self.kept += len(left)
