"""Who works in which centre, who is there now, and who of them takes a case.

An engineer is planned by their shifts and counted by their check-in: a plan answers no telephone. A person
has one shift at a time, so shifts of theirs that overlap are a slip in the plan.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from pydantic import Field, field_validator

from domain.actor import Tier
from domain.centres.shifts import OpenSpan
from domain.frozen import Frozen
from domain.mailbox import PagedAt
from domain.policy import Key, Shift, Weekday, Zone
from domain.text import Line, Skill

_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_WEEK = tuple(Weekday)
_TIERS = tuple(Tier)

STAY = timedelta(hours=12)
"""How long who comes outside of any shift is taken to stay, and how early one may come for a shift (ours)."""


class _Planned(NamedTuple):
    """One shift of the week, in minutes since Monday 00:00 of local time, `[start, end)`."""

    start: int
    end: int

    def __str__(self) -> str:
        """Say it as people do: `mon 22:00 to tue 07:00`."""
        return f"{_in_week(self.start)} to {_in_week(self.end)}"


class Engineer(Frozen):
    """One person of a centre. Their `shifts` are in their `zone`, or in that of their centre where they have
    none.

    Who has no shifts of their own works those of the centre. `address` is where they are paged.
    """

    name: Line
    region: Key
    tier: Tier = Tier.L1
    skills: tuple[Skill, ...] = Field(default=(), max_length=200)
    languages: tuple[Key, ...] = Field(default=(), max_length=50)
    address: PagedAt | None = None
    zone: Zone | None = None
    shifts: tuple[Shift, ...] = Field(default=(), max_length=50)

    @field_validator("shifts")
    @classmethod
    def _one_shift_at_a_time(cls, shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
        planned = sorted(part for shift in shifts for part in _planned(shift))
        around = [*planned, *(_Planned(one.start + _WEEK_MINUTES, one.end) for one in planned[:1])]
        for first, second in pairwise(around):
            if second.start < first.end:
                raise ValueError(f"{first} overlaps {second}; a person has one shift at a time")
        return shifts


def _planned(shift: Shift) -> Iterator[_Planned]:
    start, end = _minutes(shift.start), _minutes(shift.end)
    for day in shift.days:
        begin = _WEEK.index(day) * _DAY_MINUTES
        yield _Planned(begin + start, begin + end + (0 if end > start else _DAY_MINUTES))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _in_week(minutes: int) -> str:
    day, rest = divmod(minutes % _WEEK_MINUTES, _DAY_MINUTES)
    return f"{_WEEK[day]} {rest // 60:02}:{rest % 60:02}"


class Presence(Frozen):
    """Where one engineer stands: checked in at a centre `[since, until)`, away `[away_from, away_until)`.

    Without `until` the check-in holds until they check out, without `away_until` they are away until they
    are back. Instants are UTC. `open_cases` are those assigned to them.
    """

    engineer: Engineer
    region: Key | None = None
    since: datetime | None = None
    until: datetime | None = None
    away_from: datetime | None = None
    away_until: datetime | None = None
    open_cases: int = 0

    def is_away(self, at: datetime) -> bool:
        """Tell whether they are away at an instant, checked in or not."""
        return _holds(self.away_from, self.away_until, at)

    def is_on_shift(self, at: datetime) -> bool:
        """Tell whether they have checked in and are not away at an instant."""
        return _holds(self.since, self.until, at) and not self.is_away(at)


def _holds(since: datetime | None, until: datetime | None, at: datetime) -> bool:
    return since is not None and since <= at and (until is None or at < until)


def who_takes(
    people: Iterable[Presence], skill: str | None = None, tier: Tier | None = None
) -> Engineer | None:
    """Choose who of those on shift takes a case, by the fewest open cases, then by name.

    Before that somebody of the tier or above, with the skill (RHIPE-40); both are preferences: where nobody
    there is, the case still gets somebody.
    """

    def order(one: Presence) -> tuple[bool, bool, int, str]:
        below = not reaches(one.engineer.tier, tier)
        lacks = skill is not None and skill not in one.engineer.skills
        return below, lacks, one.open_cases, one.engineer.name

    best = min(people, key=order, default=None)
    return None if best is None else best.engineer


def reaches(tier: Tier | None, wanted: Tier | None) -> bool:
    """Tell whether somebody of a tier may take a case of another; nobody knows is not enough."""
    return wanted is None or (tier is not None and _TIERS.index(tier) >= _TIERS.index(wanted))


def stays_until(shifts: tuple[OpenSpan, ...], at: datetime) -> datetime:
    """Say when a check-in ends by itself: with the shift it is for, for some forget to check out.

    That is the shift running at `at`, or one that begins within `STAY`; else `STAY` after `at`.
    """
    ends = (span.closes_at for span in shifts if span.opens_at <= at + STAY and span.closes_at > at)
    return next(ends, at + STAY)
