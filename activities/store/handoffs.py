"""The handoffs of a period: from whom to whom, and what the latest of them cost (RHIPE-25).

What one cost is the domain's to say, of a whole timeline; so many timelines are read, and no more.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.period import Period, happened, is_a, is_of_all, whose
from activities.store.tables import cases, timeline_entries
from domain.actor import ActorKind
from domain.frozen import Frozen
from domain.timeline import EntryKind, TimelineEntry
from domain.views.handoff_tax import HandoffTax, handoff_taxes, parties

MOST_READ = 500
"""Handoffs whose cost is read, the latest (ours): each takes the timeline of its case."""


class Way(Frozen):
    """How often cases went from one centre to another."""

    giver: str
    taker: str
    count: int


_TELLS = (
    EntryKind.HANDED_OVER,
    EntryKind.HANDOFF_ACCEPTED,
    EntryKind.NEXT_ACTION_CONFIRMED,
    EntryKind.QUESTION_ASKED,
)
_READ = ("case_id", "number", "at", "kind", "by", "by_kind", "about")
_IS_QUESTION = timeline_entries.c.kind == EntryKind.QUESTION_ASKED.value
_TEXT = case((_IS_QUESTION, timeline_entries.c.text)).label("text")
_COLUMNS = (*(timeline_entries.c[name] for name in _READ), _TEXT)


async def ways(connection: AsyncConnection, period: Period) -> tuple[Way, ...]:
    """Count the handoffs of a period by giver and taker, the most frequent first."""
    about = timeline_entries.c.about
    query = _handed_over(period, select(about, func.count())).group_by(about)
    found = [(*parties(row[0] or ""), int(row[1])) for row in await connection.execute(query)]
    each = [Way(giver=giver, taker=taker, count=count) for giver, taker, count in found]
    return tuple(sorted(each, key=lambda one: (-one.count, one.giver, one.taker)))


async def latest_taxes(connection: AsyncConnection, period: Period) -> tuple[HandoffTax, ...]:
    """Tell what the latest handoffs of a period cost, at most `MOST_READ` of them, the latest first."""
    entry = timeline_entries
    latest = _handed_over(period, select(entry.c.case_id)).order_by(entry.c.at.desc()).limit(MOST_READ)
    ids = list(dict.fromkeys((await connection.execute(latest)).scalars()))
    found = [
        tax
        for entries in await _timelines(connection, ids)
        for tax in handoff_taxes(entries)
        if period.since <= tax.theirs_at < period.until
    ]
    return tuple(sorted(found, key=lambda tax: tax.theirs_at, reverse=True)[:MOST_READ])


def _handed_over(period: Period, query: Select[Any]) -> Select[Any]:
    wanted = query.where(is_a(EntryKind.HANDED_OVER), happened(period))
    if is_of_all(period):
        return wanted
    return wanted.join(cases, cases.c.case_id == timeline_entries.c.case_id).where(whose(period))


async def _timelines(connection: AsyncConnection, ids: Iterable[str]) -> list[list[TimelineEntry]]:
    """Read of the timelines of some cases what tells the cost of handoffs, and what our people did."""
    entry = timeline_entries
    told = or_(entry.c.kind.in_([kind.value for kind in _TELLS]), entry.c.by_kind == ActorKind.STAFF.value)
    query = select(*_COLUMNS).where(entry.c.case_id.in_(list(ids)), told)
    found: dict[str, list[TimelineEntry]] = {}
    for row in await connection.execute(query.order_by(entry.c.case_id, entry.c.number)):
        found.setdefault(row.case_id, []).append(_entry(row))
    return list(found.values())


def _entry(row: Any) -> TimelineEntry:
    """Read an entry as it was validated when it was kept: to do so again for each takes long."""
    told = row._mapping
    given = {name: told[name] for name in _READ[1:]}
    by_kind = ActorKind(row.by_kind) if row.by_kind else None
    return TimelineEntry.model_construct(
        **_UNREAD | given | {"kind": EntryKind(row.kind), "by_kind": by_kind, "text": row.text}
    )


_UNREAD: dict[str, Any] = dict.fromkeys(TimelineEntry.model_fields) | {"internal": True}
