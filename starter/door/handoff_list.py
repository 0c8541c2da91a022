"""How a lead accepts every case that is offered to a centre: one update each.

The list is the case store's; each case decides for itself whether it is still offered. The request id of each
is made of the one of the whole request, which can therefore be repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple
from uuid import uuid4

from activities.store.case_list import CaseFilter, Cursor
from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.record import CaseRow
from domain.verbs import Verb
from starter.door.faults import Fault, Kind, Way
from starter.door.permission import staff_only
from starter.door.policies_in_force import known_region
from starter.door.requests import ask, build
from starter.door.session import Session
from starter.door.speak import consult
from workflows.messages import Receipt

AT_ONCE = 16
"""Cases asked at a time: more gain nothing, one worker decides them one after the other (ours)."""

_PAGE = 1000
_PASSED_ON = "HandoffNotOffered"


class Accepted(NamedTuple):
    """What became of one case of the list: a receipt, or why not."""

    row: CaseRow
    receipt: Receipt | None
    fault: Fault | None = None

    @property
    def is_passed_on(self) -> bool:
        """Whether the case was offered no longer, which is no fault."""
        return self.fault is not None and self.fault.code == _PASSED_ON


async def accept_list(
    session: Session,
    actor: Actor,
    region: str,
    levels: Sequence[str],
    assignee: str | None,
    request_id: str | None,
) -> list[Accepted]:
    """Accept the cases of these levels (none named: all) that are offered to a centre. Raises: Fault."""
    staff_only(actor, "the list of a centre")
    known_region(region)
    actor, _ = await consult(session, actor, Verb.ACCEPT_HANDOFF, None, {"assignee": assignee})
    rows = await session.read(lambda store: offered(store, region, tuple(levels)))
    if rows:
        await session.client()  # a server that is away is said once

    async def accept(row: CaseRow, part: str) -> Receipt:
        message = build(session, actor, Verb.ACCEPT_HANDOFF, {"assignee": assignee}, part)
        return await ask(session, row.case_id, Verb.ACCEPT_HANDOFF, message)

    return await accept_each(rows, request_id or str(uuid4()), accept)


async def accept_each(
    rows: Iterable[CaseRow], whole: str, accept: Callable[[CaseRow, str], Awaitable[Receipt]]
) -> list[Accepted]:
    """Accept each case of a list, some at a time, under an id made of the one of the whole request."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def tried(row: CaseRow) -> Accepted:
        async with turn:
            try:
                return Accepted(row, await accept(row, f"{whole}/{row.number}"))
            except Fault as fault:
                fault.values["request_id"] = whole  # of the list, by which all of it is asked again
                return Accepted(row, None, fault)

    return await asyncio.gather(*map(tried, rows))


async def offered(store: CaseStore, region: str, levels: tuple[str, ...]) -> list[CaseRow]:
    """List every case that is offered to a centre, the nearest promise first."""
    found: list[CaseRow] = []
    wanted = CaseFilter(offered_to=region, levels=levels, limit=_PAGE)
    while page := await store.cases(wanted):
        found.extend(page)
        if len(page) < _PAGE:
            break
        wanted = wanted.model_copy(update={"after": Cursor.of(page[-1])})
    return found


def worst_of(answers: Sequence[Accepted]) -> Fault | None:
    """Return what ends a list of which some were not accepted: first of all that nobody knows the outcome."""
    failed = [one.fault for one in answers if one.fault and not one.is_passed_on]
    if not failed:
        return None
    first = next((one for one in failed if one.kind is Kind.UNKNOWN), failed[0])
    cases = "1 case" if len(failed) == 1 else f"{len(failed)} cases"
    way = Way.ASK_AGAIN if first.kind is Kind.UNKNOWN else first.way
    reason = f"{cases} not accepted; the first: {first}"
    return Fault(first.kind, first.code, reason, first.remedy, way=way, values=first.values)
