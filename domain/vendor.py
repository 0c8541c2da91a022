"""What we know of a case at its vendor: kept apart from our own level, clocks and contact.

RHIPE-41, RHIPE-51, RHIPE-60, CSS-08 to CSS-12. The vendor's severity, number and people are theirs; none
of them moves anything of ours.
"""

from datetime import datetime
from enum import StrEnum

from domain.frozen import Frozen
from domain.messages.request import Contact


class ContactState(StrEnum):
    """Whether the vendor has got in touch with the technical contact (RHIPE-56)."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


class Boundary(StrEnum):
    """Where the vendor found the cause (CSS-11)."""

    CLOUD = "cloud"
    ON_PREMISES = "on_premises"


class ReviewState(StrEnum):
    """What became of the wish for a review; whether it is taken up is at discretion (RHIPE-60)."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class VendorReview(Frozen):
    """A wish to have the vendor's work looked at again: on what ground, and which conversation shows it.

    `vendor_reference` is the vendor's own number of a case that we did not raise (RHIPE-61).
    """

    ground: str
    conversation_ref: str
    vendor_reference: str | None = None
    state: ReviewState = ReviewState.REQUESTED
    requested_at: datetime
    decided_at: datetime | None = None


class VendorCase(Frozen):
    """One case as it stands at the vendor; every instant UTC.

    `reference` is the vendor's own number (RHIPE-41), None until the ticket that was asked for is open.
    `contact` is the technical contact the vendor speaks to (RHIPE-49), `engineer` who answers there.
    `unanswered` counts our follow-ups since the vendor last said something. `cover_wanted`: whether an
    engineer of ours is there around the clock has still to be looked up. `was_main_contact` is who was the
    main contact before, for an escalation that comes to nothing.
    """

    reference: str | None = None
    severity: str | None = None
    product: str | None = None
    enhanced: bool = False
    contact: Contact | None = None
    engineer: str | None = None
    escalated_at: datetime
    handed_over_at: datetime | None = None
    contacted: ContactState = ContactState.UNCONFIRMED
    unanswered: int = 0
    answered_at: datetime | None = None
    boundary: Boundary | None = None
    resolved_at: datetime | None = None
    cover_wanted: bool = False
    was_main_contact: str | None = None
    review: VendorReview | None = None

    @property
    def is_active(self) -> bool:
        """True while the vendor works on it and the case stays with us."""
        return self.handed_over_at is None and self.resolved_at is None
