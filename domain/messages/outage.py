"""What may be said of an outage: notices, bridge calls, its end.

What a notice or an invitation must carry is the policy's to say (DED-30, DED-34), so every part may be left
out of the record here.
"""

from pydantic import Field

from domain.mailbox import AnyAddress
from domain.messages.base import Instant, Message
from domain.messages.request import MaybeLine, MaybeText
from domain.outage import MOST_ADDRESSES
from domain.text import Text


class OutageNotification(Message):
    """A notice (DED-30); `audience`: addresses in place of those told so far, or of the tenant's list."""

    incident_details: MaybeText = None
    impact: MaybeText = None
    expected_resolution_at: Instant | None = None
    audience: tuple[AnyAddress, ...] | None = Field(default=None, max_length=MOST_ADDRESSES)


class StartBridge(Message):
    """The customer is asked to join a call (DED-33, DED-34), from now or `starts_at` on.

    `to_validate`: to see whether service is back; then the case waits for that.
    """

    phone_number: MaybeLine = None
    participant_code: MaybeLine = None
    starts_at: Instant | None = None
    text: MaybeText = None
    to_validate: bool = False


class OutageResolutionNotification(Message):
    """Service is back and the customer has validated it: whoever heard of the outage hears that (DED-35)."""

    text: Text


class WithdrawOutage(Message):
    """It was no outage after all, and why."""

    reason: MaybeText = None
