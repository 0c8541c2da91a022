"""General feedback, which belongs to no case. RHIPE-62."""

from typing import Annotated

from pydantic import Field

from domain.frozen import Frozen
from domain.messages.base import Instant
from domain.messages.request import MaybeLine
from domain.text import Line, Text


class Feedback(Frozen):
    """What somebody says of our support; `given_by` as they name themselves, `taken_by` who wrote it down.

    The id is the sender's own, or the door's; `received_at` UTC.
    """

    feedback_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/+=-]{1,100}$")]
    tenant: MaybeLine = None
    given_by: MaybeLine = None
    text: Text
    received_at: Instant
    taken_by: Line
