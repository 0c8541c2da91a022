"""Lists of cases as every door gives them: of whom they may be, and by names that somebody has."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from activities.store.case_list import CaseFilter, Cursor
from domain.actor import Actor, Tier
from domain.record import CaseRow
from starter.door.known_as import narrowed_to
from starter.door.known_names import check_names
from starter.door.permission import listed_tenant, staff_only
from starter.door.policies_in_force import known_region
from starter.door.session import Session


class Queue(NamedTuple):
    """What a centre has and is offered; `written_at` is when the store was last told of any case (UTC)."""

    region: str
    rows: tuple[CaseRow, ...]
    written_at: datetime | None


async def list_cases(session: Session, actor: Actor, wanted: CaseFilter) -> tuple[CaseRow, ...]:
    """List cases; a requester's list is of their own tenant. Raises: Fault for a name that nobody has.

    One's own name may be that of nobody who has a case: the list is empty then, and no slip.
    """
    own = await named_cases(session, actor, wanted)
    rows: tuple[CaseRow, ...] = await session.read(lambda store: store.cases(own))
    return rows


async def named_cases(session: Session, actor: Actor, wanted: CaseFilter) -> CaseFilter:
    """Return which cases somebody may list of those they want. Raises: Fault as above."""
    whose = {"tenant": listed_tenant(actor, wanted.tenant), "known_as": await narrowed_to(session, actor)}
    own = wanted.model_copy(update=whose)
    await check_names(
        session,
        actor,
        tenant=own.tenant,
        owner=None if own.assignee == actor.name else own.assignee,
        policy=own.policy,
        regions={"region": own.region, "offered_to": own.offered_to},
        levels=own.levels,
    )
    return own


async def list_queue(
    session: Session,
    actor: Actor,
    region: str,
    levels: Sequence[str] = (),
    tier: Tier | None = None,
    limit: int = 50,
    after: Cursor | None = None,
) -> Queue:
    """List the open cases of a centre and those offered to it. Raises: Fault (refused)."""
    staff_only(actor, "the queue of a centre")
    known = known_region(region)
    wanted = CaseFilter(queue=known, levels=tuple(levels), tier=tier, limit=limit, after=after)
    rows = await session.read(lambda store: store.cases(wanted))
    return Queue(known, rows, await session.read(lambda store: store.newest_row_at()))
