"""The wall clock of a place, told from UTC offset changes that arrive as data.

No zone database, no clock, no file may enter. Whoever holds a case to its terms hands the changes in,
so that a new zone release can never move a promise already made.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from domain.frozen import Frozen

_DAY = timedelta(days=1)
_AT = attrgetter("at")
_FOREVER = datetime.max.replace(tzinfo=UTC)


class Resolution(StrEnum):
    """What a local time means that does not exist, or exists twice, on the day the clocks change.

    A time that exists is itself and a time that exists twice is its first, under all three. One that does
    not exist moves forward by the length of the gap, but under `FIRST_EXISTING` to the end of the gap.
    """

    SHIFT_BY_GAP = "shift_by_gap"
    FIRST_EXISTING = "first_existing"
    FIRST_OCCURRENCE = "first_occurrence"


class OffsetChange(Frozen):
    """From `at` (an instant, kept in UTC) on, local time is UTC plus `seconds`, until the next change."""

    at: datetime
    seconds: int = Field(gt=-86400, lt=86400)

    @field_validator("at")
    @classmethod
    def _in_utc(cls, at: datetime) -> datetime:
        return as_utc(at)


class LocalDay(NamedTuple):
    """A stretch of one local date under one offset: all its times are `midnight` (UTC) plus time of day.

    It reaches from `starts` to before `ends`, both UTC. A date on which the clocks change has several.
    """

    on: date
    midnight: datetime
    starts: datetime
    ends: datetime


class LocalZone(Frozen):
    """The local time of one IANA zone over a horizon: the first change covers its start.

    Before the first change the first holds, after the last the last. Nothing is cached on the model, for a
    copy with other changes would carry the cache along.
    """

    name: str
    changes: tuple[OffsetChange, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for earlier, later in pairwise(self.changes):
            if earlier.at >= later.at:
                raise ValueError(f"the offset changes of {self.name} must be in order of time: {later.at}")
        return self

    def offset_at(self, utc: datetime) -> timedelta:
        """Return what local time is ahead of UTC at an instant."""
        return self._offset(self._index(utc))

    def to_local(self, utc: datetime) -> datetime:
        """Return the wall-clock time at an instant, without a zone.

        Raises: ValueError for an instant without a zone.
        """
        utc = as_utc(utc)
        return (utc + self._offset(self._index(utc))).replace(tzinfo=None)

    def to_utc(self, local: datetime, resolution: Resolution = Resolution.SHIFT_BY_GAP) -> datetime:
        """Return the instant meant by a wall-clock time; our own reading is the default (GAP-01).

        Raises: ValueError for a local time that carries a zone.
        """
        if local.tzinfo is not None:
            raise ValueError(f"a local time carries no zone: {local.isoformat()}")
        wall = local.replace(tzinfo=UTC)
        # An offset is less than a day, so only what holds within a day of it can be meant.
        index, last = self._index(wall - _DAY), self._index(wall + _DAY)
        utc, before = wall - self._offset(index), None
        while index < last and utc >= self.changes[index + 1].at:
            index += 1
            utc, before = wall - self._offset(index), utc
        if before is None or utc >= self.changes[index].at:
            return utc
        return self.changes[index].at if resolution is Resolution.FIRST_EXISTING else before

    def days_from(self, at: datetime) -> Iterator[LocalDay]:
        """Walk the local dates in order of time, without end, the first cut to start at `at`."""
        at = as_utc(at)
        for index in range(self._index(at), len(self.changes)):
            offset = self._offset(index)
            until = self.changes[index + 1].at if index + 1 < len(self.changes) else _FOREVER
            on = (at + offset).date()
            midnight = datetime(on.year, on.month, on.day, tzinfo=UTC) - offset
            while midnight < until:
                ends = midnight + _DAY
                yield LocalDay(on, midnight, max(midnight, at), min(ends, until))
                on, midnight = on + _DAY, ends
            at = until

    def _index(self, utc: datetime) -> int:
        return max(bisect_right(self.changes, utc, key=_AT) - 1, 0)

    def _offset(self, index: int) -> timedelta:
        return timedelta(seconds=self.changes[index].seconds)


def as_utc(at: datetime) -> datetime:
    """Return the same instant in UTC. Raises: ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {at.isoformat()}; give it in UTC")
    return at if at.tzinfo is UTC else at.astimezone(UTC)
