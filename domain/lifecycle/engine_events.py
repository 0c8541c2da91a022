"""What operators do to the engine below a case: recorded, told to who must know, and survived.

These tools know nothing of promises made to a customer, so none of them moves one.
"""

from datetime import datetime

from domain.actor import SYSTEM
from domain.case import Case
from domain.decision import Accepted, Draft, instant_key
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.text import excerpt, without_hostile
from domain.timeline import EntryKind

_SAID_AGAIN = "no later record was found: what the engine says again counts as received now"
_NOT_CANCELLED = "the engine was asked to cancel this case; it goes on"


def cancel_asked(case: Case, reason: str, now: datetime) -> Accepted:
    """Record that the engine was asked at `now` (UTC) to cancel the case, and tell who works on it.

    `reason` is the operator's, empty for none. Nobody is told of a case that is closed: nothing was at stake.
    """
    at = max(now.replace(microsecond=0), case.timeline[-1].at)
    draft = Draft(case, at, f"cancel@{instant_key(at)}", SYSTEM)
    said = excerpt(without_hostile(reason).strip())
    text = f"{_NOT_CANCELLED}: {said}" if said else _NOT_CANCELLED
    draft.enter(EntryKind.CANCEL_ASKED, text, internal=True)
    if case.phase not in (Phase.CLOSED, Phase.ARCHIVED):
        draft.tell(EffectKind.CANCEL_ASKED, Recipient.ASSIGNEE, reason=said or None)
    return draft.accepted()


def engine_reset(case: Case, now: datetime, *, from_record: bool) -> Accepted:
    """Record that the engine was reset at `now` (UTC) to an earlier point of the case's history.

    `from_record`: the case goes on as the store has it. Where the store had nothing, or was away, what was
    said after that point is said again, and counts as received now.
    """
    draft = Draft(case, max(now.replace(microsecond=0), case.timeline[-1].at), "reset", SYSTEM)
    goes_on = "the case goes on as it was recorded" if from_record else _SAID_AGAIN
    draft.enter(EntryKind.ENGINE_RESET, f"the engine was reset; {goes_on}", internal=True)
    return draft.accepted()
