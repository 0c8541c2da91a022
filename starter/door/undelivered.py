"""What never arrived, or is still being tried, by whichever way it went, for who looks after it.

What was posted to a webhook is kept and can be sent again; of a mail nothing is kept once it was given up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from activities.store.case_store import CaseStore
from activities.store.deliveries import Deliveries, DeliveryPlace, DeliveryRow
from activities.store.ledger import DeliveryStatus
from domain.actor import Actor
from domain.record import CaseRow
from starter.door.permission import may_see_deliveries
from starter.door.session import Session

PAGE = 50
"""Rows of a page (ours)."""

STALE_AFTER = timedelta(minutes=5)
"""How long something may be on its way before it is listed (ours); most arrives within seconds."""


class Undelivered(NamedTuple):
    """One that did not arrive, with its case where there is one; `is_kept`: it can be sent again."""

    row: DeliveryRow
    case: CaseRow | None
    is_kept: bool


class UndeliveredPage(NamedTuple):
    """Those that never arrived, the latest first, and those that are tried for a while, `at` an instant."""

    at: datetime
    lost: tuple[Undelivered, ...]
    tried: tuple[Undelivered, ...]
    more: DeliveryPlace | None


async def see_undelivered(
    session: Session, actor: Actor, after: DeliveryPlace | None = None
) -> UndeliveredPage:
    """List what did not arrive. Raises: Fault (refused, unreachable)."""
    may_see_deliveries(actor)
    now = session.now()

    async def read(store: CaseStore) -> UndeliveredPage:
        book = Deliveries(store)
        lost = await book.unsettled(DeliveryStatus.UNDELIVERABLE, after, PAGE + 1)
        tried = await book.unsettled(DeliveryStatus.BEGUN, None, PAGE, before=now - STALE_AFTER)
        more = DeliveryPlace.of(lost[PAGE - 1][0]) if len(lost) > PAGE else None
        return UndeliveredPage(
            now, await _with_cases(store, lost[:PAGE]), await _with_cases(store, tried), more
        )

    return await session.read(read)


async def see_delivery(session: Session, actor: Actor, effect_id: str) -> DeliveryRow | None:
    """Read how one delivery by webhook stands; None where there is none of that id. Raises: Fault."""
    may_see_deliveries(actor)
    return await session.read(lambda store: Deliveries(store).find(effect_id))


async def _with_cases(store: CaseStore, rows: Sequence[tuple[DeliveryRow, bool]]) -> tuple[Undelivered, ...]:
    cases = {one: await store.case_row(one) for one in {row.case_id for row, _ in rows}}
    return tuple(Undelivered(row, cases[row.case_id], is_kept) for row, is_kept in rows)
