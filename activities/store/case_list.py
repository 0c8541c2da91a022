"""Which cases a list shows, in which order, and where the next page begins.

This room makes one query. Every value of a filter is a bound parameter; no text of a user ever becomes a
part of the statement.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from activities.store.case_search import ROW, matches, read
from activities.store.private_cases import for_whom
from activities.store.tables import cases
from domain.actor import Tier
from domain.frozen import Frozen
from domain.phase import OPEN, Phase
from domain.record import CaseRow

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a case with nothing due stands in the order: behind all others."""


class Cursor(Frozen):
    """The place of one case in the order of lists; the next page begins behind it."""

    due_at: datetime
    rank: int
    case_id: str

    @classmethod
    def of(cls, row: CaseRow) -> Self:
        """Mark the place of a row, usually the last one of a page."""
        return cls(due_at=row.next_due_at or _NEVER, rank=row.rank, case_id=row.case_id)


class CaseFilter(Frozen):
    """Which cases are wanted; what is not given does not narrow.

    `text` is looked for in everything a case may be found by (`activities.store.case_search`).
    `due_before` is exclusive, `overdue_at` too: what should have been kept by then. `policy` is one with its
    version or without. `queue` is a centre's: its open cases, and those offered to it. `known_as`: private
    cases only where they are for somebody known by one of these; None for whoever sees all. `newest_first`
    puts what was received last first, and the next page is what was `received_before` (exclusive).
    """

    tenant: str | None = None
    known_as: tuple[str, ...] | None = None
    phases: tuple[Phase, ...] = ()
    levels: tuple[str, ...] = ()
    region: str | None = None
    offered_to: str | None = None
    queue: str | None = None
    tier: Tier | None = None
    assignee: str | None = None
    unassigned: bool = False
    policy: str | None = None
    open_only: bool = False
    breached_only: bool = False
    due_before: datetime | None = None
    overdue_at: datetime | None = None
    text: str | None = None
    newest_first: bool = False
    received_before: datetime | None = None
    limit: int = Field(default=50, ge=1, le=1000)
    after: Cursor | None = None


_EXACT = ("tenant", "region", "offered_to", "tier", "assignee")
Columns = ReadOnlyColumnCollection[str, Any]
"""The columns of `cases`, or of a query that has the same ones."""


def is_open(of: Columns) -> ColumnElement[bool]:
    """Tell of rows whether a case is still worked on."""
    found: ColumnElement[bool] = of.phase.in_(sorted(phase.value for phase in OPEN))
    return found


IS_OPEN = is_open(cases.c)
"""Whether a case is still worked on now."""


def selection(wanted: CaseFilter) -> Select[tuple[object, ...]]:
    """Select the cases by next due instant, then rank; those with nothing due come last."""
    return page_of(select(*ROW).where(*conditions(wanted)), wanted, cases.c)


def page_of(query: Select[Any], wanted: CaseFilter, of: Columns) -> Select[Any]:
    """Put rows in the order of lists, and leave the page that is wanted."""
    due_at = case((of.next_due_at.is_(None), _NEVER), else_=of.next_due_at)
    if wanted.after is not None:
        place = wanted.after
        query = query.where(
            or_(
                due_at > place.due_at,
                and_(due_at == place.due_at, of.rank > place.rank),
                and_(due_at == place.due_at, of.rank == place.rank, of.case_id > place.case_id),
            )
        )
    if wanted.newest_first:
        return query.order_by(of.received_at.desc(), of.case_id).limit(wanted.limit)
    return query.order_by(due_at, of.rank, of.case_id).limit(wanted.limit)


def conditions(wanted: CaseFilter, of: Columns = cases.c) -> list[ColumnElement[bool]]:
    """Say what a case has to be to be listed: as its row is now, or `of` others with the same columns."""
    exact = {name: getattr(wanted, name) for name in _EXACT}
    found = [of[name] == value for name, value in exact.items() if value is not None]
    if wanted.queue is not None:
        own = and_(of.region == wanted.queue, is_open(of))
        found.append(or_(own, of.offered_to == wanted.queue))
    if wanted.phases:
        found.append(of.phase.in_([phase.value for phase in wanted.phases]))
    if wanted.levels:
        found.append(of.level.in_(wanted.levels))
    if wanted.open_only:
        found.append(is_open(of))
    if wanted.breached_only:
        found.append(of.breaches > 0)
    if wanted.due_before is not None:
        found.append(of.next_due_at < wanted.due_before)
    return [*found, *_more_conditions(wanted, of)]


def _more_conditions(wanted: CaseFilter, of: Columns) -> Iterator[ColumnElement[bool]]:
    if wanted.known_as is not None:
        yield for_whom(wanted.known_as, of)
    if wanted.unassigned:
        yield of.assignee.is_(None)
    if wanted.policy is not None:
        versions = of.policy.startswith(f"{wanted.policy}@", autoescape=True)
        yield or_(of.policy == wanted.policy, versions)
    if wanted.overdue_at is not None:
        yield and_(is_open(of), of.next_due_at < wanted.overdue_at)
    if wanted.received_before is not None:
        yield of.received_at < wanted.received_before
    if wanted.text is not None:
        matching = matches(read(wanted.text), ranked=False)
        yield false() if matching is None else of.case_id.in_(select(matching.c.case_id))
