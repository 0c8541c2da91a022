"""Whether a call came from the vendor, unchanged and just now, and whether it came before.

Standard Webhooks: `webhook-id`, `webhook-timestamp` (5 minutes either way) and
`webhook-signature` over id, time and body. Every key in force is tried, so that one can be changed without a
gap.
"""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from standardwebhooks import Webhook, WebhookVerificationError

from starter.web.vendor_answers import Answer

KEPT_FOR = 660.0
"""Seconds an id is remembered: longer than a call can be repeated before it is too old (2 x 5 minutes)."""

MOST_KEPT = 10_000
_ID = re.compile(r"[A-Za-z0-9._:@/+=-]{1,100}")


class Proof:
    """Tell the vendor's calls from all others."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [Webhook(secret) for secret in secrets]

    def check(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return the id of a call that is the vendor's. Raises: Answer (401, 400)."""
        reason = "no key of the vendor is set"
        for key in self._keys:
            try:
                key.verify(body, dict(headers), json_parse=False)
            except WebhookVerificationError as error:
                reason = str(error)
            except ValueError:
                reason = "malformed headers or body"
            else:
                return _plain(headers["webhook-id"])
        raise Answer(401, "WebhookUnverified", reason)


def _plain(identity: str) -> str:
    if not _ID.fullmatch(identity):
        raise Answer(400, "WebhookIdInvalid", "a webhook-id has at most 100 letters, digits and ._:@/+=-")
    return identity


class Seen:
    """Remember calls by id, so that a repeated one is answered and not passed on again.

    After a restart it knows none: the case itself knows the ids of its last 500 messages.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def is_repeated(self, identity: str, body: bytes) -> bool:
        """Keep what was answered. Raises: Answer (409) for another body under an id that was used."""
        self._forget()
        known = self._kept.get(identity)
        if known is not None and known[1] != _digest(body):
            raise Answer(409, "WebhookIdReused", "this webhook-id came before with another body")
        return known is not None

    def keep(self, identity: str, body: bytes) -> None:
        """Remember a call that was passed on."""
        self._kept[identity] = (self._now(), _digest(body))

    def _forget(self) -> None:
        oldest = self._now() - KEPT_FOR
        while self._kept and (len(self._kept) > MOST_KEPT or next(iter(self._kept.values()))[0] < oldest):
            self._kept.popitem(last=False)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
