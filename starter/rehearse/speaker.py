"""Says a story to its case, word by word, as the doors do: by updates, with the instant of receipt.

Part of the rehearsals, for the engine with a server. A case that comes back after its archive goes on as a
linked one.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Never

from temporalio.client import Client

from domain.decision import Refused
from domain.messages.case import Message, Submit
from domain.verbs import Verb
from starter.door.faults import Fault, Kind
from starter.door.opening import id_of, submit
from starter.door.requests import ask
from starter.door.session import Session
from starter.rehearse.journal import ARCHIVED, Journal, said_to_archived
from starter.rehearse.receivers import Receivers
from starter.rehearse.story import Saying, Story, Turn

_PATIENCE = timedelta(seconds=120)  # for one answer; a busy machine takes a tenth of a second


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
        talk = self._journal.conversation(saying, turn, self._shift)
        with suppress(StopIteration):
            word = next(talk)
            while True:
                word = talk.send(await self._said(*word))

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
        found = said_to_archived(record.whole if record else None, verb, message)
        if isinstance(found, Refused) or record is None:
            return found if isinstance(found, Refused) else ARCHIVED
        record.take_late(found.entries)
        return await self._submit(found.request)


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
