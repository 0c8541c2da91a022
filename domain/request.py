"""A request for help: whom it is for, what is said of the problem, and whom we talk to.

Pure. Which of its fields must be given is the policy's to say (`domain.policy.intake`).
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from domain.access import AccessRequest
from domain.frozen import Frozen
from domain.message import Instant, Message
from domain.policy import Zone
from domain.tenants import Verification
from domain.text import Line, Text

MAX_REQUEST_BYTES = 16 * 1024
MAX_LINKED_BYTES = 20 * 1024  # a linked case carries the request of its parent, and why it came


def _unless_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


MaybeText = Annotated[Text | None, BeforeValidator(_unless_blank)]
"""A text; a blank one says nothing and counts as not given."""

MaybeLine = Annotated[Line | None, BeforeValidator(_unless_blank)]
"""A line; a form sends what nobody filled in as a blank one, which counts as not given."""


class Availability(Frozen):
    """When a contact can be reached, in local time of an IANA zone, `HH:MM`."""

    zone: Zone
    start: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    end: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class ContactPart(Frozen):
    """What may be said of whom we talk to; what is not said stays as it is known."""

    name: Line | None = None
    role: Line | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ()./-]{3,40}$")] | None = None
    email: Annotated[Line, Field(pattern=r"^[^@\s<>\",;:\\\[\]()]{1,64}@[A-Za-z0-9.-]{1,190}$")] | None = None
    webhook: Annotated[str, Field(pattern=r"^https?://[!#-;=?-~]{1,500}$")] | None = None
    availability: Availability | None = None


class Contact(ContactPart):
    """Whom we talk to; at least one way to reach him is needed for updates to arrive."""

    name: Line


class Requester(Frozen):
    """Who asked for help."""

    name: Line
    role: Line | None = None
    organisation: Line | None = None


class Details(Frozen):
    """What may be said of a problem; every field may be left out, and given later.

    `onset_at` is when it began. `users_affected` counts people, `users_affected_percent` is their share.
    `scope` is what the request is about in the requester's words. `attachments` are references of the form
    `store:name`, never contents (DED-10). `customer_reference` is the customer's own ticket (DED-06),
    `case_reference` a case of ours (O365-04).
    """

    contact: ContactPart | None = None
    explanation: Text | None = None
    category: MaybeLine = None
    product: MaybeLine = None
    service: MaybeLine = None
    support_type: MaybeLine = None
    subscription_family: MaybeLine = None
    business_impact: MaybeText = None
    service_accessible: bool | None = None
    functionality: MaybeLine = None
    onset_at: Instant | None = None
    users_affected: int | None = Field(default=None, ge=1)
    vip_affected: bool | None = None
    workaround: bool | None = None
    users_affected_percent: float | None = None
    affected_users: Line | tuple[Line, ...] | None = None
    partner_legal_name: MaybeLine = None
    tenant_company: MaybeLine = None
    tenant_domain: MaybeLine = None
    end_user_company: MaybeLine = None
    onmicrosoft_domain: MaybeLine = None
    scope: MaybeLine = None
    partner_centre_account: bool | None = None
    troubleshooting_done: MaybeText = None
    update_channel: MaybeLine = None
    case_reference: MaybeLine = None
    customer_reference: MaybeLine = None
    access_id: MaybeLine = None
    verification: Verification | None = None
    troubleshooting_steps: tuple[Line, ...] | None = Field(default=None, max_length=20)


class Submit(Message, Details):
    """A request for help. The same `tenant`, `source` and `reference` are one case however often they come.

    Where staff rate by impact and urgency (RHIPE-11) a requester's own rating is kept as a wish; where the
    requester names the level it is his `severity` or `priority`, whichever word his provider uses. Fields the
    policy requires may be missing; then the policy says what happens. Planned work begins at `start_at`, told
    in `start_zone` (WEST-10); `access` asks for hands or entry at equipment in the vendor's rooms (DED-37).
    """

    contact: Contact | None = None
    tenant: Line
    source: Line = "desk"
    reference: Line
    policy: Line = "rhipe-csp"
    plan: MaybeLine = None
    region: MaybeLine = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    zone: Zone | None = None
    calendar: MaybeLine = None
    channel: Line = "phone"
    language: Line = "en"
    title: MaybeLine = None
    requester: Requester | None = None
    severity: MaybeLine = None
    priority: MaybeLine = None
    impact: MaybeLine = None
    urgency: MaybeLine = None
    outage: bool = False
    screenshots: tuple[Line, ...] = Field(default=(), max_length=20)
    error_messages: tuple[Line, ...] = Field(default=(), max_length=20)
    attachments: tuple[Line, ...] = Field(default=(), max_length=20)
    linked_to: Line | None = None
    start_at: Instant | None = None
    start_zone: Zone | None = None
    access: AccessRequest | None = None

    @property
    def level(self) -> str | None:
        """This will return the level the requester names, by either word."""
        return self.severity or self.priority


class ProvideInformation(Message, Details):
    """What was missing at intake; fields not given stay as they are."""

    screenshots: tuple[Line, ...] | None = Field(default=None, max_length=20)
    error_messages: tuple[Line, ...] | None = Field(default=None, max_length=20)
    attachments: tuple[Line, ...] | None = Field(default=None, max_length=20)
