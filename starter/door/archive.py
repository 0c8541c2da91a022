"""What happens when somebody speaks to a case whose workflow is over (GAP-17).

The workflow ends with the reopen window, so the door turns a later reopening into a new linked case, as the
case itself does within its last minutes. A survey is answered all the same (GAP-25).
"""

from datetime import timedelta

from activities.store.surveys import SurveyAnswers
from domain.case import Case
from domain.case_step import decide, linked_request
from domain.clocks import Clock, RunningClock
from domain.decision import Accepted, Decision, Declined, Refusal, Refused
from domain.effects import EffectKind
from domain.lifecycle.survey import already_answered
from domain.messages.base import Message
from domain.messages.case import Reopen
from domain.phase import Phase
from domain.record import CaseRow
from domain.survey import AnswerSurvey, SurveyAnswer, answers_in
from domain.verbs import Verb
from starter.door.engine import refusal
from starter.door.faults import Fault, Kind, Way
from starter.door.opening import submit
from starter.door.requests import ask, tell
from starter.door.session import Session
from workflows.messages import Receipt
from workflows.ui_details import receipt


async def ask_whenever(session: Session, case_id: str, verb: Verb, message: Message) -> Receipt:
    """Say something to a case, whether its workflow still runs or not. Raises: Fault."""
    try:
        return await ask(session, case_id, verb, message)
    except Fault as fault:
        if fault.kind is not Kind.NOT_FOUND or fault.withheld:
            raise
        return await ask_archived(session, case_id, message, fault)


async def tell_whenever(session: Session, case_id: str, verb: Verb, message: Message) -> None:
    """Say something without waiting for an answer, to a case whose workflow runs. Raises: Fault."""
    try:
        await tell(session, case_id, verb, message)
    except Fault as fault:
        if fault.kind is not Kind.NOT_FOUND or fault.withheld:
            raise
        raise await _archived_or(session, case_id, fault) from None


async def _archived_or(session: Session, case_id: str, unknown: Fault) -> Fault:
    """Return what is said of an archived case, and `unknown` where there never was such a case."""
    case = await session.read(lambda store: store.case_record(case_id))
    if case is not None:
        return _archived(case)
    row = await session.read(lambda store: store.case_row(case_id))
    return unknown if row is None else _nobody_works_on(row)


def _nobody_works_on(row: CaseRow) -> Fault:
    """Return what is said of a case whose workflow somebody has ended in the engine."""
    reason, remedy = f"{row.number} is over: nothing works on it any more", "open another case"
    return Fault(Kind.REFUSED, "CaseClosed", reason, remedy, case=row.case_id)


async def ask_archived(session: Session, case_id: str, message: Message, unknown: Fault) -> Receipt:
    """Answer for an archived case. Raises: Fault, `unknown` where there never was such a case."""
    case = await session.read(lambda store: store.case_record(case_id))
    if case is None:
        raise unknown
    if isinstance(message, Reopen):
        return await _open_linked(session, case, message)
    if isinstance(message, AnswerSurvey):
        return await _answer_survey(session, case, message)
    raise _archived(case)


def _archived(case: Case) -> Fault:
    return Fault(
        Kind.REFUSED,
        "CaseClosed",
        f"{case.number} is archived",
        "reopen it, which opens a linked case",
        case=case.id,
        way=Way.REOPEN,
        values={"number": case.number},
    )


async def _open_linked(session: Session, case: Case, message: Reopen) -> Receipt:
    """Open the linked case a late reopening becomes (RHIPE-36). Raises: Fault."""
    decision = _decide_late(session, case, message)
    if isinstance(decision, Refused):
        raise refusal(decision)
    assert isinstance(decision, Declined)
    effect = next(effect for effect in decision.effects if effect.kind is EffectKind.LINKED_CASE)
    request = linked_request(case, effect).model_copy(update={"request_id": message.request_id})
    opened = await submit(session, request)
    return opened.model_copy(
        update={
            "outcome": "declined",
            "code": decision.code,
            "reason": decision.reason,
            "remedy": f"a new case was opened instead: {opened.number}",
            "linked_case": opened.case_id,
        }
    )


def _decide_late(session: Session, case: Case, message: Reopen) -> Decision:
    """Ask the domain, about the case as it was when its reopen window had just ended.

    However the door's clock stands to the server's, the window counts as over: the case is archived.
    """
    ended = case.settled_at or case.closed_at or case.received_at
    now = max(session.now(), ended + timedelta(seconds=1))
    window = RunningClock(
        clock=Clock.REOPEN_WINDOW,
        started_at=case.closed_at or ended,
        due_at=ended,
        fires_at=now + timedelta(days=1),
    )
    closed = case.model_copy(update={"phase": Phase.CLOSED, "clocks": (window,)})
    late = message.model_copy(update={"received_at": now})
    return decide(closed, Verb.REOPEN, late, message.request_id or case.id, now)


async def _answer_survey(session: Session, case: Case, message: AnswerSurvey) -> Receipt:
    """Keep the answer to a survey of an archived case; the store's key has room for one. Raises: Fault."""
    decision = decide(case, Verb.ANSWER_SURVEY, message, message.request_id or case.id, session.now())
    if isinstance(decision, Refused):
        raise refusal(decision)
    assert isinstance(decision, Accepted)
    (answer,) = answers_in(case.id, decision.entries, message.request_id)
    async with session.write_store() as store:
        _check_first(await SurveyAnswers(store).keep(answer), answer)
    return receipt(decision.case, decision)


def _check_first(kept: SurveyAnswer, answer: SurveyAnswer) -> None:
    """See to it that the answer kept is this one, or this one repeated. Raises: Fault."""
    if kept.request_id == answer.request_id:
        return
    try:
        already_answered(answer.closure)
    except Refusal as refused:
        raise refusal(refused.refused) from None
