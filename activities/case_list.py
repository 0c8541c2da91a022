"""Which cases a list shows, in which order, and where the next page begins.

This room makes one query. Every value of a filter is a bound parameter; no text of a user ever becomes a
part of the statement.
"""

from datetime import UTC, datetime
from typing import Self

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select

from activities.tables import cases
from domain.actor import Tier
from domain.frozen import Frozen
from domain.phase import OPEN, Phase
from domain.record import CaseRow

ROW = tuple(cases.c[name] for name in CaseRow.model_fields)
"""The columns of a row as lists show it."""

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Where a case with nothing due stands in the order: behind all others."""


class Cursor(Frozen):
    """The place of one case in the order of lists; the next page begins behind it."""

    due_at: datetime
    rank: int
    case_id: str

    @classmethod
    def of(cls, row: CaseRow) -> Self:
        """This will mark the place of a row, usually the last one of a page."""
        return cls(due_at=row.next_due_at or _NEVER, rank=row.rank, case_id=row.case_id)


class CaseFilter(Frozen):
    """Which cases are wanted; what is not given does not narrow.

    `text` is looked for, as it stands and whatever its capitals, in number, reference and title.
    `due_before` is exclusive. `queue` is a centre's: its open cases, and those offered to it.
    """

    tenant: str | None = None
    phases: tuple[Phase, ...] = ()
    levels: tuple[str, ...] = ()
    region: str | None = None
    offered_to: str | None = None
    queue: str | None = None
    tier: Tier | None = None
    assignee: str | None = None
    open_only: bool = False
    breached_only: bool = False
    due_before: datetime | None = None
    text: str | None = None
    limit: int = Field(default=50, ge=1, le=1000)
    after: Cursor | None = None


_EXACT = ("tenant", "region", "offered_to", "tier", "assignee")
_IS_OPEN = cases.c.phase.in_(sorted(phase.value for phase in OPEN))


def selection(wanted: CaseFilter) -> Select[tuple[object, ...]]:
    """This will select the cases by next due instant, then rank; those with nothing due come last."""
    due_at = case((cases.c.next_due_at.is_(None), _NEVER), else_=cases.c.next_due_at)
    query = select(*ROW).where(*_conditions(wanted))
    if wanted.after is not None:
        place = wanted.after
        query = query.where(
            or_(
                due_at > place.due_at,
                and_(due_at == place.due_at, cases.c.rank > place.rank),
                and_(due_at == place.due_at, cases.c.rank == place.rank, cases.c.case_id > place.case_id),
            )
        )
    return query.order_by(due_at, cases.c.rank, cases.c.case_id).limit(wanted.limit)


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    exact = {name: getattr(wanted, name) for name in _EXACT}
    found = [cases.c[name] == value for name, value in exact.items() if value is not None]
    if wanted.queue is not None:
        own = and_(cases.c.region == wanted.queue, _IS_OPEN)
        found.append(or_(own, cases.c.offered_to == wanted.queue))
    if wanted.phases:
        found.append(cases.c.phase.in_([phase.value for phase in wanted.phases]))
    if wanted.levels:
        found.append(cases.c.level.in_(wanted.levels))
    if wanted.open_only:
        found.append(_IS_OPEN)
    if wanted.breached_only:
        found.append(cases.c.breaches > 0)
    if wanted.due_before is not None:
        found.append(cases.c.next_due_at < wanted.due_before)
    if wanted.text is not None:
        named = (cases.c.number, cases.c.reference, cases.c.title)
        found.append(or_(false(), *(column.icontains(wanted.text, autoescape=True) for column in named)))
    return found
