"""A request for help: whom it is for, what is said of the problem, and whom we talk to.

Which of its fields must be given is the policy's to say (`domain.policy.intake`).
"""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from domain.frozen import Frozen
from domain.mailbox import MailAddress
from domain.messages.access import AccessRequest
from domain.messages.base import CustomerMessage, Instant, Message
from domain.policy import Zone
from domain.tenants import Verification
from domain.text import ForeignText, Identifier, Line, Text, unless_blank

MAX_REQUEST_BYTES = 16 * 1024
MAX_LINKED_BYTES = 20 * 1024  # a linked case carries the request of its parent, and why it came


MaybeText = Annotated[Text | None, BeforeValidator(unless_blank)]
"""A text; a blank one says nothing and counts as not given."""

MaybeLine = Annotated[Line | None, BeforeValidator(unless_blank)]
"""A line; a form sends what nobody filled in as a blank one, which counts as not given."""


MaybeIdentifier = Annotated[Identifier | None, BeforeValidator(unless_blank)]
"""An identifier; a blank one says nothing and counts as not given."""

MaybeForeign = Annotated[ForeignText | None, BeforeValidator(unless_blank)]
"""A foreign text or line, made fit by the rule; a blank one says nothing."""


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
    email: MailAddress | None = None
    webhook: Annotated[str, Field(pattern=r"^https?://[!#-;=?-~]{1,500}$")] | None = None
    availability: Availability | None = None


class Contact(ContactPart):
    """Whom we talk to; at least one way to reach them is needed for updates to arrive."""

    name: Line


class Requester(Frozen):
    """Who asked for help."""

    name: Line
    role: Line | None = None
    organisation: Line | None = None


class Attachment(Frozen):
    """A file by reference, as in `store:name`, never its contents; with its name and its size in bytes."""

    reference: Line
    name: Line | None = None
    size: int | None = Field(default=None, ge=0, le=2**53)


def reference_of(file: "str | Attachment") -> str:
    """Return where a file lies."""
    return file.reference if isinstance(file, Attachment) else file


def names_of(file: "str | Attachment") -> tuple[str, ...]:
    """Return by which names a file goes, each of which ends as files of its type do."""
    return tuple(filter(None, (file.reference, file.name))) if isinstance(file, Attachment) else (file,)


def _plain(file: str | Attachment) -> str | Attachment:
    """Say a mere reference in one way, so that two spellings of it are the same request."""
    is_mere = isinstance(file, Attachment) and file.name is None and file.size is None
    return reference_of(file) if is_mere else file


def _spelling(file: object) -> str:
    return "file" if isinstance(file, dict | Attachment) else "reference"


File = Annotated[
    Annotated[Line, Tag("reference")] | Annotated[Attachment, Tag("file")],
    Discriminator(_spelling),
    AfterValidator(_plain),
]
"""A file: its reference alone, or with its name and size."""

MOST_FILES = 25
"""Files a field of a case names (ours): as many as the store keeps of a case."""

Files = Annotated[tuple[File, ...], Field(max_length=MOST_FILES)]


class Details(Frozen):
    """What may be said of a problem; every field may be left out, and given later.

    `onset_at` is when it began. `users_affected` counts people, `users_affected_percent` is their share.
    `scope` is what the request is about in the requester's words. `attachments` and `screenshots` are files
    by reference, as in `store:name`, never contents (DED-10). `customer_reference` is the customer's own
    ticket (DED-06), `case_reference` a case of ours (O365-04).
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
    tenant_domain: MaybeIdentifier = None
    end_user_company: MaybeLine = None
    onmicrosoft_domain: MaybeIdentifier = None
    scope: MaybeLine = None
    partner_centre_account: bool | None = None
    troubleshooting_done: MaybeText = None
    update_channel: MaybeLine = None
    case_reference: MaybeIdentifier = None
    customer_reference: MaybeIdentifier = None
    access_id: MaybeIdentifier = None
    verification: Verification | None = None
    troubleshooting_steps: tuple[Line, ...] | None = Field(default=None, max_length=20)


class Submit(Message, Details):
    """A request for help. The same `tenant`, `source` and `reference` are one case however often they come.

    Where staff rate by impact and urgency (RHIPE-11) a requester's own rating is kept as a wish; where the
    requester names the level it is their `severity` or `priority`, whichever word their provider uses.
    Fields the policy requires may be missing; then the policy says what happens. Planned work begins at
    `start_at`, told in `start_zone` (WEST-10); `access` asks for hands or entry at equipment in the vendor's
    rooms (DED-37). `imported`: it began in another system, and staff bring it here with its own instants.
    `test`: nothing is broken, they learn to ask (DED-42). `plan_reason`: why our staff have it under a `plan`
    other than the directory's.
    `take`: whoever of our staff opens it takes it too. `automatic`: a machine wrote it; it is a case like any
    other, and no receipt is sent to the machine (RFC 3834). `private`: of the tenant's own people whoever
    asks and the contact alone see it.
    """

    automatic: Annotated[bool | None, AfterValidator(lambda value: value or None)] = None
    take: Annotated[bool | None, AfterValidator(lambda value: value or None)] = None
    contact: Contact | None = None
    tenant: Identifier
    source: Identifier = "desk"
    reference: Identifier
    policy: Identifier = "rhipe-csp"
    plan: MaybeIdentifier = None
    plan_reason: MaybeText = None
    region: MaybeIdentifier = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    zone: Zone | None = None
    calendar: MaybeIdentifier = None
    channel: Identifier = "phone"
    language: Identifier = "en"
    title: MaybeLine = None
    requester: Requester | None = None
    severity: MaybeIdentifier = None
    priority: MaybeIdentifier = None
    impact: MaybeIdentifier = None
    urgency: MaybeIdentifier = None
    outage: bool = False
    screenshots: Files = ()
    error_messages: tuple[Line, ...] = Field(default=(), max_length=20)
    attachments: Files = ()
    linked_to: Identifier | None = None
    start_at: Instant | None = None
    start_zone: Zone | None = None
    access: AccessRequest | None = None
    imported: bool | None = None
    test: Annotated[bool | None, AfterValidator(lambda value: value or None)] = None
    private: Annotated[bool | None, AfterValidator(lambda value: value or None)] = None

    @property
    def level(self) -> str | None:
        """The level the requester names, by either word."""
        return self.severity or self.priority


class ProvideInformation(CustomerMessage, Details):
    """What was missing at intake; fields not given stay as they are, and files are added to those known."""

    screenshots: Files | None = None
    error_messages: tuple[Line, ...] | None = Field(default=None, max_length=20)
    attachments: Files | None = None
