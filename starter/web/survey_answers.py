"""What a survey's page asks of the desk: how the survey stands, and to take an answer.

A link speaks for the customer of its one case, and for nothing else.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from domain.actor import Actor, ActorKind, Door
from domain.verbs import Verb
from starter.door.archive import ask_whenever
from starter.door.faults import not_found
from starter.door.requests import build
from starter.door.session import Session

if TYPE_CHECKING:
    from activities.words.survey_links import SurveyTicket
    from domain.case import Case


class Asked(NamedTuple):
    """One survey as its page shows it; `is_answered` once there is an answer."""

    case: "Case"
    ticket: "SurveyTicket"
    is_answered: bool


async def look_up(session: Session, ticket: "SurveyTicket") -> Asked:
    """Read how the survey of a link stands. Raises: Fault (not found, unreachable)."""
    case = await session.read(lambda store: store.case_record(ticket.case_id))
    if case is None:
        raise not_found(ticket.case_id)
    answers = await session.read(lambda store: store.answers(ticket.case_id))
    return Asked(case, ticket, any(answer.closure == ticket.closure for answer in answers))


async def take(session: Session, asked: Asked, filled_in: Mapping[str, str]) -> None:
    """Hand an answer to the case, or to the store where it is archived. Raises: Fault."""
    contact = asked.case.contact
    name = contact.name if contact else None
    tenant = asked.case.request.tenant
    actor = Actor(kind=ActorKind.CUSTOMER, name=name, tenant=tenant, door=Door.SURVEY)
    given: dict[str, object] = {one: filled_in[one] for one in ("comment", "suggestions")}
    given |= {one: _mark(filled_in[one]) for one in ("score", "wait_time", "patience")}
    given["closure"] = asked.ticket.closure
    message = build(session, actor, Verb.ANSWER_SURVEY, given, None)
    await ask_whenever(session, asked.case.id, Verb.ANSWER_SURVEY, message)


def _mark(written: str) -> int | None:
    """Read a mark; what is none is not given, and what is too high is refused by the record."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 3 else None
