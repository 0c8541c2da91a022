"""Links in our letters by which a customer reads how one case stands, and nothing else.

A token names one case, when it was made and until when it opens; it ends by itself, with a change of the key,
and for one case by our staff (`activities.people.case_links`). It is to read by whoever has the letter.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

from activities.settings import AdapterSettings
from activities.words.signed_links import VEIL, SignedLinks, keys_in
from domain.effects import Effect, Lane
from domain.frozen import Frozen

OPENS_FOR = timedelta(days=30)
"""How long a link opens (ours): each letter brings a new one."""

PATH = "case-link"
"""Where such links are, below the address of the portal."""

_PURPOSE = "case link 1"


class CaseTicket(Frozen):
    """What a link is good for: to read one case. It was made at an instant, and ends at another (UTC)."""

    case_id: str
    made_at: datetime
    until: datetime


class CaseLinks:
    """Make links with the first key and read those of each: the others are on their way out.

    `veiled` they are as our own people may look at them.
    """

    def __init__(self, url: str | None, keys: Sequence[str], *, veiled: bool = False) -> None:
        self._url = url.rstrip("/") if url else None
        self._signed = SignedLinks(_PURPOSE, keys)
        self._veiled = veiled

    @classmethod
    def of(cls, settings: AdapterSettings, *, veiled: bool = False) -> Self:
        """Take address and keys from the settings; without an address no letter has a link."""
        return cls(settings.portal_url, keys_in(settings.portal_secrets), veiled=veiled)

    @property
    def portal(self) -> str | None:
        """The address of the portal, without a stroke at its end."""
        return self._url

    def to(self, effect: Effect) -> str | None:
        """Return the link for the reader of a letter about a case; None for anybody but its customer.

        The letter is written once: a repetition of it has the same link.
        """
        if self._url is None or not self._signed.has_keys or effect.lane is not Lane.CUSTOMER:
            return None
        made_at = effect.caused_at
        ticket = CaseTicket(case_id=effect.case_id, made_at=made_at, until=made_at + OPENS_FOR)
        return f"{self._url}/{PATH}/{VEIL if self._veiled else self.token(ticket)}"

    def token(self, ticket: CaseTicket) -> str:
        """Write a ticket as the last part of an address."""
        instants = " ".join(str(int(at.timestamp())) for at in (ticket.made_at, ticket.until))
        return self._signed.token(f"{instants} {ticket.case_id}")

    def read(self, token: str) -> CaseTicket:
        """Read a ticket, also one that is over. Raises: LinkInvalid."""
        made, until, case_id = self._signed.read(token).split(" ", 2)
        return CaseTicket(
            case_id=case_id,
            made_at=datetime.fromtimestamp(int(made), UTC),
            until=datetime.fromtimestamp(int(until), UTC),
        )
