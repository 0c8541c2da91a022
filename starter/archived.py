"""What happens when somebody speaks to a case whose workflow is over.

Part of the doors (GAP-17): the workflow ends with the reopen window, so the door turns a later reopening
into a new linked case, as the case itself does within its last minutes. A survey is answered all the same.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starter.door import Door
from starter.faults import Exit, Fault
from starter.sending import refusal
from starter.store import stored
from starter.submitting import submit
from starter.survey_archived import answer_archived

if TYPE_CHECKING:
    from domain.case import Case
    from domain.decision import Decision
    from domain.messages import Message, Reopen
    from workflows.messages import Receipt


async def ask_archived(door: Door, case_id: str, message: "Message", unknown: Fault) -> "Receipt":
    """This will answer for an archived case. Raises: Fault, `unknown` where there never was such a case."""
    from domain.messages import Reopen
    from domain.survey import AnswerSurvey

    case = await stored(door, lambda store: store.case_record(case_id))
    if case is None:
        raise unknown
    if isinstance(message, Reopen):
        return await _open_linked(door, case, message)
    if isinstance(message, AnswerSurvey):
        return await answer_archived(door, case, message)
    raise Fault(
        Exit.REFUSED,
        "CaseClosed",
        f"{case.number} is archived",
        f"sunrelay reopen {case.number} --reason ... opens a linked case",
        case=case_id,
    )


async def _open_linked(door: Door, case: "Case", message: "Reopen") -> "Receipt":
    """This will open the linked case a late reopening becomes (RHIPE-36). Raises: Fault."""
    from domain.decision import Declined, Refused
    from domain.effects import EffectKind
    from domain.lifecycle.reopening import linked_request

    decision = _decide_late(case, message)
    if isinstance(decision, Refused):
        raise refusal(decision)
    assert isinstance(decision, Declined)
    effect = next(effect for effect in decision.effects if effect.kind is EffectKind.LINKED_CASE)
    request = linked_request(case, effect).model_copy(update={"request_id": message.request_id})
    receipt = await submit(door, request)
    return receipt.model_copy(
        update={
            "outcome": "declined",
            "code": decision.code,
            "reason": decision.reason,
            "remedy": f"a new case was opened instead: {receipt.number}",
            "linked_case": receipt.case_id,
        }
    )


def _decide_late(case: "Case", message: "Reopen") -> "Decision":
    """This will ask the domain, about the case as it was when its reopen window had just ended.

    However the door's clock stands to the server's, the window counts as over: the case is archived.
    """
    from domain.actor import Verb
    from domain.clocks import Clock, RunningClock
    from domain.lifecycle import decide
    from domain.phase import Phase

    ended = case.settled_at or case.closed_at or case.received_at
    now = max(datetime.now(UTC), ended + timedelta(seconds=1))
    window = RunningClock(
        clock=Clock.REOPEN_WINDOW,
        started_at=case.closed_at or ended,
        due_at=ended,
        fires_at=now + timedelta(days=1),
    )
    closed = case.model_copy(update={"phase": Phase.CLOSED, "clocks": (window,)})
    late = message.model_copy(update={"received_at": now})
    return decide(closed, Verb.REOPEN, late, message.request_id or case.id, now)
