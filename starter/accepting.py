"""How a lead accepts every case that is offered to a centre: one update each, and a summary at the end.

Part of the doors. The list is the case store's; each case decides for itself whether it is still offered. The
request id of each is made of the one of the whole command, which can therefore be repeated.
"""

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from starter.centres import known_region, staff_only
from starter.door import Door
from starter.faults import Exit, Fault
from starter.output import counted
from starter.sending import ask, build
from starter.store import stored

if TYPE_CHECKING:
    from activities.case_store import CaseStore
    from domain.record import CaseRow
    from workflows.messages import Receipt

AT_ONCE = 16
"""Cases asked at a time: more gain nothing, one worker decides them one after the other (ours)."""

_PAGE = 1000
_PASSED_ON = "HandoffNotOffered"


class Answer(NamedTuple):
    """What became of one case of the list: a receipt, or why not."""

    row: "CaseRow"
    receipt: "Receipt | None"
    fault: Fault | None = None

    def as_record(self) -> dict[str, object]:
        """This will be the answer as JSON prints it."""
        if self.receipt is not None:
            return self.receipt.model_dump(mode="json")
        assert self.fault is not None
        return {"case_id": self.row.case_id, "number": self.row.number, **self.fault.as_record()}


async def accept_list(
    door: Door, region: str, levels: tuple[str, ...], assignee: str | None, request_id: str | None
) -> None:
    """This will accept the cases of these levels (none named: all) that are offered to a centre.

    A case that has passed on or was accepted meanwhile is told, and no fault. Raises: Fault with the first
    other refusal, after all were asked.
    """
    staff_only(door, "the list of a centre")
    known_region(region)
    rows = await stored(door, lambda store: offered(store, region, levels))
    if rows:
        await door.client()  # a server that is away is said once
    turn = asyncio.Semaphore(AT_ONCE)
    whole = request_id or str(uuid4())
    answers = await asyncio.gather(*(_accept(door, row, assignee, whole, turn) for row in rows))
    _print(door, answers)
    failed = [one.fault for one in answers if one.fault and one.fault.code != _PASSED_ON]
    if failed:
        raise _worst(failed, whole)


async def offered(store: "CaseStore", region: str, levels: tuple[str, ...]) -> "list[CaseRow]":
    """This will list every case that is offered to a centre, the nearest promise first."""
    from activities.case_list import CaseFilter, Cursor

    found: list[CaseRow] = []
    wanted = CaseFilter(offered_to=region, levels=levels, limit=_PAGE)
    while page := await store.cases(wanted):
        found.extend(page)
        if len(page) < _PAGE:
            break
        wanted = wanted.model_copy(update={"after": Cursor.of(page[-1])})
    return found


async def _accept(
    door: Door, row: "CaseRow", assignee: str | None, whole: str, turn: asyncio.Semaphore
) -> Answer:
    from domain.actor import Verb

    async with turn:
        try:
            message = build(door, Verb.ACCEPT_HANDOFF, {"assignee": assignee}, f"{whole}/{row.number}")
            return Answer(row, await ask(door, row.case_id, Verb.ACCEPT_HANDOFF, message))
        except Fault as fault:
            return Answer(row, None, fault)


def _print(door: Door, answers: list[Answer]) -> None:
    if not door.output.is_text:
        door.output.plain_records([one.as_record() for one in answers])
        return
    for one in answers:
        if one.receipt is not None:
            door.output.show(f"{one.row.number}  {one.row.level}  accepted, owner {one.receipt.owner}")
        elif one.fault is not None:
            door.output.say(f"{one.row.number}  {one.row.level}  {one.fault.code}: {one.fault}")
    door.output.say(_summary(answers))


def _summary(answers: list[Answer]) -> str:
    accepted = sum(one.receipt is not None for one in answers)
    passed_on = sum(one.fault is not None and one.fault.code == _PASSED_ON for one in answers)
    failed = len(answers) - accepted - passed_on
    parts = [f"{accepted} of {counted(len(answers), 'case')} accepted"]
    parts += [f"{passed_on} no longer offered"] if passed_on else []
    parts += [f"{failed} not accepted"] if failed else []
    return ", ".join(parts)


def _worst(failed: list[Fault], whole: str) -> Fault:
    first = next((one for one in failed if one.end is Exit.UNKNOWN), failed[0])
    reason = f"{counted(len(failed), 'case')} not accepted; the first: {first}"
    remedy = f"ask again with --request-id {whole}: nothing is done twice"
    return Fault(first.end, first.code, reason, remedy if first.end is Exit.UNKNOWN else first.remedy)
