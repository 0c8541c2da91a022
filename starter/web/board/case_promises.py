"""The promises of a case: when each is due, what is left in the unit that counts, and why it is due then."""

from dataclasses import dataclass
from datetime import datetime

from domain.case import Case
from domain.views.explain import Explanation, explain
from domain.views.remaining import Band, Remaining, counted, elapsed, remaining
from domain.views.staff import DeadlineView
from starter.door.case_reader import Seen
from starter.web.board.cells import says

_LOOKS = {Band.ON_TIME: "good", Band.SOON: "soon", Band.NOW: "now", Band.MISSED: "late"}


@dataclass(frozen=True)
class Promise:
    """One promise; `why` is there where it needs no question to the engine."""

    row: DeadlineView
    left: Remaining
    why: Explanation | None

    @property
    def looks(self) -> str:
        """How near it is, as a class of the page."""
        return _LOOKS[self.left.band]

    @property
    def says(self) -> str:
        """What is left of it, or how late it is."""
        return says(self.left)


def promises_of(seen: Seen, now: datetime) -> tuple[Promise, ...]:
    """List the promises that run, the nearest first."""
    return tuple(
        Promise(row, _left(row, seen.case, now), explain(seen.case, row.clock) if seen.case else None)
        for row in seen.view.deadlines
    )


def _left(row: DeadlineView, case: Case | None, now: datetime) -> Remaining:
    due_at = row.due_at or row.missed_at or row.started_at
    by = counted(case, row.clock) if case else None
    return remaining(by, due_at, now) if by else elapsed(row.started_at, due_at, now)
