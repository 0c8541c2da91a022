"""What was said to the cases of a rehearsal, and how it goes on where a case stands otherwise than the log.

Part of the rehearsals; the same for every engine. The next word of a saying is tried where the case does not
take the first; what it refuses in the end is kept with the code. An archived case hears a reopening alone.
"""

from collections import Counter
from collections.abc import Generator
from datetime import timedelta
from typing import NamedTuple

from domain import case_step
from domain.case import Case
from domain.decision import Declined, Refused
from domain.effects import EffectKind
from domain.messages.case import Message, Submit
from domain.timeline import TimelineEntry
from domain.verbs import Verb
from starter.rehearse.findings import Unheard
from starter.rehearse.story import Saying, Turn

_STANDS_OTHERWISE = frozenset({"InvalidTransition", "CaseNotClosed"})
ARCHIVED = Refused(code="CaseClosed", reason="the case is archived")

Conversation = Generator[tuple[Verb, Message], Refused | None, None]
"""Yields what to say next, and is sent the refusal, or None where it was taken."""


class Journal:
    """What was said, by verb, and what cases refused."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.unheard: list[Unheard] = []

    def conversation(self, saying: Saying, turn: Turn, shift: timedelta) -> Conversation:
        """Say one thing, word after word until the case takes one, `shift` after the log's instant."""
        refused, verb = None, saying.words[0].verb
        for word in saying.words:
            verb = word.verb
            refused = yield verb, word.message.model_copy(update={"received_at": turn.at + shift})
            if refused is None:
                return
            if refused.code not in _STANDS_OTHERWISE:
                break
        assert refused is not None
        self.unheard.append(Unheard(line=turn.line, verb=verb, code=refused.code, reason=refused.reason))


class LateReopening(NamedTuple):
    """What an archived case says to a reopening: its own entries, and the request of the linked case."""

    entries: tuple[TimelineEntry, ...]
    request: Submit


def said_to_archived(case: Case | None, verb: Verb, message: Message) -> LateReopening | Refused:
    """Let a late reopening open the linked case, as doors do; None is a case nobody knows."""
    if verb is not Verb.REOPEN or case is None:
        return ARCHIVED
    at = message.received_at
    assert at is not None
    decision = case_step.decide(case, verb, message, message.request_id or case.id, at)
    if not isinstance(decision, Declined):
        return decision if isinstance(decision, Refused) else ARCHIVED
    effect = next(one for one in decision.effects if one.kind is EffectKind.LINKED_CASE)
    return LateReopening(decision.entries, case_step.linked_request(case, effect))
