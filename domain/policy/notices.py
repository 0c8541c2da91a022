"""Who of our own side hears of a promise that nobody keeps."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from domain.frozen import Frozen
from domain.policy.durations import Duration, Key, in_words

AGAIN_AT_MOST_EVERY = timedelta(minutes=5)
"""Ours: each rung is an event in the record of a case."""


class Rung(Frozen):
    """One rung of the ladder: who is told, how long after the promise was missed, and how often again.

    Without `after` at once, without `every` once. Of the `levels` named, or of any. `assignee` is whoever
    works on the case, or its centre where nobody does.
    """

    to: Literal["assignee", "centre", "tss", "sdm"]
    after: Duration | None = None
    every: Annotated[Duration | None, Field(ge=AGAIN_AT_MOST_EVERY)] = None
    levels: tuple[Key, ...] = ()

    def __str__(self) -> str:
        """Say the rung in words: `sdm after 4 h, then every 24 h (P1)`."""
        again = f", then every {in_words(self.every)}" if self.every else ""
        levels = f" ({' '.join(self.levels)})" if self.levels else ""
        return f"{self.to} {f'after {in_words(self.after)}' if self.after else 'at once'}{again}{levels}"

    def comes_by(self, passed: timedelta) -> int:
        """Count how often it has come once `passed` has gone by since the miss, inclusive."""
        over = passed - (self.after or timedelta(0))
        if over < timedelta(0):
            return 0
        return over // self.every + 1 if self.every else 1

    def last_by(self, passed: timedelta) -> timedelta | None:
        """Name when it came last, counted from the miss; None where it has not come yet."""
        count = self.comes_by(passed)
        return self._nth(count) if count else None

    def next_after(self, passed: timedelta) -> timedelta | None:
        """Name when it comes next, counted from the miss; None where it came once and for all."""
        count = self.comes_by(passed)
        return None if count and self.every is None else self._nth(count + 1)

    def _nth(self, number: int) -> timedelta:
        return (self.after or timedelta(0)) + (number - 1) * (self.every or timedelta(0))


DEFAULT_LADDER = (
    Rung(to="assignee", every=timedelta(hours=4)),
    Rung(to="centre", after=timedelta(hours=1), every=timedelta(hours=4)),
    Rung(to="tss", after=timedelta(hours=2), every=timedelta(hours=8)),
    Rung(to="sdm", after=timedelta(hours=4), every=timedelta(hours=24)),
)
"""Assumed: no guide says who is told next, and when (house rule on missed promises)."""


class NoticeRules(Frozen):
    """How a missed promise climbs, until a person acts; an empty ladder tells the TSS once and nobody else.

    It begins when a first answer was missed, or when `stale_updates_before_notice` updates in a row were the
    system's, or updates were missed.
    """

    ladder: tuple[Rung, ...] = DEFAULT_LADDER
