"""A span of time and whose cases are meant: what every figure is asked of.

This room writes conditions; what is counted under them is said by whoever counts.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, true

from activities.store.tables import cases, timeline_entries
from domain.frozen import Frozen
from domain.timeline import EntryKind


class Period(Frozen):
    """`[since, until)`, UTC; of one tenant or all, under one policy (in any version, or in one) or all."""

    since: datetime
    until: datetime
    tenant: str | None = None
    policy: str | None = None


def whose(period: Period) -> ColumnElement[bool]:
    """Say whose cases are meant, whenever they came."""
    theirs: list[ColumnElement[bool]] = []
    if period.tenant is not None:
        theirs.append(cases.c.tenant == period.tenant)
    if period.policy is not None:
        versions = cases.c.policy.startswith(f"{period.policy}@", autoescape=True)
        theirs.append(or_(cases.c.policy == period.policy, versions))
    return and_(true(), *theirs)


def received(period: Period) -> ColumnElement[bool]:
    """Say that a case was received in a period."""
    return and_(cases.c.received_at >= period.since, cases.c.received_at < period.until, whose(period))


def happened(period: Period) -> ColumnElement[bool]:
    """Say that an entry of a timeline is of a period; whose it is, the case has to say."""
    return and_(timeline_entries.c.at >= period.since, timeline_entries.c.at < period.until)


def is_a(kind: EntryKind) -> ColumnElement[bool]:
    """Say of which kind an entry is, in the very words by which the index of what is counted is made."""
    return timeline_entries.c.kind == literal_column(f"'{kind.value}'", timeline_entries.c.kind.type)


def is_of_all(period: Period) -> bool:
    """Tell whether nobody's cases are left out."""
    return period.tenant is None and period.policy is None


def count_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Count the rows of which something is true."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
