"""What a vendor's support desk is to us: a ticket is opened there, and something is added to it.

How one vendor is spoken to is an adapter's business (`activities.vendor.rest`); that a case goes to the
vendor at all was decided in the domain.
"""

from datetime import timedelta
from typing import Protocol

from activities.channels.attempt import TryAgain
from activities.words.content import Wording
from domain.effects import Effect
from domain.frozen import Frozen


class VendorMessage(Frozen):
    """One effect on its way to the vendor; its id is the idempotency key.

    `may_be_there`: an earlier attempt ended without a word, so it is looked for first. `under_way`: where
    the vendor said, at an earlier attempt, that they tell how far they are. `ticket` is the effect id under
    which we opened the case's ticket ourselves, None where somebody else did; `reference` is the vendor's
    number. `has_waited`: since an attempt of unknown end it was waited for what was sent to be found by a
    search.
    """

    effect: Effect
    wording: Wording
    may_be_there: bool = False
    under_way: str | None = None
    has_waited: bool = False
    ticket: str | None = None
    reference: str | None = None


class UnderWay(TryAgain):
    """The vendor has taken it and is not done; `where` (a URL of theirs) is to be asked `after` a while."""

    def __init__(self, reason: str, where: str, after: timedelta) -> None:
        super().__init__(reason, after, sure=False)
        self.where = where


SEARCHED_LATER = "searched later"
"""What stands in the ledger for a place to ask, while a search may not show yet what was sent."""


class SearchedLater(UnderWay):
    """The vendor may have taken it, and finds what they have taken only `after` a while."""

    def __init__(self, reason: str, after: timedelta) -> None:
        super().__init__(reason, SEARCHED_LATER, after)


class Vendor(Protocol):
    """A vendor's support desk."""

    @property
    def address(self) -> str:
        """Name it in one word without secrets, for ledger and timeline."""

    async def tell(self, message: VendorMessage) -> str:
        """Open a ticket, or add to one, and return the vendor's own reference of it.

        Raises: NeverWorks, Undecided, TryAgain, UnderWay, SearchedLater.
        """
