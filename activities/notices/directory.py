"""Where our own lists are at the moment of delivery, from the settings.

This room knows addresses, not rules: that an effect goes to the assignee was decided in the domain. For them
and for their centre it knows the centre's list; their own address is looked up in
`activities.notices.engineers`.
"""

from typing import NamedTuple

from activities.addresses import address_of
from activities.settings import AdapterSettings
from domain.effects import Address, Channel, Effect, Recipient


class Addressees(NamedTuple):
    """The addresses to try in order. `ours`: they come from our settings, not from a case.

    `by_hand`: who does what it says, where it cannot be sent to whom it is for.
    """

    addresses: tuple[Address, ...]
    ours: bool
    missing: str = ""
    by_hand: Address | None = None


class Directory:
    """Find the addresses of a recipient; why there are none is said in `missing`."""

    def __init__(self, settings: AdapterSettings, vendor: str | None = None) -> None:
        self._vendor = Address(channel=Channel.VENDOR, to=vendor) if vendor else None
        self._vendor_mailbox = settings.vendor_address
        self._tss = settings.tss_address
        self._sdm = settings.sdm_address or settings.tss_address
        self._staff = settings.staff_address
        self._regions = settings.region_addresses

    def knows_centre(self, region: str) -> bool:
        """Tell whether there is a list to tell a centre by."""
        return self._regions.get(region, self._staff) is not None

    def find(self, effect: Effect) -> Addressees:
        """Take what the effect carries, and look our own side up."""
        if effect.addresses:
            return Addressees(effect.addresses, ours=False)
        match effect.to:
            case Recipient.CUSTOMER | Recipient.CONTACT:
                return Addressees((), False, "the case names neither a mail address nor a webhook")
            case Recipient.TSS | Recipient.DEPARTMENT:
                return _ours(self._tss, "no address set for tss; set SUNRELAY_TSS_ADDRESS")
            case Recipient.SDM:
                return _ours(
                    self._sdm, "no address set for sdm; set SUNRELAY_SDM_ADDRESS or SUNRELAY_TSS_ADDRESS"
                )
            case Recipient.ASSIGNEE | Recipient.REGION:
                return self._staff_of(effect)
            case Recipient.VENDOR:
                return self._vendor_of(effect)
            case Recipient.AUDIENCE:
                return Addressees((), False, "the list was not looked up")
            case Recipient.CASES:
                return Addressees((), False, "another case is told by its workflow, not by a message")

    def _staff_of(self, effect: Effect) -> Addressees:
        where = f"region {effect.region}" if effect.region else "the staff"
        return _ours(
            self._regions.get(effect.region or "", self._staff),
            f"no address set for {where}; set SUNRELAY_STAFF_ADDRESS or SUNRELAY_REGION_ADDRESSES",
        )

    def _vendor_of(self, effect: Effect) -> Addressees:
        """Try the vendor's interface, then their mailbox, then our own staff, who call them."""
        staff = self._staff_of(effect)
        mailbox = (address_of(self._vendor_mailbox),) if self._vendor_mailbox else ()
        interface = (self._vendor,) if self._vendor else ()
        missing = f"no vendor set; set SUNRELAY_VENDOR_CONFIG or SUNRELAY_VENDOR_ADDRESS; {staff.missing}"
        found = (*interface, *mailbox, *staff.addresses)
        return Addressees(found, True, missing, by_hand=next(iter(staff.addresses), None))


def _ours(address: str | None, missing: str) -> Addressees:
    return Addressees((address_of(address),), True) if address else Addressees((), True, missing)
