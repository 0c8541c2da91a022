"""Says a story to its case, word by word, as the doors do: by updates, with the instant of receipt.

Part of the rehearsals. Where the case stands otherwise than the log, the next word of a saying is tried; what
it refuses in the end is kept with the code. A case that comes back after its archive goes on as a linked one.
"""

from collections import Counter
from datetime import timedelta
from typing import Never

from temporalio.client import Client

from domain import case_step
from domain.decision import Declined, Refused
from domain.effects import EffectKind
from domain.messages.case import Message, Submit
from domain.verbs import Verb
from starter.door.faults import Fault, Kind
from starter.door.opening import id_of, submit
from starter.door.requests import ask
from starter.door.session import Session
from starter.rehearse.findings import Unheard
from starter.rehearse.receivers import Receivers
from starter.rehearse.story import Saying, Story, Turn

_STANDS_OTHERWISE = frozenset({"InvalidTransition", "CaseNotClosed"})
_PATIENCE = timedelta(seconds=120)  # for one answer; a busy machine takes a tenth of a second
_ARCHIVED = Refused(code="CaseClosed", reason="the case is archived")


class Journal:
    """What was said to all cases of a sweep, by verb, and what they refused."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.unheard: list[Unheard] = []


class Speaker:
    """Tell one story. Its case is the one it opened, or the latest linked to that."""

    def __init__(
        self, session: Session, story: Story, shift: timedelta, receivers: Receivers, journal: Journal
    ) -> None:
        self._session = session
        self._story = story
        self._shift = shift
        self._receivers = receivers
        self._journal = journal
        self._identity = ""

    async def open(self) -> None:
        """Submit the request, received when the log says."""
        received_at = self._story.opens_at + self._shift
        await self._submit(self._story.submit.model_copy(update={"received_at": received_at}))

    async def take(self, turn: Turn) -> None:
        """Say what one row of the log stands for."""
        for saying in turn.sayings:
            await self._say(saying, turn)

    async def _submit(self, request: Submit) -> Refused | None:
        self._journal.said[Verb.SUBMIT] += 1
        self._identity = id_of(request)
        try:
            await submit(self._session, request)
        except Fault as fault:
            return _refusal(fault)
        return None

    async def _say(self, saying: Saying, turn: Turn) -> None:
        refused, verb = None, saying.words[0].verb
        for word in saying.words:
            verb = word.verb
            message = word.message.model_copy(update={"received_at": turn.at + self._shift})
            refused = await self._said(verb, message)
            if refused is None:
                return
            if refused.code not in _STANDS_OTHERWISE:
                break
        assert refused is not None
        self._journal.unheard.append(
            Unheard(line=turn.line, verb=verb, code=refused.code, reason=refused.reason)
        )

    async def _said(self, verb: Verb, message: Message) -> Refused | None:
        """Say one word and return the refusal, or None where the case has taken it."""
        try:
            receipt = await ask(self._session, self._identity, verb, message)
        except Fault as fault:
            if fault.kind is Kind.NOT_FOUND:
                return await self._said_to_archived(verb, message)
            return _refusal(fault)
        self._journal.said[verb] += 1
        self._identity = receipt.linked_case or self._identity
        return None

    async def _said_to_archived(self, verb: Verb, message: Message) -> Refused | None:
        """Let a late reopening open the linked case, as doors do; an archive hears nothing else."""
        record = self._receivers.records.get(self._identity)
        if verb is not Verb.REOPEN or record is None or record.whole is None:
            return _ARCHIVED
        case, at = record.whole, message.received_at
        assert at is not None
        decision = case_step.decide(case, verb, message, message.request_id or case.id, at)
        if not isinstance(decision, Declined):
            return decision if isinstance(decision, Refused) else _ARCHIVED
        effect = next(one for one in decision.effects if one.kind is EffectKind.LINKED_CASE)
        record.take_late(decision.entries)
        return await self._submit(case_step.linked_request(case, effect))


def session_with(client: Client) -> Session:
    """Return the session of a rehearsal: its server, and no store; cases report to `receivers`."""

    async def connect() -> Client:
        return client

    return Session(connect, _no_store, _no_store, lambda: "the server of the rehearsal", _PATIENCE)


def _no_store() -> Never:
    raise Fault(Kind.UNREACHABLE, "StoreUnreachable", "a rehearsal has no case store")


def _refusal(fault: Fault) -> Refused:
    """Return the refusal a case answered with. Raises: Fault, that very one, where it is none."""
    if fault.kind not in (Kind.REFUSED, Kind.CONFLICT):
        raise fault
    return Refused(code=fault.code, reason=fault.reason, remedy=fault.remedy, missing=fault.missing)
