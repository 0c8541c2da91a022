"""How a door says something to a case or an incident: the message is built, stamped, then sent and answered.

The id of the request is the id of the update too, so that asking again with the same one changes nothing.
"""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import uuid4

from pydantic import ValidationError

from domain.actor import Actor
from domain.messages.base import Message
from domain.misreading import misread
from domain.text import INCOMING
from domain.verbs import Verb
from starter.door import engine
from starter.door.case_lookup import workflow_of
from starter.door.faults import Fault, not_found, usage
from starter.door.permission import hidden
from starter.door.session import Session
from workflows.messages import Receipt
from workflows.request_ids import said_by

_STAMPS = ("actor", "received_at", "request_id")


class HasModel(Protocol):
    """A verb of a case or of an incident, with the record it is said with."""

    @property
    def model(self) -> type[Message]:
        """The record."""


def build(
    session: Session, actor: Actor, verb: HasModel, fields: Mapping[str, Any], request_id: str | None
) -> Message:
    """Make the message, stamped by the door. Raises: Fault (refused) naming every bad field.

    A case that staff import brings the instant at which it was received elsewhere.
    """
    given = {key: value for key, value in fields.items() if value is not None}
    brought = ("received_at",) if actor.is_staff and given.get("imported") is True else ()
    if claimed := sorted((set(given) & set(_STAMPS)).difference(brought)):
        raise usage(f"{', '.join(claimed)}: the door sets this itself", "leave it out", *claimed)
    stamps = {
        "actor": actor.model_dump(),
        "received_at": session.now(),
        "request_id": str(uuid4()) if request_id is None else request_id,
    }
    try:
        return verb.model.model_validate({**stamps, **given}, context=INCOMING)
    except ValidationError as error:
        raise shapeless(error) from None


def shapeless(error: ValidationError) -> Fault:
    """Return the refusal of a record of the wrong shape, which names every field at fault."""
    fault = engine.refusal(misread(error))
    fault.fields = tuple(
        dict.fromkeys(".".join(map(str, one["loc"])) for one in error.errors() if one["loc"])
    )
    return fault


async def ask(session: Session, case_id: str, verb: Verb, message: Message) -> Receipt:
    """Say something to an open case and wait for its receipt. Raises: Fault."""
    try:
        receipt = await engine.update(
            session, case_id, verb.value, message, Receipt, id_=update_id(verb, message)
        )
    except engine.NotRunning:
        if moved := await workflow_of(session, case_id):
            return await ask(session, moved, verb, message)
        raise not_found(case_id) from None
    except Fault as fault:
        raise hidden(case_id) if fault.code == "Forbidden" else fault from None
    return marked(receipt, message)


async def tell(session: Session, case_id: str, verb: Verb, message: Message) -> None:
    """Say something without waiting for an answer: once sent it is kept. Raises: Fault."""
    try:
        await engine.signal(session, case_id, verb.value, message)
    except engine.NotRunning:
        if not (moved := await workflow_of(session, case_id)):
            raise not_found(case_id) from None
        await tell(session, moved, verb, message)


def update_id(verb: Verb, message: Message) -> str:
    """Name an update by its request and what it says.

    The engine answers an update whose id it knows from its memory, whatever it says: under the id of the
    request alone other content would look like success. The case knows the request, and refuses it.
    """
    return f"{message.request_id}/{said_by(verb, message)}"


def marked(receipt: Receipt, message: Message) -> Receipt:
    """Mark an answer out of the engine's memory as repeated: it has another message's stamp."""
    is_to_this = receipt.asked_at in (None, message.received_at)
    return receipt if is_to_this else receipt.model_copy(update={"repeated": True})
