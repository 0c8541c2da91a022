"""What every message to a case has. Pure."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from domain.actor import Actor
from domain.frozen import Frozen


def _utc(value: datetime) -> datetime:
    # Beside the ends of the calendar a change of zone overflows, which is no error pydantic would report.
    if not 1970 < value.year < 9999:
        raise ValueError("an instant lies in the years 1971 to 9998")
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with its offset, kept in UTC."""


class Message(Frozen):
    """What every message has: who speaks, when it was received, and the sender's own id of it."""

    actor: Actor
    received_at: Instant | None = None
    request_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/+=-]{1,100}$")] | None = None
