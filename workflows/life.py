"""What takes messages and how: a life (a case, a major incident), its manner, and one message on its way.

Durable code; no rule, no I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel

from domain.decision import Refused
from domain.messages.base import Message
from domain.rules import FIRST_RULES, RULES_0_4
from domain.text import INCOMING
from workflows.request_ids import said_by

MAX_PAYLOAD = 64 * 1024


@dataclass
class Heard:
    """One message on its way: read, waiting for its turn, then answered or refused."""

    verb: Any
    message: Message
    cause: str
    at: datetime
    size: int
    by_signal: bool
    receipt: BaseModel | None = None
    refused: Refused | None = None

    @property
    def is_settled(self) -> bool:
        """True once the message was decided."""
        return self.receipt is not None or self.refused is not None

    @property
    def sent(self) -> bytes:
        """What it says, as JSON."""
        return sent_by(self.message)

    @property
    def said(self) -> str:
        """A digest of what it says."""
        return said_by(self.verb, self.message)


def sent_by(message: Message) -> bytes:
    """Write a message as JSON; when it came does not count, so that the same words are the same."""
    return message.model_dump_json(exclude={"received_at", "request_id"}, exclude_none=True).encode()


class Life(Protocol):
    """Who takes messages: a case or a major incident, and what of the step is its own."""

    @property
    def is_open(self) -> bool:
        """Whether the message that opens it was taken."""

    def decide(self, verb: Any, message: Any, cause: str) -> Any:
        """Return a decision, which changes nothing yet, a refusal, or None: said again, nothing to do."""

    def would_refuse(self, verb: Any, message: Any) -> Refused | None:
        """Say whether a message would be refused if it were decided now."""

    def refuse_access(self, message: Any) -> Refused | None:
        """Say whether it is closed to the speaker, who may not even learn that a message was taken."""

    def take_in(self, decision: Any, heard: Heard) -> None:
        """Go on from a decision."""

    def receipt(self, decision: Any = None, *, repeated: bool = False) -> BaseModel:
        """Answer a message: how it stands now."""


@dataclass(frozen=True)
class Manner:
    """How a life takes messages: by which verb it opens, how large they are, at once or in their turn.

    `rules` is the release of the rules its run is held to.
    """

    opening: Any
    most_bytes: int = MAX_PAYLOAD
    at_once: bool = False
    too_large: str = "shorten it, and send the rest as attachment references"
    refuses_reuse: bool = True
    rules: int = FIRST_RULES

    @property
    def form(self) -> Mapping[str, bool] | None:
        """The context in which messages are read: today's one form of writing, where the rules know it."""
        return INCOMING if self.rules >= RULES_0_4 else None
