"""One promise as a customer is told it, and what became of it: what row, record and reader share."""

from datetime import datetime
from enum import StrEnum

from domain.clocks import Clock
from domain.frozen import Frozen


class CustomerPromise(Frozen):
    """What a letter promises: its clock, when it is due (UTC), at which level, and under which terms.

    `policy` is its name and version, `calendar` the digest of the customer's calendar. `entry` is the last
    entry of the timeline when it was told: whatever keeps it has a later number.
    """

    clock: Clock
    due_at: datetime
    level: str
    policy: str
    calendar: str
    entry: int


class Standing(StrEnum):
    """How a promise ended."""

    KEPT = "kept"
    LATE = "late"
    REPLACED = "replaced"
    VOID = "void"
    UNTOLD = "untold"


class Why(StrEnum):
    """Why a promise ended otherwise than by being kept."""

    CASE_CLOSED = "case_closed"
    CASE_RESOLVED = "case_resolved"
    CASE_REOPENED = "case_reopened"
    CUSTOMER_WROTE = "customer_wrote"
    LEVEL_CHANGED = "level_changed"
    INTERVAL_AGREED = "interval_agreed"
    TERMS_CHANGED = "terms_changed"
    WITH_VENDOR = "with_vendor"
    MOVED = "moved"
    NOT_DELIVERED = "not_delivered"


class Ending(Frozen):
    """How a promise ended and when (UTC); `late_seconds` after it was due, 0 where it was in time.

    `by` is the id of the promise that took its place.
    """

    standing: Standing
    at: datetime
    late_seconds: int = 0
    why: Why | None = None
    by: str | None = None


class ToldPromise(Frozen):
    """One promise told about a case, its record, and how it ended, with the record of that; instants UTC.

    `record` and `outcome` are None where no key signs them; `standing` is None while it has not ended. `id`
    names it, `before` and `ended_by` the one whose place it took, and the one that took its own.
    """

    id: str
    clock: Clock
    due_at: datetime
    told_at: datetime
    level: str
    policy: str
    calendar: str
    before: str | None = None
    record: str | None = None
    standing: Standing | None = None
    ended_at: datetime | None = None
    late_seconds: int | None = None
    why: Why | None = None
    ended_by: str | None = None
    outcome: str | None = None
