"""When a message counts as received: by the stamp of its door, or now where that cannot be."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from domain.decision import Draft, refuse
from domain.lifecycle.undelivered import OURSELVES
from domain.messages.base import Message
from domain.rules import CURRENT_RULES, RULES_0_4
from domain.timeline import EntryKind

MAX_AHEAD = timedelta(seconds=60)  # house rule: a door's clock may be a minute ahead without a word
StampFault = Literal["ClockAhead", "StampUnread"]
"""What is noted of a stamp that does not count."""


def received_at(message: Message, now: datetime, rules: int = CURRENT_RULES) -> datetime:
    """Name the instant a message counts as received: UTC, in whole seconds, not after `now`.

    Raises: Refusal with `ValidationError`, by the rules before 0.4 alone, where it claims to come from more
    than a minute ahead, or is no instant.
    """
    stamped = message.received_at or now
    if rules < RULES_0_4 and message.unread_stamp is not None:
        refuse("ValidationError", "received_at is no instant", "check the door's clock", ("received_at",))
    if rules < RULES_0_4 and stamped > now + MAX_AHEAD:
        refuse(
            "ValidationError",
            "received_at is in the future",
            "check the door's clock",
            ("received_at",),
        )
    return min(stamped, now).astimezone(UTC).replace(microsecond=0)


def stamp_at_fault(message: Message, now: datetime) -> tuple[StampFault, str] | None:
    """Name what is wrong with a stamp, and say it; None for up to a minute ahead, which clocks may differ.

    Nothing that was said is dropped for it: it counts as received `now` (UTC).
    """
    if message.unread_stamp is not None:
        stamp = "".join(char if char.isprintable() else "?" for char in message.unread_stamp)
        return "StampUnread", f"its stamp {stamp!r} is no instant, so it counts as received now"
    if message.received_at is None or message.received_at <= now + MAX_AHEAD:
        return None
    ahead = timedelta(seconds=int((message.received_at - now).total_seconds()))
    return "ClockAhead", f"its stamp was {ahead} ahead of our clock, so it counts as received now"


def note_stamp(draft: Draft, message: Message, now: datetime) -> None:
    """Note a stamp at fault, which drops nothing of what was said."""
    if (fault := stamp_at_fault(message, now)) is None:
        return
    code, reason = fault
    draft.actor = OURSELVES
    draft.enter(EntryKind.NOTED, f"{code}: {reason}", internal=True, about=code)
    draft.actor = message.actor
    draft.warn(code)
