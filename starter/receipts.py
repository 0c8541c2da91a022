"""What a command prints after it said something to a case.

Part of the doors. The receipt goes to standard output; warnings, and that a message was declined, to
standard error.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starter.door import Door
from starter.faults import Exit, Fault
from starter.output import moment, until
from starter.warned import warning

if TYPE_CHECKING:
    from workflows.messages import Receipt


Warnings = Mapping[str, str]
"""Warnings of the door itself: what each code means, in words."""


def show_receipt(door: Door, receipt: "Receipt", more: Warnings | None = None) -> None:
    """This will print a receipt, and what `more` the door knows.

    Raises: Fault (declined) where the answer was no, with a consequence.
    """
    if more:
        receipt = receipt.model_copy(update={"warnings": (*receipt.warnings, *more)})
    if door.output.is_text:
        for line in _lines(receipt):
            door.output.show(line)
    else:
        door.output.record(receipt)
    known = more or {}
    show_warnings(door, {code: known.get(code) or _explained(code, receipt) for code in receipt.warnings})
    if receipt.code is not None:
        raise declined(receipt)


def show_warnings(door: Door, warnings: Warnings) -> None:
    """This will say warnings on standard error, a line each."""
    for code, words in warnings.items():
        door.output.say(warning(code, words) if words or door.output.is_text else f"warning: {code}")


def _explained(code: str, receipt: "Receipt") -> str:
    """This will say what a warning means for this case, where that is more than what it always means."""
    if code != "AnswerUnclear":
        return ""
    closing = receipt.next_deadline
    closes = closing is not None and closing.clock == "auto_close"
    when = f"closes by itself on {moment(closing.due_at)}" if closing and closes else "stays resolved"
    return (
        f"the answer says neither yes nor no, so the case {when}; "
        "if it is not solved, say so with --rejects, or with --accepts that it is"
    )


def declined(receipt: "Receipt") -> Fault:
    """This will be the end of a command whose message was recorded, but not followed."""
    return Fault(
        Exit.DECLINED,
        receipt.code or "Declined",
        receipt.reason or "the message was recorded, but not followed",
        receipt.remedy or "",
        receipt.missing,
        receipt.linked_case,
    )


def _lines(receipt: "Receipt") -> list[str]:
    phase = receipt.phase.replace("_", " ")
    again = ", already known" if receipt.repeated else ""
    lines = [f"{receipt.number}  {receipt.level}  {phase}, owner {receipt.owner}{again}  ({receipt.case_id})"]
    if receipt.next_deadline is not None and not _is_over(receipt):
        clock = receipt.next_deadline.clock.replace("_", " ")
        due_at = receipt.next_deadline.due_at
        lines.append(f"  next: {clock} due {moment(due_at)} ({until(due_at, datetime.now(UTC))})")
    if receipt.missing and receipt.code is None:
        lines.append(f"  missing: {', '.join(receipt.missing)}")
    if receipt.linked_case:
        lines.append(f"  new case: {receipt.linked_case}")
    return lines


def _is_over(receipt: "Receipt") -> bool:
    """This will be true where a case just closed cannot be reopened: its window has no length."""
    upcoming = receipt.next_deadline
    return upcoming is not None and upcoming.clock == "reopen_window" and upcoming.due_at <= receipt.at
