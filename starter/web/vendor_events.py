"""What a vendor's call says, turned into a message to a case.

The vendor speaks as the vendor, whatever they write; what they may say is the domain's to
decide.
"""

import json
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.actor import Actor, ActorKind, Door
from domain.messages.case import Message
from domain.misreading import misread
from domain.text import INCOMING, cleaned_line
from domain.verbs import Verb
from starter.web.vendor_answers import Answer

_Line = Annotated[str, Field(max_length=200)]


class _Data(BaseModel):
    """What a call may tell; more than that is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    case_number: _Line | None = None
    reference: _Line | None = None
    text: str | None = None
    severity: str | None = None
    contact: str | None = None
    boundary: _Line | None = None
    resolved: bool = False
    contacted: bool = True


class _Call(BaseModel):
    """The body of the Standard Webhooks: type and data."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    type: Literal["vendor.update", "vendor.finding", "vendor.contacted"]
    data: _Data


_MEANT: dict[str, tuple[Verb, tuple[str, ...]]] = {
    "vendor.update": (Verb.VENDOR_UPDATE, ("text", "severity", "reference", "contact", "resolved")),
    "vendor.finding": (Verb.VENDOR_FINDING, ("boundary", "text")),
    "vendor.contacted": (Verb.VENDOR_CONTACTED, ("contacted", "text")),
}


class Heard(NamedTuple):
    """What the vendor said, and of which case: by our number, or by their own."""

    verb: Verb
    message: Message
    case_number: str | None
    reference: str | None


def heard(body: bytes, identity: str, received_at: datetime) -> Heard:
    """Read a call; its id becomes the message's. Raises: Answer (400)."""
    try:
        call = _Call.model_validate(json.loads(body))
        if not call.data.case_number and not call.data.reference:
            raise Answer(400, "ValidationError", "name the case", ("data.case_number", "data.reference"))
        verb, names = _MEANT[call.type]
        said = call.data.model_dump(include=set(names), exclude_none=True)
        message = verb.model.model_validate(
            said | _stamps(call.data, identity, received_at), context=INCOMING
        )
    except ValidationError as error:
        refused = misread(error)
        raise Answer(400, refused.code, "a field is missing or wrong", refused.missing) from None
    except (ValueError, RecursionError):
        raise Answer(400, "ValidationError", "the body is not JSON") from None
    return Heard(verb, message, call.data.case_number, call.data.reference)


def _stamps(data: _Data, identity: str, received_at: datetime) -> dict[str, Any]:
    name = cleaned_line(data.contact or "").strip() or None
    speaker = Actor(kind=ActorKind.VENDOR, name=name, door=Door.VENDOR_WEBHOOK)
    return {"actor": speaker, "received_at": received_at, "request_id": identity}
