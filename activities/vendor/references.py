"""Which case a vendor's own number belongs to, from what the store knows.

This room reads: what our own messages to the vendor were answered, and what people said in a case.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union

from activities.store.database import Database
from activities.store.delivery_tables import delivery_ledger
from activities.store.tables import timeline_entries
from domain.effects import Channel, EffectKind
from domain.timeline import EntryKind

_SAID = (EntryKind.ESCALATED_TO_VENDOR.value, EntryKind.VENDOR_TICKET_OPENED.value)
_MOST = 3


async def cases_at_vendor(store: Database, reference: str) -> tuple[str, ...]:
    """Return the ids of the cases the vendor knows by a number: one, unless somebody erred."""
    opened, told = _opened(delivery_ledger.c.case_id), _told(timeline_entries.c.case_id)
    mine = delivery_ledger.c.answer == reference
    theirs = timeline_entries.c.about == reference
    async with store.reading() as connection:
        found = await connection.execute(union(opened.where(mine), told.where(theirs)).limit(_MOST))
        return tuple(sorted(row[0] for row in found))


async def references_of(store: Database, case_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the vendor's own numbers of cases, by the ids of those that have one."""
    opened = _opened(delivery_ledger.c.case_id, delivery_ledger.c.answer.label("reference"))
    told = _told(timeline_entries.c.case_id, timeline_entries.c.about.label("reference"))
    both = union(
        opened.where(delivery_ledger.c.case_id.in_(case_ids)),
        told.where(timeline_entries.c.case_id.in_(case_ids)),
    )
    found: dict[str, list[str]] = {}
    async with store.reading() as connection:
        for case_id, reference in await connection.execute(both):
            if reference:
                found.setdefault(case_id, []).append(reference)
    return {case_id: tuple(sorted(references)) for case_id, references in found.items()}


def _opened(*columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(
        delivery_ledger.c.kind == EffectKind.VENDOR_TICKET.value,
        delivery_ledger.c.channel == Channel.VENDOR.value,
    )


def _told(*columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(timeline_entries.c.kind.in_(_SAID))
