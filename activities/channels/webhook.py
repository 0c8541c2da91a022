"""Posts effects to webhooks, signed by the Standard Webhooks scheme, with a verdict on every answer.

This room knows receivers of ours and of customers. A customer's URL is judged before it is used; our own
come from the settings and may point anywhere.
"""

from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from standardwebhooks import Webhook

from activities.channels.answer_head import named, wished
from activities.channels.attempt import NeverWorks, TryAgain
from activities.channels.http import Answer, NoAnswer, Poster
from activities.channels.public_address import PublicAddresses
from activities.settings import AdapterSettings

_AS_THEY_ARE = "/@:+=,~"
"""What an effect id may have besides letters and digits; anything else cannot be in a header as it is."""

_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})


class WebhookSender:
    """Post what an effect says to a URL, under the effect's id."""

    def __init__(self, settings: AdapterSettings, poster: Poster, public: PublicAddresses) -> None:
        secret = settings.webhook_secret
        self._signer = Webhook(secret.get_secret_value()) if secret else None
        self._poster = poster
        self._public = public

    async def send(self, effect_id: str, body: str, url: str, *, ours: bool) -> str:
        """Return the receiver's answer in short once it has taken the message.

        Raises: NeverWorks for a URL that is refused or refuses for good; TryAgain for anything else.
        """
        headers = self._headers(effect_id, body)
        at = () if ours else await self._public.find(url)
        try:
            answer = await self._poster.post(url, body, headers, at)
        except NoAnswer as error:
            raise TryAgain(f"webhook {origin(url)}: {error}", away=True) from error
        return _judged(answer, origin(url))

    def _headers(self, effect_id: str, body: str) -> dict[str, str]:
        if self._signer is None:
            raise NeverWorks("no key to sign webhooks with; set SUNRELAY_WEBHOOK_SECRET")
        now = datetime.now(UTC)
        identity = quote(effect_id, safe=_AS_THEY_ARE)
        return {
            "content-type": "application/json",
            "user-agent": "Sunrelay",
            "webhook-id": identity,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(identity, now, body),
        }


def origin(url: str) -> str:
    """Name a URL without its path and query, where receivers hide their secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(no URL)"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _judged(answer: Answer, where: str) -> str:
    """Take 2xx for delivered; a redirect and most of 4xx never work; the rest is tried again."""
    status, said = answer.status, f"webhook {where}: {named(answer.status)} {answer.text}"
    if 200 <= status < 300:
        return named(status)
    if status in _WORTH_ANOTHER_TRY or status >= 500:
        raise TryAgain(said, wished(answer.retry_after), away=True)
    if 300 <= status < 400:
        raise NeverWorks(f"webhook {where}: {named(status)}; redirects are not followed, give the last URL")
    raise NeverWorks(said)
