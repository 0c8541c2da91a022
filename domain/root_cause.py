"""What caused a problem, where that is known, and whether it is to be found out.

WEST-11, CONF-14: a cause may be offered with the resolution; an analysis of it may be charged.
"""

from datetime import datetime

from domain.frozen import Frozen


class RootCause(Frozen):
    """The cause as the resolution named it, shortened, and the latest wish for an analysis; instants UTC.

    `quote_ref` is the quote the requester has accepted, where the analysis is charged.
    """

    found: str | None = None
    found_at: datetime | None = None
    requested_at: datetime | None = None
    requested_by: str | None = None
    quote_ref: str | None = None
