"""The mail server of a desk: it takes every mail on loopback and keeps it as a file, so that it can be read.

Nothing is ever sent on.
"""

from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

_LARGEST = 4 * 1024 * 1024  # bytes; our own mails have a few KB


class MailSink:
    """A local SMTP server that keeps mails in a directory, numbered from 1."""

    def __init__(self, directory: Path, port: int) -> None:
        self._directory = directory
        self.address = f"127.0.0.1:{port}"
        self._controller = Controller(
            self, hostname="127.0.0.1", port=port, data_size_limit=_LARGEST, ident="sunrelay"
        )

    def start(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; what was kept stays."""
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep one mail; the name is the one the SMTP library calls."""
        number = 1 + max((int(file.stem) for file in self._directory.glob("[0-9]*.eml")), default=0)
        receivers = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {receivers}\r\n".encode()
        draft = self._directory / f"{number}.new"
        draft.write_bytes(head + (envelope.original_content or b""))
        draft.replace(self._directory / f"{number:05d}.eml")
        return f"250 kept as {number}"
