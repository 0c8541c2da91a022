"""What one file of holidays holds, and what makes it whole.

Part of the tables of holidays: the form alone. No file is read here.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from domain.frozen import Frozen
from domain.policy import Weekday

_Told = TypeVar("_Told")


def _in_order(days: dict[date, _Told]) -> dict[date, _Told]:
    if list(days) != sorted(days):
        raise ValueError("the days must be in order")
    return days


class MayCome(Frozen):
    """A day that is no holiday yet and may be made one: what it would be called, and why it may come."""

    name: str = Field(min_length=1)
    reason: str = Field(min_length=1)


Clock = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""A local time of day, `HH:MM`; `24:00` is its end."""


class PartDay(Frozen):
    """A day that is closed for some hours only: what it is called, and from when to when, in order."""

    name: str = Field(min_length=1)
    closed: tuple[tuple[Clock, Clock], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [time for span in self.closed for time in span]
        if times != sorted(times) or any(opens == closes for opens, closes in self.closed):
            raise ValueError("closed: each span ends after it begins, in order, none overlapping")
        return self


class Snapshot(Frozen):
    """One file: every holiday with its name, what may change about them, and what the dates were made from.

    `doubtful` gives days among `days` the reason why they may move or fall away; they count as holidays all
    the same. `may_come` are days that do not count. `weekend`: the weekdays that are none of business, where
    the calendar says so; without it Saturday and Sunday, and under a plan with hours what the plan says.
    `part_days` are closed for some hours.
    """

    calendar: str
    first_year: int
    last_year: int
    made_by: str
    corrected: tuple[date, ...] = Field(default=(), description="the dates the overlay changed")
    sha256: str
    days: Annotated[dict[date, str], AfterValidator(_in_order)]
    doubtful: Annotated[dict[date, str], AfterValidator(_in_order)] = Field(default_factory=dict)
    may_come: Annotated[dict[date, MayCome], AfterValidator(_in_order)] = Field(default_factory=dict)
    weekend: tuple[Weekday, ...] | None = Field(default=None, max_length=6)
    part_days: Annotated[dict[date, PartDay], AfterValidator(_in_order)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if self.sha256 != digest(self.days, self.weekend, self.part_days):
            yield "sha256: not the digest of these dates; correct overlay.toml and make it anew"
        if self.weekend is not None and list(self.weekend) != [day for day in Weekday if day in self.weekend]:
            yield "weekend: name each day once, from mon to sun"
        for day in (*self.days, *self.may_come, *self.part_days):
            if not self.first_year <= day.year <= self.last_year:
                yield f"{day}: outside {self.first_year} to {self.last_year}"
        for day in self.doubtful.keys() - self.days.keys():
            yield f"doubtful: {day} is not among the days; a day that may yet come belongs in may_come"
        for day in self.part_days.keys() & self.days.keys():
            yield f"part_days: {day} is among the days already, closed from morning to night"
        for day in self.may_come.keys() & self.days.keys():
            yield f"may_come: {day} is among the days already; doubt about it belongs in doubtful"


def digest(
    days: dict[date, str],
    weekend: Sequence[str] | None = None,
    part_days: Mapping[date, PartDay] | None = None,
) -> str:
    """Return the SHA-256 (hex) of the dates, one ISO date a line; names and doubts do not count.

    Then, where there are any, a line for the weekend, `weekend fri sat`, and one for each part day,
    `2027-12-24 12:00-24:00`.
    """
    lines = [day.isoformat() for day in sorted(days)]
    if weekend is not None:
        lines.append(" ".join(("weekend", *weekend)))
    for day, part in sorted((part_days or {}).items()):
        lines.append(" ".join((day.isoformat(), *(f"{opens}-{closes}" for opens, closes in part.closed))))
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
