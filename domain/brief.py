"""What whoever takes a case over has to know, in six lines: a handoff brief."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from domain.frozen import Frozen
from domain.text import Text, unless_blank

MOST_OF_A_LINE = 500
"""Characters of one of the six; together they travel with a case that turns over (ours)."""

Note = Annotated[Text, StringConstraints(max_length=MOST_OF_A_LINE)]
"""One of the six: a text of at most 500 characters."""

MaybeNote = Annotated[Note | None, BeforeValidator(unless_blank)]


class Brief(Frozen):
    """The six lines: what is hurt, what we think it is, what was done, who does what next."""

    impact: MaybeNote = None
    hypothesis: MaybeNote = None
    tried: MaybeNote = None
    next_action: MaybeNote = None
    next_action_owner: MaybeNote = None
    waiting_for: MaybeNote = None

    @property
    def lines(self) -> dict[str, str]:
        """The lines that say something, by their names, in order."""
        return {name: text for name in LINES if (text := getattr(self, name)) is not None}


LINES = tuple(Brief.model_fields)


class WrittenBrief(Brief):
    """A brief as somebody of ours has written it, and when (UTC); who came later may have changed a line."""

    written_at: datetime
    written_by: str


class HandoffBrief(Brief):
    """A brief as it is handed on: what was written, and for the rest what the timeline says.

    `drafted` names the lines nobody wrote.
    """

    drafted: tuple[str, ...] = ()
    written_at: datetime | None = None
    written_by: str | None = None
