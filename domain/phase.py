"""The phases in the life of a case."""

from enum import StrEnum


class Phase(StrEnum):
    """Where a case stands; `received` is accepted and not yet answered by a person."""

    RECEIVED = "received"
    AWAITING_INFORMATION = "awaiting_information"
    IN_PROGRESS = "in_progress"
    AWAITING_CUSTOMER = "awaiting_customer"
    VALIDATING_RESOLUTION = "validating_resolution"
    VENDOR_ESCALATED = "vendor_escalated"
    RESOLVED = "resolved"
    CLOSED = "closed"
    ARCHIVED = "archived"


OPEN = frozenset(
    {
        Phase.RECEIVED,
        Phase.AWAITING_INFORMATION,
        Phase.IN_PROGRESS,
        Phase.AWAITING_CUSTOMER,
        Phase.VALIDATING_RESOLUTION,
        Phase.VENDOR_ESCALATED,
    }
)
"""The phases in which the problem is still ours to work on."""

WORKED_ON = OPEN - {Phase.AWAITING_INFORMATION}
"""The intake is complete, and somebody may work on the case."""


class CloseReason(StrEnum):
    """Why a case was closed (RHIPE-34, RHIPE-35)."""

    RESOLVED = "resolved"
    RESTORED = "restored"
    REQUESTED = "requested"
    NO_FURTHER_TROUBLESHOOTING = "no_further_troubleshooting"
    CUSTOMER_CONFIRMED = "customer_confirmed"
    AUTO_CLOSE = "auto_close"
    HANDED_OVER = "handed_over"
    NOT_ENTITLED = "not_entitled"
    MISSING_INFORMATION = "missing_information"
    OUT_OF_SCOPE = "out_of_scope"
    REFERRED = "referred"
    ON_PREMISES_WITHOUT_ADDON = "on_premises_without_addon"
    REINSTALL_ADVISED = "reinstall_advised"
