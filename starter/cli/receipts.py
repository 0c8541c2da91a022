"""What a command prints after it said something to a case.

The receipt goes to standard output; warnings, and that a message was declined, to
standard error.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starter.cli.command import Door
from starter.cli.finished_line import missing_words, provide_line
from starter.cli.warnings import warning
from starter.door.faults import Fault, Kind
from starter.door.plain import moment, until

if TYPE_CHECKING:
    from workflows.messages import Receipt


Warnings = Mapping[str, str]
"""Warnings of the door itself: what each code means, in words."""


def show_receipt(door: Door, receipt: "Receipt", more: Warnings | None = None) -> None:
    """Print a receipt, and what `more` the door knows.

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
    """Say warnings on standard error, a line each."""
    for code, words in warnings.items():
        door.output.say(warning(code, words) if words or door.output.is_text else f"warning: {code}")


def _explained(code: str, receipt: "Receipt") -> str:
    """Say what a warning means for this case, where that is more than what it always means."""
    if code == "ClockAhead" and receipt.asked_at is not None:
        ahead = timedelta(seconds=int((receipt.asked_at - receipt.at).total_seconds()))
        return f"its stamp was {ahead} ahead of our clock; it counts as received {moment(receipt.at)}"
    if code != "AnswerUnclear":
        return ""
    closing = receipt.next_deadline
    closes = closing is not None and closing.clock == "auto_close"
    owed = "stays resolved and no longer closes by itself: the customer is owed an answer"
    when = f"closes automatically on {moment(closing.due_at)}" if closing and closes else owed
    return (
        f"the answer says neither yes nor no, so the case {when}; "
        "if it is not solved, say so with --rejects, or with --accepts that it is"
    )


def declined(receipt: "Receipt") -> Fault:
    """Return the end of a command whose message was recorded, but not followed."""
    return Fault(
        Kind.DECLINED,
        receipt.code or "Declined",
        receipt.reason or "the message was recorded, but not acted on",
        receipt.remedy or "",
        receipt.missing,
        receipt.linked_case,
    )


def _lines(receipt: "Receipt") -> list[str]:
    phase = receipt.phase.replace("_", " ")
    again = ", already known" if receipt.repeated else ""
    owner = f"{receipt.owner}{_next_owner(receipt)}"
    lines = [f"{receipt.number}  {receipt.level}  {phase}, owner {owner}{again}  ({receipt.case_id})"]
    if receipt.next_deadline is not None and not _is_over(receipt):
        clock = receipt.next_deadline.clock.replace("_", " ")
        due_at = receipt.next_deadline.due_at
        lines.append(f"  next: {clock} due {moment(due_at)} ({until(due_at, datetime.now(UTC))})")
    if receipt.missing and receipt.code is None:
        lines.append(f"  missing: {', '.join(map(missing_words, receipt.missing))}")
        line = provide_line(receipt.number, receipt.missing)
        if line and receipt.phase not in ("closed", "archived"):
            lines.append(f"  type: {line}")
    if receipt.linked_case:
        lines.append(f"  new case: {receipt.linked_case}")
    return lines


def _next_owner(receipt: "Receipt") -> str:
    """Say who takes the case as the shift ends, or which centre is asked to."""
    if receipt.offered_to is None:
        return ""
    if receipt.accepted_by is None:
        return f", offered to {receipt.offered_to}"
    return f", then {receipt.offered_to}: accepted by {receipt.accepted_by}"


def _is_over(receipt: "Receipt") -> bool:
    """Return whether a case just closed cannot be reopened: its window has no length."""
    upcoming = receipt.next_deadline
    return upcoming is not None and upcoming.clock == "reopen_window" and upcoming.due_at <= receipt.at
