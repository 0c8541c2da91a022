"""The requests a case has taken lately, so that a repetition changes nothing. Durable code; no rule."""

import hashlib
from collections.abc import Iterable

from workflows.messages import SEEN_REQUESTS


class SeenRequests:
    """The causes of the last 500 messages taken, as 12 hex digits of their sha256, the oldest first."""

    def __init__(self, digests: Iterable[str]) -> None:
        self._digests = dict.fromkeys(digests)

    def has(self, cause: str) -> bool:
        """This will tell whether a message with that cause was taken before."""
        return _digest(cause) in self._digests

    def add(self, cause: str) -> None:
        """This will remember a cause, and forget the oldest where there are too many."""
        self._digests[_digest(cause)] = None
        while len(self._digests) > SEEN_REQUESTS:
            del self._digests[next(iter(self._digests))]

    @property
    def digests(self) -> tuple[str, ...]:
        """This will list them for a turn-over."""
        return tuple(self._digests)


def _digest(cause: str) -> str:
    return hashlib.sha256(cause.encode()).hexdigest()[:12]
