"""What may be said of a case's way to the vendor: one frozen record for each verb.

RHIPE-41 to RHIPE-60, CSS-08 to CSS-12, DED-17. Which fields must be there is the policy's to say.
"""

from pydantic import Field

from domain.messages.base import CustomerMessage, Message
from domain.messages.request import Contact, MaybeForeign, MaybeIdentifier, MaybeLine, MaybeText
from domain.text import ForeignText, Identifier, Line, Text


class EscalateToVendor(Message):
    """Take the case to the vendor: why, after what, and whom they shall speak to (RHIPE-48, RHIPE-49).

    With a `vendor_reference` the vendor has a ticket already; without one it is opened, where the policy
    lets us. `severity` is the one the vendor gave it. `override_reason`: why the SDM has it taken there
    although the licences were bought elsewhere (RHIPE-57).
    """

    reason: MaybeText = None
    prerequisites: tuple[Line, ...] = Field(default=(), max_length=20)
    product: MaybeLine = None
    contact: Contact | None = None
    vendor_reference: MaybeIdentifier = None
    vendor_contact: MaybeLine = None
    severity: MaybeLine = None
    override_reason: MaybeText = None


class RequestEscalation(CustomerMessage):
    """The requester wishes the case to be taken to the vendor; our staff qualify it first (RHIPE-47)."""

    reason: MaybeText = None


class VendorUpdate(Message):
    """What the vendor answers, with their own severity, number and engineer. `resolved`: they are done."""

    text: ForeignText
    severity: MaybeForeign = None
    reference: MaybeForeign = None
    contact: MaybeForeign = None
    resolved: bool = False


class FindBoundary(Message):
    """Where the vendor found the cause: in their cloud, or on the customer's premises (CSS-11)."""

    boundary: Line
    text: MaybeForeign = None


class VendorContacted(CustomerMessage):
    """Whether the vendor has got in touch with the technical contact, by telephone or mail (RHIPE-56)."""

    contacted: bool = True
    text: MaybeForeign = None


class ChangeMainContact(CustomerMessage):
    """Somebody else speaks for the case from now on (CSS-09)."""

    to: Line


class RequestVendorReview(CustomerMessage):
    """Have the vendor's work on an escalated case looked at again (RHIPE-60).

    `reply_to` names our notice of the escalation that this answers, `conversation_ref` the last mails with
    the vendor, kept by reference; `request` says what is wished for. `managers_in_copy`: the leads of the
    vendor's engineer were asked before (RHIPE-54). `vendor_reference` is the vendor's own number, where we
    did not raise the case with them (RHIPE-61).
    """

    ground: MaybeLine = None
    vendor_reference: MaybeIdentifier = None
    reply_to: MaybeIdentifier = None
    conversation_ref: MaybeIdentifier = None
    status: MaybeText = None
    request: MaybeText = None
    managers_in_copy: bool = False


class DecideVendorReview(Message):
    """Whether a review is taken up with the vendor, and why; nobody is bound to (RHIPE-60)."""

    accept: bool
    reason: MaybeText = None


class ReviewExternally(Message):
    """We look into a case of the vendor's that we did not raise (RHIPE-61); `text` tells the customer so."""

    text: Text
    vendor_reference: Identifier


class AssignResolverGroup(Message):
    """Another group of ours works on it; who tells the customer stays as it was (DED-17)."""

    group: Line
    communication_owner: MaybeLine = None
    reason: MaybeText = None
