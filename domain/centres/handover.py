"""A case on its way from one centre to the next."""

from datetime import datetime

from domain.frozen import Frozen


class Handover(Frozen):
    """An offer of a case to a centre; every instant UTC.

    The giver keeps the case until somebody accepts. It changes hands at `effective_at`, the end of the
    giver's shift, or at the acceptance where that is later. `until` is the end of the taker's own shift,
    `engineer` who would get it there, `contact` the address of that centre. Where nobody has to accept
    (`automatic`), the centre accepts by taking the note about the case. `confirmed` is what the taker said
    they do next.
    """

    to: str
    offered_at: datetime
    effective_at: datetime
    until: datetime
    engineer: str | None = None
    contact: str | None = None
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    automatic: bool = False
    confirmed: str | None = None
