"""What views show of planned work, remote sessions, root causes and visits.

A part of `domain.views.staff`: first what staff and customer see alike, then what staff see besides.
"""

from datetime import datetime

from domain.frozen import Frozen
from domain.messages.access import AccessRequest, SiteVisit
from domain.root_cause import RootCause
from domain.sessions import RemoteSession

REQUESTED = ("start_at", "start_zone", "access", "test")
"""Fields of a request that are shown as they are."""


class AgreedView(Frozen):
    """What was agreed with the customer: planned work begins at `start_at` (UTC), told in `start_zone`.

    `test`: it is one. `session` is the latest remote session, `appointment` one still agreed on that it did
    not replace.
    """

    start_at: datetime | None = None
    start_zone: str | None = None
    session: RemoteSession | None = None
    appointment: RemoteSession | None = None
    access: AccessRequest | None = None
    test: bool | None = None
    root_cause: RootCause | None = None


class SpecialView(AgreedView):
    """What staff see besides: who came to the site."""

    visit: SiteVisit | None = None
