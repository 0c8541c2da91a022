"""What may be said of a case's way to the vendor: one frozen record for each verb.

Pure. RHIPE-41 to RHIPE-60, CSS-08 to CSS-12, DED-17. Which fields must be there is the policy's to say.
"""

from pydantic import Field

from domain.actor import Verb
from domain.message import Message
from domain.request import Contact, MaybeLine, MaybeText
from domain.text import Line, Text


class EscalateToVendor(Message):
    """Take the case to the vendor: why, after what, and whom he shall speak to (RHIPE-48, RHIPE-49).

    With a `vendor_reference` the vendor has a ticket already; without one it is opened, where the policy
    lets us. `severity` is the one the vendor gave it. `override_reason`: why the SDM has it taken there
    although the licences were bought elsewhere (RHIPE-57).
    """

    reason: MaybeText = None
    prerequisites: tuple[Line, ...] = Field(default=(), max_length=20)
    product: MaybeLine = None
    contact: Contact | None = None
    vendor_reference: MaybeLine = None
    vendor_contact: MaybeLine = None
    severity: MaybeLine = None
    override_reason: MaybeText = None


class RequestEscalation(Message):
    """The requester wishes the case to be taken to the vendor; our staff qualify it first (RHIPE-47)."""

    reason: MaybeText = None


class VendorUpdate(Message):
    """What the vendor answers; his own severity, number and engineer come with it. `resolved`: he is done."""

    text: Text
    severity: MaybeLine = None
    reference: MaybeLine = None
    contact: MaybeLine = None
    resolved: bool = False


class FindBoundary(Message):
    """Where the vendor found the cause: in his cloud, or on the customer's premises (CSS-11)."""

    boundary: Line
    text: MaybeText = None


class VendorContacted(Message):
    """Whether the vendor has got in touch with the technical contact, by telephone or mail (RHIPE-56)."""

    contacted: bool = True
    text: MaybeText = None


class ChangeMainContact(Message):
    """Somebody else speaks for the case from now on (CSS-09)."""

    to: Line


class RequestVendorReview(Message):
    """Have the vendor's work on an escalated case looked at again (RHIPE-60).

    `reply_to` names our notice of the escalation that this answers, `conversation_ref` the last mails with
    the vendor, kept by reference; `request` says what is wished for. `managers_in_copy`: the leads of the
    vendor's engineer were asked before (RHIPE-54).
    """

    ground: MaybeLine = None
    reply_to: MaybeLine = None
    conversation_ref: MaybeLine = None
    status: MaybeText = None
    request: MaybeText = None
    managers_in_copy: bool = False


class DecideVendorReview(Message):
    """Whether a review is taken up with the vendor, and why; nobody is bound to (RHIPE-60)."""

    accept: bool
    reason: MaybeText = None


class AssignResolverGroup(Message):
    """Another group of ours works on it; who tells the customer stays as it was (DED-17)."""

    group: Line
    communication_owner: MaybeLine = None
    reason: MaybeText = None


VENDOR_MODELS: dict[Verb, type[Message]] = {
    Verb.ASSIGN_RESOLVER_GROUP: AssignResolverGroup,
    Verb.REQUEST_ESCALATION: RequestEscalation,
    Verb.ESCALATE_TO_VENDOR: EscalateToVendor,
    Verb.VENDOR_UPDATE: VendorUpdate,
    Verb.VENDOR_FINDING: FindBoundary,
    Verb.VENDOR_CONTACTED: VendorContacted,
    Verb.CHANGE_MAIN_CONTACT: ChangeMainContact,
    Verb.REQUEST_VENDOR_REVIEW: RequestVendorReview,
    Verb.DECIDE_VENDOR_REVIEW: DecideVendorReview,
}
"""Which record each verb of this chapter is said with."""
