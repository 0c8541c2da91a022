"""What will be said to one case, and when: the story of a case of the log, ready to be told.

Part of the rehearsals. A story is plain data, so that it can be handed to another process.
"""

from datetime import datetime
from typing import Any

from pydantic import SerializeAsAny, field_validator, model_validator

from domain.frozen import Frozen
from domain.messages.case import Message, Submit
from domain.verbs import Verb


class Word(Frozen):
    """One message; `received_at` is still to be stamped."""

    verb: Verb
    message: SerializeAsAny[Message]

    @model_validator(mode="before")
    @classmethod
    def _by_its_verb(cls, value: Any) -> Any:
        """Read a message that comes as JSON by the record its verb is said with."""
        if isinstance(value, dict) and isinstance(value.get("message"), dict):
            model = Verb(value["verb"]).model
            return {"verb": value["verb"], "message": model.model_validate(value["message"])}
        return value


class Saying(Frozen):
    """One thing to say: the first word, and what to say instead where the case stands otherwise."""

    words: tuple[Word, ...]

    @field_validator("words")
    @classmethod
    def _not_empty(cls, words: tuple[Word, ...]) -> tuple[Word, ...]:
        if not words:
            raise ValueError("a saying has at least one word")
        return words


class Turn(Frozen):
    """What one row of the log says, at its instant (UTC)."""

    at: datetime
    line: int
    sayings: tuple[Saying, ...]


class Story(Frozen):
    """One case: its request, received at `opens_at`, and its turns in order."""

    case: str
    opens_at: datetime
    submit: Submit
    turns: tuple[Turn, ...]

    @property
    def ends_at(self) -> datetime:
        """The instant of the last turn."""
        return self.turns[-1].at if self.turns else self.opens_at
