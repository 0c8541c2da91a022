"""What a vendor's support desk is to us: a ticket is opened there, and something is added to it.

Pure. How one vendor is spoken to is an adapter's business (`activities.vendor_rest`); that a case goes to the
vendor at all was decided in the domain.
"""

from datetime import timedelta
from typing import Protocol

from activities.attempt import TryAgain
from activities.content import Wording
from domain.effects import Effect
from domain.frozen import Frozen


class VendorMessage(Frozen):
    """One effect on its way to the vendor; its id is the idempotency key.

    `may_be_there`: an earlier attempt ended without a word, so it is looked for first. `under_way`: where
    the vendor said, at an earlier attempt, that he tells how far he is. `ticket` is the effect id under which
    we opened the case's ticket ourselves, None where somebody else did; `reference` is the vendor's number.
    """

    effect: Effect
    wording: Wording
    may_be_there: bool = False
    under_way: str | None = None
    ticket: str | None = None
    reference: str | None = None


class UnderWay(TryAgain):
    """The vendor has taken it and is not done; `where` (a URL of his) is to be asked `after` a while."""

    def __init__(self, reason: str, where: str, after: timedelta) -> None:
        super().__init__(reason, after, sure=False)
        self.where = where


class Vendor(Protocol):
    """A vendor's support desk."""

    @property
    def address(self) -> str:
        """This will name it in one word without secrets, for ledger and timeline."""

    async def tell(self, message: VendorMessage) -> str:
        """This will open a ticket, or add to one, and return the vendor's own reference of it.

        Raises: NeverWorks, TryAgain, UnderWay.
        """
