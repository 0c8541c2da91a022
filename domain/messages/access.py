"""Hands or entry at a customer's own equipment in the vendor's rooms: what is asked for, and who came.

DED-36 to DED-39. Which tasks hands may do, and who may ask, is the policy's to say.
"""

from datetime import datetime
from enum import StrEnum

from domain.frozen import Frozen
from domain.messages.base import Instant
from domain.text import Line


class AccessKind(StrEnum):
    """The two ways to get something done in a room one cannot enter by oneself (DED-37)."""

    REMOTE_HANDS = "remote_hands"
    SITE_ACCESS = "site_access"


class AccessRequest(Frozen):
    """What is asked for: one task for the technician there, or a visit within a window.

    A visit is by somebody of the vendor or carrier, from `window_start` to `window_end`, both inclusive
    (DED-39).
    """

    kind: AccessKind
    equipment: Line
    task: Line | None = None
    visitor: Line | None = None
    window_start: Instant | None = None
    window_end: Instant | None = None

    def is_within(self, at: datetime) -> bool:
        """Tell whether an arrival (UTC) lies in the window; both its ends do."""
        assert self.window_start is not None
        assert self.window_end is not None
        return self.window_start <= at <= self.window_end


class SiteVisit(Frozen):
    """Who was let in and when (UTC), and how often somebody was turned away at the door."""

    visitor: str | None = None
    admitted_at: datetime | None = None
    denials: int = 0
    denied_at: datetime | None = None
