"""How cases hear that a centre was closed or opened by hand, or that somebody has left the rota.

One signal each, the most urgent first: what is sent is kept, and each case decides with a fresh roster. The
lists are the case store's, which may lag behind: they are read again until nobody new is in them.
"""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple
from uuid import uuid4

from activities.people.closures import Closures
from activities.store.case_list import CaseFilter, Cursor
from activities.store.case_store import CaseStore
from domain.actor import Actor
from domain.phase import OPEN, Phase
from domain.record import CaseRow
from domain.verbs import Verb
from starter.door.faults import Fault, Kind
from starter.door.policies_in_force import known_regions
from starter.door.requests import build, tell
from starter.door.session import Session

AT_ONCE = 16
"""Cases told at a time: more gain nothing at one server (ours)."""

_PAGE = 1000
_LOOKS = 3
"""How often the lists are read, so that a case that changed hands meanwhile is found too (ours)."""

_TRAVELLING = tuple(sorted(OPEN | {Phase.RESOLVED}))


class Told(NamedTuple):
    """How many cases were told, and why each of the others was not."""

    cases: int
    faults: tuple[Fault, ...] = ()

    def in_full(self, done: str) -> int:
        """Return how many were told. Raises: Fault where some were not, though something is `done`."""
        if not self.faults:
            return self.cases
        first, left = self.faults[0], len(self.faults)
        reason = f"{done}, but {left} of {self.cases + left} cases were not told; the first: {first}"
        raise Fault(first.kind, first.code, reason, "say it again: who was told already stays as they are")


async def tell_of_centre(session: Session, actor: Actor, region: str, *, is_open: bool) -> Told:
    """Tell the cases a centre has and is offered; where it opened, those that rest with closed ones too."""
    wanted = [CaseFilter(region=region, phases=_TRAVELLING), CaseFilter(offered_to=region)]
    if is_open:
        others = await session.read(lambda store: _closed_now(store, session)) - {region}
        wanted += [CaseFilter(region=name, phases=_TRAVELLING) for name in sorted(others)]
    return await _tell(session, actor, wanted, {"region": region})


async def tell_of_engineer(session: Session, actor: Actor, name: str) -> Told:
    """Tell the open cases of somebody that they are there no longer."""
    wanted = [CaseFilter(assignee=name, phases=_TRAVELLING)]
    return await _tell(session, actor, wanted, {"engineer": name})


async def owned_by(session: Session, names: Iterable[str]) -> list[CaseRow]:
    """List the open cases that these people own, the most urgent first."""
    wanted = [CaseFilter(assignee=name, phases=_TRAVELLING) for name in names]
    return await session.read(lambda store: _rows(store, wanted))


async def _tell(session: Session, actor: Actor, wanted: list[CaseFilter], news: dict[str, str]) -> Told:
    told: set[str] = set()
    faults: list[Fault] = []
    turn, whole = asyncio.Semaphore(AT_ONCE), str(uuid4())

    async def tell_one(row: CaseRow) -> None:
        message = build(session, actor, Verb.STAFFING_NEWS, news, f"{whole}/{row.number}")
        async with turn:
            try:
                await tell(session, row.case_id, Verb.STAFFING_NEWS, message)
            except Fault as fault:
                if fault.kind is not Kind.NOT_FOUND:  # one that has ended meanwhile needs no owner
                    faults.append(fault)

    for _ in range(_LOOKS):
        rows = [
            row for row in await session.read(lambda store: _rows(store, wanted)) if row.case_id not in told
        ]
        if not rows:
            break
        try:
            await session.client()
        except Fault as fault:  # a server that is away is asked once
            faults += [fault] * len(rows)
            break
        told.update(row.case_id for row in rows)
        await asyncio.gather(*map(tell_one, rows))
    return Told(max(len(told) - len(faults), 0), tuple(faults))


async def _rows(store: CaseStore, wanted: Iterable[CaseFilter]) -> list[CaseRow]:
    found: dict[str, CaseRow] = {}
    for one in wanted:
        page_of = one.model_copy(update={"limit": _PAGE})
        while page := await store.cases(page_of):
            found |= {row.case_id: row for row in page}
            if len(page) < _PAGE:
                break
            page_of = page_of.model_copy(update={"after": Cursor.of(page[-1])})
    return sorted(found.values(), key=urgency)


def urgency(row: CaseRow) -> tuple[int, bool, float, str]:
    """Order cases by rank, then by the nearest promise, then by number."""
    due_at = row.next_due_at
    return row.rank, due_at is None, due_at.timestamp() if due_at else 0.0, row.number


async def _closed_now(store: CaseStore, session: Session) -> set[str]:
    now = session.now()
    return {one.region for one in await Closures(store).closed(known_regions(), now, now)}
