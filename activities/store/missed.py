"""Which promises were missed in a period, at which time of the day, by the centre that had the case then.

Who had a case is told by its handoffs: the taker of the last one before, else the giver of the next one
after, else the centre that has it still.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import reduce
from operator import add, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.instants import QUARTER, quarter
from activities.store.period import Period, happened, is_a, whose
from activities.store.tables import cases, timeline_entries
from domain.timeline import EntryKind
from domain.views.handoff_tax import parties

_QUARTERS = 24 * 3600 // QUARTER  # of a day


class _Handoff(NamedTuple):
    number: int
    about: str


class Missed(NamedTuple):
    """Promises of one kind that a centre missed at one time of the day.

    `at` (UTC) begins the quarter of an hour in which the first of them was missed; the others were at the
    same time of other days on which all clocks stood as they did then.
    """

    at: datetime
    centre: str
    clock: str


async def missed(
    connection: AsyncConnection, period: Period, changes: Sequence[datetime] = ()
) -> Counter[Missed]:
    """Count the promises missed in a period; of updates each due instant.

    At the `changes` (UTC) some clock is put on or back: what was before each is apart from what was after.
    """
    handoffs = await _handoffs(connection, period)
    found: Counter[Missed] = Counter()
    for row in await connection.execute(_missed(period, changes)):
        centre = _owner_at(row.number, handoffs.get(row.case_id, ()), row.region)
        at = datetime.fromtimestamp(row.first * QUARTER, UTC)
        found[Missed(at, centre, row.about or "-")] += row.times
    return found


def _owner_at(number: int, handoffs: Sequence[_Handoff], has_it: str) -> str:
    """Name the centre that had a case at the entry of a number."""
    earlier = bisect_left(handoffs, number, key=itemgetter(0))
    if earlier:
        return parties(handoffs[earlier - 1].about)[1]
    return parties(handoffs[0].about)[0] if handoffs else has_it


def _missed(period: Period, changes: Sequence[datetime]) -> Select[*tuple[Any, ...]]:
    """Count by time of day where a case has stayed; of one that has moved each miss has its own row."""
    entry = timeline_entries.c
    has_moved = entry.case_id.in_(select(entry.case_id).where(is_a(EntryKind.HANDED_OVER)))
    each = (
        select(
            quarter(entry.at).label("quarter"),
            _stage(entry.at, changes).label("stage"),
            entry.about,
            func.coalesce(entry.count, 1).label("times"),
            case((has_moved, entry.case_id)).label("case_id"),
            case((has_moved, entry.number)).label("number"),
            cases.c.region,
        )
        .join(cases, cases.c.case_id == entry.case_id)
        .where(_is_missed(period), whose(period))
        .subquery()
        .c
    )
    by = (each.about, each.case_id, each.number, each.region)
    sums = (func.min(each.quarter).label("first"), func.sum(each.times).label("times"))
    return select(*by, *sums).group_by(*by, each.quarter % _QUARTERS, each.stage)


def _stage(at: ColumnElement[Any], changes: Sequence[datetime]) -> ColumnElement[int]:
    """Count how many of some instants an instant is not before."""
    later = [case((at >= change, 1), else_=0) for change in changes]
    return reduce(add, later, literal_column("0", Integer))


async def _handoffs(connection: AsyncConnection, period: Period) -> dict[str, list[_Handoff]]:
    """Read the handoffs of every case of which something was missed in a period, each in order."""
    entry = timeline_entries.c
    of_them = entry.case_id.in_(select(entry.case_id).where(_is_missed(period)))
    query = select(entry.case_id, entry.number, entry.about).where(is_a(EntryKind.HANDED_OVER), of_them)
    found: dict[str, list[_Handoff]] = {}
    for case_id, number, about in await connection.execute(query):
        found.setdefault(case_id, []).append(_Handoff(number, about))
    return {case_id: sorted(handoffs) for case_id, handoffs in found.items()}


def _is_missed(period: Period) -> ColumnElement[bool]:
    return and_(is_a(EntryKind.BREACHED), happened(period))
