"""A remote session: an engineer sees the customer's screen, or takes control of it, once they may.

RHIPE-26, CSS-07. A case keeps its latest session; the timeline keeps every one.
"""

from datetime import datetime
from enum import StrEnum

from domain.frozen import Frozen


class SessionMode(StrEnum):
    """How far the engineer may go; that is at the customer's discretion (RHIPE-26)."""

    VIEW = "view"
    CONTROL = "control"


class SessionState(StrEnum):
    """Where a session stands."""

    SCHEDULED = "scheduled"
    UNDER_WAY = "under_way"
    ENDED = "ended"
    CANCELLED = "cancelled"


class RemoteSession(Frozen):
    """One session; every instant UTC.

    `starts_at`, `ends_at` and `zone` are what was agreed, None where it began without an appointment.
    `consent_by` granted it, `started_at` and `ended_at` are when it took place, `cancelled_at` when it was
    called off.
    """

    mode: SessionMode | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zone: str | None = None
    consent: bool = False
    consent_by: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def state(self) -> SessionState:
        """Say where it stands."""
        if self.ended_at is not None:
            return SessionState.ENDED
        if self.started_at is not None:
            return SessionState.UNDER_WAY
        return SessionState.SCHEDULED if self.cancelled_at is None else SessionState.CANCELLED

    @property
    def is_awaited(self) -> bool:
        """True for one that is agreed on and has neither begun nor been called off."""
        return self.state is SessionState.SCHEDULED
