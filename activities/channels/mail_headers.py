"""Writes the header fields of a mail: whatever a person wrote is read back as text, and as nothing else.

We write these lines ourselves. The package `email` takes apart what it is handed: before Python 3.13
line breaks hidden in an encoded word became header lines of our mail, a quoted encoded word came out as
another text, and its own encoded words grew to 964 characters.
"""

import re
from collections.abc import Iterable
from email.header import Header
from email.utils import quote

from activities.addresses import named_mailbox
from activities.plain_text import one_line

_LONGEST_WORD = 75
"""Characters of an encoded word: RFC 2047, section 2."""

_LONGEST_LINE = 998
"""Characters of a line without its end: RFC 5322, section 2.1.1."""

_FOLD = "\r\n "
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


def text_field(name: str, text: str) -> str:
    """Return the field `name` with a text in one line, line end included."""
    said = one_line(text)
    room = _LONGEST_LINE - len(f"{name}: ")
    return f"{name}: {said if _is_plain(said, room) else _encoded(name, said)}\r\n"


def mailbox_field(name: str, mailbox: str) -> str:
    """Return the field `name` with one address, bare or as `Name <address>`, line end included.

    An address beyond ASCII stays as it is, which is what SMTPUTF8 is for.

    Raises: AddressInvalid.
    """
    display, address = named_mailbox(mailbox)
    said = _phrase(name, one_line(display))
    return f"{name}: {said} <{address}>\r\n" if said else f"{name}: {address}\r\n"


def ids_field(name: str, ids: Iterable[str]) -> str:
    """Return the field `name` with Message-IDs, one a line; encoded, no mail reader would follow them."""
    return f"{name}: {_FOLD.join(ids)}\r\n"


def _phrase(name: str, display: str) -> str:
    """Return a name as a word, in quotes where it has more than letters, or encoded."""
    if not _is_plain(display, _LONGEST_LINE // 2):  # each of its characters may be escaped
        return _encoded(name, display)
    return display if _NEEDS_NO_QUOTES.fullmatch(display) else f'"{quote(display)}"'


def _is_plain(text: str, room: int) -> bool:
    """Return whether a text can stand as it is: in ASCII, without an encoded word, and not too long."""
    return text.isascii() and "=?" not in text and len(text) <= room


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", maxlinelen=_LONGEST_WORD, header_name=name).encode(linesep="\r\n")
