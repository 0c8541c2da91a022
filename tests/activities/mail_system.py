"""A real SMTP server whose moods a test can choose, and the mails it took."""

import asyncio
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

Mood = Callable[[], str]


class Mail:
    """One mail as it arrived: envelope, bytes, and the message they parse to."""

    def __init__(self, envelope: Envelope) -> None:
        self.sender = envelope.mail_from
        self.recipients = envelope.rcpt_tos
        self.bytes = envelope.original_content or b""
        message = message_from_bytes(self.bytes, policy=SMTPUTF8)
        assert isinstance(message, EmailMessage)
        self.message = message

    def part(self, kind: str) -> str:
        found = self.message.get_body((kind,))
        assert found is not None
        return str(found.get_content())


class MailSystem:
    """Answers RCPT and DATA as `refusals` and `data_moods` say, each mood once; after that it takes mail."""

    def __init__(self) -> None:
        self.taken: list[Mail] = []
        self.connections = 0
        self.banner: str | None = None
        self.refusals: dict[str, list[str]] = {}
        self.data_moods: list[str] = []
        self._released = asyncio.Event()
        self._server: asyncio.Server
        self._transports: list[asyncio.Transport] = []

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._protocol, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._released.set()
        self._server.close()
        for transport in self._transports:
            transport.abort()

    def _protocol(self) -> asyncio.Protocol:
        self.connections += 1
        if self.banner is not None:
            return _Banner(self.banner, self._transports)
        return _Watched(self, self._transports)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        moods = self.refusals.get(address, [])
        if moods:
            return moods[0] if len(moods) == 1 else moods.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mood = self.data_moods.pop(0) if self.data_moods else "250 taken"
        if mood == "hang":
            await self._released.wait()
            return "451 too late"
        if mood == "take and vanish":
            self.taken.append(Mail(envelope))
            assert server.transport is not None
            server.transport.abort()
            return "250 nobody hears this"
        if mood.startswith("250"):
            self.taken.append(Mail(envelope))
        return mood


class _Watched(SMTP):
    def __init__(self, system: MailSystem, transports: list[asyncio.Transport]) -> None:
        super().__init__(system, enable_SMTPUTF8=True, hostname="mail.test")
        self._watched = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._watched.append(transport)
        super().connection_made(transport)


class _Banner(asyncio.Protocol):
    """Says one line, or nothing where it is empty, and never listens."""

    def __init__(self, banner: str, transports: list[asyncio.Transport]) -> None:
        self._banner = banner
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transports.append(transport)
        if self._banner:
            transport.write(f"{self._banner}\r\n".encode())
