"""The mails the desk's own sink has kept.

A mail is data: what it says is printed as plain text.
"""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from starter.door.faults import Fault, Kind
from starter.door.plain import printable
from starter.home import Home

SHOWN = (
    "From",
    "To",
    "Reply-To",
    "Date",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
)
"""The headers of a mail that people are shown, in this order."""


@dataclass(frozen=True)
class Mail:
    """One mail of the sink; `number` counts from 1."""

    number: int
    message: EmailMessage

    def header(self, name: str) -> str:
        """Read a header on one line."""
        return printable(" ".join(str(self.message.get(name, "")).split()))

    @property
    def sent_at(self) -> datetime | None:
        """The instant of its Date header."""
        try:
            return parsedate_to_datetime(self.header("Date"))
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """The plain text of the mail."""
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""

    def as_record(self) -> dict[str, Any]:
        """Return the mail as JSON prints it."""
        headers = {
            name.lower().replace("-", "_"): self.header(name) for name in SHOWN if name in self.message
        }
        return {"number": self.number, **headers, "text": self.text}


def latest(home: Home, count: int) -> list[Mail]:
    """Read the last mails, the newest first."""
    files = sorted(home.mail.glob("[0-9]*.eml"), reverse=True)[:count]
    return [_read(file) for file in files]


def how_many(home: Home) -> int:
    """Count the mails that are kept."""
    return sum(1 for _ in home.mail.glob("[0-9]*.eml"))


def one(home: Home, number: int) -> Mail:
    """Read one mail. Raises: Fault (not found)."""
    file = home.mail / f"{number:05d}.eml"
    if not file.is_file():
        raise Fault(Kind.NOT_FOUND, "MailNotFound", f"there is no mail {number}", "sunrelay mail lists them")
    return _read(file)


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(int(file.stem), message)
