"""What every message to a case has."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, PrivateAttr
from pydantic_core import from_json

from domain.actor import Actor
from domain.frozen import Frozen


def _utc(value: datetime) -> datetime:
    # Beside the ends of the calendar a change of zone overflows, which is no error pydantic would report.
    if not 1970 < value.year < 9999:
        raise ValueError("an instant lies in the years 1971 to 9998")
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with its offset, kept in UTC."""


_SHOWN = 60
"""Characters of a stamp that is none, in the timeline (ours)."""


class Message(Frozen):
    """What every message has: who speaks, when it was received, and the sender's own id of it.

    `expected_version` is that of the case the sender has seen, where nothing else may have come between.
    """

    actor: Actor
    received_at: Instant | None = None
    request_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/+=-]{1,100}$")] | None = None
    expected_version: Annotated[int, Field(ge=0)] | None = None

    _unread_stamp: str | None = PrivateAttr(default=None)

    @property
    def unread_stamp(self) -> str | None:
        """What stood where the instant of receipt belongs and is none; nothing that was said is in it."""
        kept = self.__pydantic_private__
        return kept["_unread_stamp"] if kept else None

    @classmethod
    def without_stamp(cls, data: bytes, form: Mapping[str, bool] | None = None) -> Self:
        """Read a message in JSON whose stamp is no instant. Raises: ValidationError for any other fault."""
        fields = from_json(data)
        if not isinstance(fields, dict):
            return cls.model_validate(fields, context=form)
        stamp = fields.pop("received_at", None)
        message = cls.model_validate_json(json.dumps(fields), context=form)
        message.__pydantic_private__ = {"_unread_stamp": str(stamp)[:_SHOWN]}
        return message


class CustomerMessage(Message):
    """What the customer may say. `automatic`: a machine of theirs wrote it, such as an out-of-office answer.

    It is kept with the case and changes neither a clock nor a phase; whoever takes mail in says so.
    """

    automatic: bool = False
