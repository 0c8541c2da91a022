"""A case that a department of our own has been asked to take up."""

from datetime import datetime

from domain.frozen import Frozen


class Referral(Frozen):
    """Which department, since when, and when it contacted the customer; instants UTC (RHIPE-31)."""

    department: str
    since: datetime
    contacted_at: datetime | None = None
    contacted_by: str | None = None
