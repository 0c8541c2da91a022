"""Links by which a customer answers a survey from his mail (RHIPE-27).

This room writes and reads tokens; whether the survey is still open is the domain's to say. A token names one
closure of one case and the instant until which it may be used, signed with a key of ours (HMAC-SHA256), so
that nobody can make one for another case. It lets its holder do one thing: answer that survey once.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Self

from activities.settings import AdapterSettings
from domain.effects import Effect, EffectKind
from domain.frozen import Frozen

_PURPOSE = b"sunrelay survey 1\n"
"""What is signed begins with it, so that no other signature under the same key can pass for a link's."""

_LONGEST = 600  # characters; an id of a case has at most 200


class LinkInvalid(ValueError):
    """A token that none of our keys has signed."""


class SurveyTicket(Frozen):
    """What a link is good for: the survey about one closure, until an instant (UTC, inclusive)."""

    case_id: str
    closure: int
    until: datetime


class SurveyLinks:
    """This will make links with the first key and read those of each: the others are on their way out."""

    def __init__(self, url: str | None, keys: Sequence[str]) -> None:
        self._url = url
        self._keys = [key.encode() for key in keys]

    @classmethod
    def of(cls, settings: AdapterSettings) -> Self:
        """This will take address and keys from the settings; without an address no mail has a link."""
        secrets = settings.survey_secrets
        return cls(settings.survey_url, secrets.get_secret_value().split() if secrets else ())

    def added(self, effect: Effect) -> Effect:
        """This will put the link into the question how it went; other effects stay as they are."""
        facts = effect.facts
        if effect.kind is not EffectKind.CSAT_SURVEY or facts.count is None or facts.due_at is None:
            return effect
        if self._url is None or not self._keys:
            return effect
        ticket = SurveyTicket(case_id=effect.case_id, closure=facts.count, until=facts.due_at)
        link = f"{self._url.rstrip('/')}/{self.token(ticket)}"
        return effect.model_copy(update={"facts": facts.model_copy(update={"links": (link,)})})

    def token(self, ticket: SurveyTicket) -> str:
        """This will write a ticket as letters, digits, `-` and `_`, and a full stop before its signature."""
        said = f"{ticket.closure} {int(ticket.until.timestamp())} {ticket.case_id}".encode()
        return f"{_written(said)}.{_written(_signature(self._keys[0], said))}"

    def read(self, token: str) -> SurveyTicket:
        """This will read a ticket, also one that is over. Raises: LinkInvalid."""
        said, signature = (_read(part) for part in token[:_LONGEST].partition(".")[::2])
        if not any(hmac.compare_digest(signature, _signature(key, said)) for key in self._keys):
            raise LinkInvalid("the link is not whole, or none of ours")
        closure, until, case_id = said.decode().split(" ", 2)
        return SurveyTicket(
            case_id=case_id, closure=int(closure), until=datetime.fromtimestamp(int(until), UTC)
        )


def _signature(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + said, "sha256")


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
