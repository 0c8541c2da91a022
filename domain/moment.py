"""How a case stood from an instant on: the few facts that lists and pages show of it, kept as it changes.

Of its life the case store keeps one for each change, so that a case can be shown as it stood.
"""

from datetime import datetime

from domain.actor import Tier
from domain.clocks import Clock
from domain.frozen import Sparse
from domain.phase import Phase


class Promised(Sparse):
    """A promise that ran, as it stood: since when and until when, or since when it was missed (UTC)."""

    clock: Clock
    started_at: datetime
    due_at: datetime | None = None
    missed_at: datetime | None = None
    rule: str = ""


class Moment(Sparse):
    """A case `at` an instant (UTC), and until the next of its moments; `version` is the case's own.

    The fields are those of its row; `promises` are the clocks that ran, None where they are not known: of a
    case that was there before moments were kept. `waiting_for` is shortened.
    """

    version: int
    entries: int
    at: datetime
    policy: str
    plan: str
    title: str
    category: str | None = None
    level: str
    rank: int
    phase: Phase
    region: str
    offered_to: str | None = None
    accepted_by: str | None = None
    tier: Tier | None = None
    assignee: str | None = None
    response_promised: bool | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    next_clock: str | None = None
    next_due_at: datetime | None = None
    owed_clock: str | None = None
    owed_at: datetime | None = None
    updates_by_staff: int = 0
    updates_by_system: int = 0
    updates_missed: int = 0
    breaches: int = 0
    reopens: int = 0
    waiting_for: str | None = None
    waiting_since: datetime | None = None
    promises: tuple[Promised, ...] | None = None

    def says_the_same_as(self, other: "Moment | None") -> bool:
        """Tell whether nothing that is shown has changed between two of them."""
        if other is None:
            return False
        return self.model_copy(update={name: getattr(other, name) for name in _WHEN}) == other


_WHEN = ("version", "entries", "at")
