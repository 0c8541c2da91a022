"""A mail system that can fall silent: before it says hello, or with a mail in its hands."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.activities.mail_system import Mail, MailSystem


@dataclass
class Conversation:
    """One connection in which not a word was said; UTC, `ended` is None while it is open."""

    began: datetime
    ended: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.ended is None


class SilentMailSystem(MailSystem):
    """Takes mail as its parent does, but for these two moods.

    While `says_nothing` every connection is accepted and nothing is said. The next mail of the case
    `keeps_its_answer_to` is taken and the 250 for it never comes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.says_nothing = False
        self.keeps_its_answer_to: str | None = None
        self.conversations: list[Conversation] = []
        self._silent: list[asyncio.Transport] = []

    @property
    def hangs(self) -> bool:
        """True while somebody waits for us to say something."""
        return any(conversation.is_open for conversation in self.conversations)

    def speaks_again(self) -> None:
        """The hang is over: who waited is hung up on, and who comes next is served."""
        self.says_nothing = False
        for transport in self._silent:
            transport.abort()

    def _protocol(self) -> asyncio.Protocol:
        if not self.says_nothing:
            return super()._protocol()
        self.connections += 1
        return _Silence(self.conversations, self._silent)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail, kept = Mail(envelope), self.keeps_its_answer_to
        if kept is not None and mail.message["X-Sunrelay-Case"] == kept:
            self.keeps_its_answer_to = None
            self.taken.append(mail)
            await asyncio.get_running_loop().create_future()  # until the other side is gone
        return await super().handle_DATA(server, session, envelope)

    async def __aexit__(self, *stopped: object) -> None:
        self.speaks_again()
        await super().__aexit__(*stopped)


class _Silence(asyncio.Protocol):
    def __init__(self, conversations: list[Conversation], transports: list[asyncio.Transport]) -> None:
        self._conversations = conversations
        self._transports = transports
        self._own: Conversation

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transports.append(transport)
        self._own = Conversation(datetime.now(UTC))
        self._conversations.append(self._own)

    def connection_lost(self, _: Exception | None) -> None:
        self._own.ended = datetime.now(UTC)
