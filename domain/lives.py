"""The lives of a reference: what the case store holds under an id that is about to be opened.

The engine forgets a case after its retention, and one can be ended by hand: the same reference may then
begin another life under the same id. Two lives are told apart by when the first run of each was started:
neither a turn-over nor a reset of the engine changes that (measured).
"""

from datetime import datetime

from domain.frozen import Frozen
from domain.phase import Phase


class Beginning(Frozen):
    """Which life is about to begin: the id of its workflow, and when (UTC) its first run was started."""

    case_id: str
    begun_at: datetime


class StoredLife(Frozen):
    """The life the store holds; `is_own` where it is the very one that asks, which a reset lets begin anew.

    `begun_at` is None for one recorded before 0.3, `request_digest` where it was never closed.
    """

    case_id: str
    number: str
    phase: Phase
    closed_at: datetime | None = None
    begun_at: datetime | None = None
    request_digest: str | None = None
    is_own: bool = False

    @property
    def is_over(self) -> bool:
        """Return whether nobody works on it any more."""
        return self.phase in (Phase.CLOSED, Phase.ARCHIVED)
