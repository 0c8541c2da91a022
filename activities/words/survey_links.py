"""Links by which a customer answers a survey from their mail (RHIPE-27).

This room writes and reads them; whether the survey is still open is the domain's to say. A token names one
closure of one case and the instant until which it may be used, so that nobody can make one for another case.
It lets its holder do one thing: answer that survey once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Self

from activities.settings import AdapterSettings
from activities.words.signed_links import VEIL, SignedLinks, keys_in
from domain.effects import Effect, EffectKind
from domain.frozen import Frozen

_PURPOSE = "survey 1"


class SurveyTicket(Frozen):
    """What a link is good for: the survey about one closure, until an instant (UTC, inclusive)."""

    case_id: str
    closure: int
    until: datetime


class SurveyLinks:
    """Make links with the first key and read those of each: the others are on their way out."""

    def __init__(self, url: str | None, keys: Sequence[str]) -> None:
        self._url = url
        self._signed = SignedLinks(_PURPOSE, keys)

    @classmethod
    def of(cls, settings: AdapterSettings) -> Self:
        """Take address and keys from the settings; without an address no mail has a link."""
        return cls(settings.survey_url, keys_in(settings.survey_secrets))

    def added(self, effect: Effect, *, veiled: bool = False) -> Effect:
        """Put the link into the question how it went; other effects stay as they are.

        `veiled` it is as our own people may look at it: what opens the survey is the customer's alone.
        """
        facts = effect.facts
        if effect.kind is not EffectKind.CSAT_SURVEY or facts.count is None or facts.due_at is None:
            return effect
        ticket = SurveyTicket(case_id=effect.case_id, closure=facts.count, until=facts.due_at)
        link = self.link(ticket, veiled=veiled)
        if link is None:
            return effect
        return effect.model_copy(update={"facts": facts.model_copy(update={"links": (link,)})})

    def link(self, ticket: SurveyTicket, *, veiled: bool = False) -> str | None:
        """Return where a survey is answered; None where no address or no key is set."""
        if self._url is None or not self._signed.has_keys:
            return None
        return f"{self._url.rstrip('/')}/{VEIL if veiled else self.token(ticket)}"

    def token(self, ticket: SurveyTicket) -> str:
        """Write a ticket as the last part of an address."""
        return self._signed.token(f"{ticket.closure} {int(ticket.until.timestamp())} {ticket.case_id}")

    def read(self, token: str) -> SurveyTicket:
        """Read a ticket, also one that is over. Raises: LinkInvalid."""
        closure, until, case_id = self._signed.read(token).split(" ", 2)
        return SurveyTicket(
            case_id=case_id, closure=int(closure), until=datetime.fromtimestamp(int(until), UTC)
        )
