"""Which case a vendor's own number belongs to, from what the store knows.

This room reads: what our own messages to the vendor were answered, and what people said in a case.
"""

from sqlalchemy import select, union

from activities.database import Database
from activities.tables import delivery_ledger, timeline_entries
from domain.effects import Channel, EffectKind
from domain.timeline import EntryKind

_SAID = (EntryKind.ESCALATED_TO_VENDOR.value, EntryKind.VENDOR_TICKET_OPENED.value)
_MOST = 3


async def cases_at_vendor(store: Database, reference: str) -> tuple[str, ...]:
    """This will return the ids of the cases the vendor knows by a number: one, unless somebody erred."""
    opened = select(delivery_ledger.c.case_id).where(
        delivery_ledger.c.kind == EffectKind.VENDOR_TICKET.value,
        delivery_ledger.c.channel == Channel.VENDOR.value,
        delivery_ledger.c.answer == reference,
    )
    told = select(timeline_entries.c.case_id).where(
        timeline_entries.c.kind.in_(_SAID), timeline_entries.c.about == reference
    )
    async with store.reading() as connection:
        found = await connection.execute(union(opened, told).limit(_MOST))
        return tuple(sorted(row[0] for row in found))
