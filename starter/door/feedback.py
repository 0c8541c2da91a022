"""Feedback that belongs to no case: anybody may give it; a requester speaks for their own tenant."""

from uuid import uuid4

from pydantic import ValidationError

from activities.store.feedback import FeedbackBook
from domain.actor import Actor
from domain.feedback import Feedback
from starter.door.faults import Fault, Kind, Way
from starter.door.permission import listed_tenant
from starter.door.requests import shapeless
from starter.door.session import Session


async def keep_feedback(
    session: Session,
    actor: Actor,
    text: str,
    given_by: str | None,
    tenant: str | None,
    request_id: str | None,
) -> Feedback:
    """Keep feedback, or find what this request kept. Raises: Fault naming every bad field."""
    if actor.is_requester:
        tenant, given_by = listed_tenant(actor, None), given_by or actor.name
    try:
        given = Feedback(
            feedback_id=str(uuid4()) if request_id is None else request_id,
            tenant=tenant,
            given_by=given_by,
            text=text,
            received_at=session.now(),
            taken_by=actor.label,
        )
    except ValidationError as error:
        raise shapeless(error) from None
    async with session.write_store() as store:
        kept = await FeedbackBook(store).add(given)
    if kept.text != given.text:
        reason = f"the request {kept.feedback_id} was another feedback"
        code, remedy = "DuplicateRequestConflict", "use another request id"
        raise Fault(Kind.CONFLICT, code, reason, remedy, way=Way.RENAME_REQUEST)
    return kept
