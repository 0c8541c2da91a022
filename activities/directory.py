"""Who our own people are at the moment of delivery, from the settings.

This room knows addresses, not rules: that an effect goes to the assignee was decided in the domain.
"""

from typing import NamedTuple

from activities.addresses import address_of
from activities.settings import AdapterSettings
from domain.effects import Address, Effect, Recipient


class Addressees(NamedTuple):
    """The addresses to try in order. `ours`: they come from our settings, not from a case."""

    addresses: tuple[Address, ...]
    ours: bool
    missing: str = ""


class Directory:
    """This will find the addresses of a recipient; why there are none is said in `missing`."""

    def __init__(self, settings: AdapterSettings) -> None:
        self._tss = settings.tss_address
        self._sdm = settings.sdm_address or settings.tss_address
        self._staff = settings.staff_address
        self._regions = settings.region_addresses

    def find(self, effect: Effect) -> Addressees:
        """This will take what the effect carries, and look our own side up."""
        if effect.addresses:
            return Addressees(effect.addresses, ours=False)
        match effect.to:
            case Recipient.CUSTOMER | Recipient.CONTACT:
                return Addressees((), False, "the case names neither a mail address nor a webhook")
            case Recipient.TSS:
                return _ours(self._tss, "no address set for tss; set SUNRELAY_TSS_ADDRESS")
            case Recipient.SDM:
                return _ours(
                    self._sdm, "no address set for sdm; set SUNRELAY_SDM_ADDRESS or SUNRELAY_TSS_ADDRESS"
                )
            case Recipient.ASSIGNEE | Recipient.REGION:
                where = f"region {effect.region}" if effect.region else "the staff"
                return _ours(
                    self._regions.get(effect.region or "", self._staff),
                    f"no address set for {where}; set SUNRELAY_STAFF_ADDRESS or SUNRELAY_REGION_ADDRESSES",
                )
            case Recipient.CASES:
                return Addressees((), False, "another case is told by its workflow, not by a message")


def _ours(address: str | None, missing: str) -> Addressees:
    return Addressees((address_of(address),), True) if address else Addressees((), True, missing)
