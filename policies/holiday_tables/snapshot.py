"""What one file of holidays holds, and what makes it whole.

Part of the tables of holidays: the form alone. No file is read here.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from domain.frozen import Frozen

_Told = TypeVar("_Told")


def _in_order(days: dict[date, _Told]) -> dict[date, _Told]:
    if list(days) != sorted(days):
        raise ValueError("the days must be in order")
    return days


class MayCome(Frozen):
    """A day that is no holiday yet and may be made one: what it would be called, and why it may come."""

    name: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class Snapshot(Frozen):
    """One file: every holiday with its name, what may change about them, and what the dates were made from.

    `doubtful` gives days among `days` the reason why they may move or fall away; they count as holidays all
    the same. `may_come` are days that do not count.
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

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if self.sha256 != digest(self.days):
            yield "sha256: not the digest of these dates; correct overlay.toml and make it anew"
        for day in (*self.days, *self.may_come):
            if not self.first_year <= day.year <= self.last_year:
                yield f"{day}: outside {self.first_year} to {self.last_year}"
        for day in self.doubtful.keys() - self.days.keys():
            yield f"doubtful: {day} is not among the days; a day that may yet come belongs in may_come"
        for day in self.may_come.keys() & self.days.keys():
            yield f"may_come: {day} is among the days already; doubt about it belongs in doubtful"


def digest(days: dict[date, str]) -> str:
    """This will return the SHA-256 (hex) of the dates, one ISO date a line; names and doubts do not count."""
    return hashlib.sha256("".join(f"{day.isoformat()}\n" for day in sorted(days)).encode()).hexdigest()
