"""What a survey's page asks of the desk: how the survey stands, and to take an answer.

Part of the doors. A link speaks for the customer of its one case, and for nothing else.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from starter.archived import ask_archived
from starter.door import Door
from starter.faults import Exit, Fault, not_found
from starter.sending import ask, refusal
from starter.store import stored

if TYPE_CHECKING:
    from activities.survey_links import SurveyTicket
    from domain.case import Case


class Asked(NamedTuple):
    """One survey as its page shows it; `is_answered` once there is an answer."""

    case: "Case"
    ticket: "SurveyTicket"
    is_answered: bool


async def look_up(door: Door, ticket: "SurveyTicket") -> Asked:
    """This will read how the survey of a link stands. Raises: Fault (not found, unreachable)."""
    case = await stored(door, lambda store: store.case_record(ticket.case_id))
    if case is None:
        raise not_found(ticket.case_id)
    answers = await stored(door, lambda store: store.answers(ticket.case_id))
    return Asked(case, ticket, any(answer.closure == ticket.closure for answer in answers))


async def take(door: Door, asked: Asked, score: str, comment: str) -> None:
    """This will hand an answer to the case, or to the store where it is archived. Raises: Fault."""
    from pydantic import ValidationError

    from domain.actor import Actor, ActorKind, Verb
    from domain.misreading import misread
    from domain.survey import AnswerSurvey

    contact = asked.case.contact
    name = contact.name if contact else None
    given = {
        "actor": Actor(kind=ActorKind.CUSTOMER, name=name, tenant=asked.case.request.tenant),
        "received_at": datetime.now(UTC),
        "request_id": str(uuid4()),
        "closure": asked.ticket.closure,
        "score": int(score) if score.isascii() and score.isdecimal() and len(score) < 3 else None,
        "comment": comment,
    }
    try:
        message = AnswerSurvey.model_validate(given)
    except ValidationError as error:
        raise refusal(misread(error)) from None
    try:
        await ask(door, asked.case.id, Verb.ANSWER_SURVEY, message)
    except Fault as fault:
        if fault.end is not Exit.NOT_FOUND:
            raise
        await ask_archived(door, asked.case.id, message, fault)
