"""The requests a case has taken lately, so that a repetition changes nothing. Durable code; no rule."""

import hashlib
import json
from collections.abc import Iterable

from domain.messages.base import Message
from workflows.messages import SEEN_REQUESTS

_CAUSE = 12  # hex digits of a cause
_SAID = 8  # hex digits of what was said


class SeenRequests:
    """The last 500 messages taken, the oldest first: 12 hex digits of the cause's sha256, 8 of the content's.

    What was taken before contents were kept has the 12 alone, and is a repetition whatever it says.
    """

    def __init__(self, digests: Iterable[str]) -> None:
        self._said = {digest[:_CAUSE]: digest[_CAUSE:] for digest in digests}

    def has(self, cause: str) -> bool:
        """Tell whether a message with that cause was taken before."""
        return digest(cause) in self._said

    def is_other(self, cause: str, said: str) -> bool:
        """Tell whether a message with that cause was taken that said something else."""
        return self._said.get(digest(cause), "") not in ("", said)

    def add(self, cause: str, said: str = "") -> None:
        """Remember a cause and what was said, and forget the oldest where there are too many."""
        self._said[digest(cause)] = said
        while len(self._said) > SEEN_REQUESTS:
            del self._said[next(iter(self._said))]

    @property
    def causes(self) -> tuple[str, ...]:
        """The digests of their causes alone."""
        return tuple(self._said)

    @property
    def digests(self) -> tuple[str, ...]:
        """Them for a turn-over."""
        return tuple(cause + said for cause, said in self._said.items())


def said_by(verb: str, message: Message) -> str:
    """Tell two messages of one request id apart by verb and content: 8 hex digits of their sha256.

    Who sent it and when do not count; what is not said is left out, so that a field added later changes
    nothing.
    """
    said = message.model_dump(
        mode="json",
        exclude={"actor", "received_at", "request_id", "expected_version"},
        exclude_none=True,
        exclude_defaults=True,
    )
    return hashlib.sha256(json.dumps([verb, said], sort_keys=True).encode()).hexdigest()[:_SAID]


def digest(cause: str) -> str:
    """Return what is kept of a cause: 12 hex digits."""
    return hashlib.sha256(cause.encode()).hexdigest()[:_CAUSE]
