"""An outage as the case it is declared in knows it: since when, who is told, and how long it lasted.

DED-28 to DED-35. No address of a list of the tenant is kept here, only those a notice was given itself.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.frozen import Frozen
from domain.mailbox import AnyAddress

OUTAGE_AUDIENCE = "outage_audience"
"""The tenant's list that outage notices go to (DED-30, GAP-27); all others of the policy are internal."""

MOST_ADDRESSES = 10
"""Addresses one notice may name itself; who has more keeps a list (ours: they travel with the case)."""


class OutageEnd(StrEnum):
    """How an outage ended: service is back, its level is none for outages, it was none, the case is over."""

    RESTORED = "restored"
    LOWERED = "lowered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class OutageSpan(Frozen):
    """What is measured of an outage; every instant UTC.

    `began_at` is the onset, or the declaration where no onset is known. `minutes` are those from there to
    the end, a begun one counted whole; `earlier_minutes` those of earlier outages of the same case that were
    not withdrawn. `notices` counts what people told of it, the last one at `noticed_at`.
    """

    declared_at: datetime
    began_at: datetime
    ended_at: datetime | None = None
    ended_by: OutageEnd | None = None
    minutes: int | None = None
    earlier_minutes: int = 0
    notices: int = 0
    noticed_at: datetime | None = None
    expected_resolution_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """True until the outage has ended."""
        return self.ended_at is None

    @property
    def counted_minutes(self) -> int:
        """Sum the minutes of outages that have ended; one that was withdrawn was none."""
        own = 0 if self.ended_by is OutageEnd.WITHDRAWN else self.minutes or 0
        return self.earlier_minutes + own


class Outage(OutageSpan):
    """The outage of one case. `audience`: the addresses its notices name; none stands for the tenant's list.

    `details` and `impact` are what the last notice said, shortened, for one the system repeats (DED-31).
    """

    audience: tuple[AnyAddress, ...] = ()
    details: str | None = None
    impact: str | None = None

    @property
    def span(self) -> OutageSpan:
        """Leave out who is told and with which words."""
        return OutageSpan(**{name: getattr(self, name) for name in OutageSpan.model_fields})


def minutes_between(began_at: datetime, ended_at: datetime) -> int:
    """Count minutes, a begun one whole; none where the end is not after the beginning."""
    return max(-((began_at - ended_at) // timedelta(minutes=1)), 0)
