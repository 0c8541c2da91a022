"""How an archived case's survey is answered: it is open longer than the case lives (GAP-17, GAP-25).

Part of the doors. The domain decides about the case as it was archived; the answer goes into the case store,
whose key has room for one.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starter.door import Door
from starter.sending import refusal
from starter.writing import writing_store

if TYPE_CHECKING:
    from domain.case import Case
    from domain.survey import AnswerSurvey, SurveyAnswer
    from workflows.messages import Receipt


async def answer_archived(door: Door, case: "Case", message: "AnswerSurvey") -> "Receipt":
    """This will keep the answer to a survey of an archived case. Raises: Fault."""
    from activities.surveys import SurveyAnswers
    from domain.actor import Verb
    from domain.decision import Accepted, Refused
    from domain.lifecycle import decide
    from domain.survey import answer_of
    from workflows.showing import receipt

    now = datetime.now(UTC)
    decision = decide(case, Verb.ANSWER_SURVEY, message, message.request_id or case.id, now)
    if isinstance(decision, Refused):
        raise refusal(decision)
    assert isinstance(decision, Accepted)
    answer = answer_of(case.id, decision.entries[-1], message.request_id)
    assert answer is not None
    async with writing_store(door.home) as store:
        _check_first(await SurveyAnswers(store).keep(answer), answer)
    return receipt(decision.case, decision)


def _check_first(kept: "SurveyAnswer", answer: "SurveyAnswer") -> None:
    """This will see to it that the answer kept is this one, or this one repeated. Raises: Fault."""
    from domain.decision import Refusal
    from domain.lifecycle.surveys import already_answered

    if kept.request_id == answer.request_id:
        return
    try:
        already_answered(answer.closure)
    except Refusal as refused:
        raise refusal(refused.refused) from None
