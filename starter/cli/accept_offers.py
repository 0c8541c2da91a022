"""What is printed of a list of cases that a lead has accepted, and the summary at the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starter.cli import core
from starter.cli.command import Door
from starter.cli.exits import as_record
from starter.cli.flags import Typed
from starter.door.plain import counted

if TYPE_CHECKING:
    from starter.door.handoff_list import Accepted


async def accept_list(
    door: Door, region: str, levels: tuple[str, ...], assignee: str | None, request_id: str | None
) -> None:
    """Accept what is offered to a centre. Raises: Fault with the first refusal, after all were asked."""
    answers = await door.backend.cases.accept_list(region, levels, assignee, request_id)
    if door.output.is_text:
        _print(door, answers)
    else:
        door.output.plain_records([_as_record(one, door.output.typed) for one in answers])
    if fault := core.worst_of(answers):
        raise fault


def _as_record(one: "Accepted", typed: Typed) -> dict[str, object]:
    if one.receipt is not None:
        return one.receipt.model_dump(mode="json")
    assert one.fault is not None
    return {"case_id": one.row.case_id, "number": one.row.number, **as_record(one.fault, typed)}


def _print(door: Door, answers: Sequence["Accepted"]) -> None:
    for one in answers:
        if one.receipt is not None:
            door.output.show(f"{one.row.number}  {one.row.level}  accepted, owner {one.receipt.owner}")
        elif one.fault is not None:
            door.output.say(f"{one.row.number}  {one.row.level}  {one.fault.code}: {one.fault}")
    door.output.say(_summary(answers))


def _summary(answers: Sequence["Accepted"]) -> str:
    accepted = sum(one.receipt is not None for one in answers)
    passed_on = sum(one.is_passed_on for one in answers)
    failed = len(answers) - accepted - passed_on
    parts = [f"{accepted} of {counted(len(answers), 'case')} accepted"]
    parts += [f"{passed_on} no longer offered"] if passed_on else []
    parts += [f"{failed} not accepted"] if failed else []
    return ", ".join(parts)
