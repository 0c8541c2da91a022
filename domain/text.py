"""What a text or an identifier from outside may look like.

Pure. An identifier goes into ids, headers and file names, so it is one printable line. A text may be
long and may have line breaks, but nothing that hides what it says: no NUL, no control characters, no
bidirectional override (it makes a reader see another order than the one stored).
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

MAX_TEXT_BYTES = 8 * 1024  # house rule: longer texts are references put in the case store by the door
MAX_LINE_CHARS = 200
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_BREAKS = frozenset("\n\r\t")


def _is_hostile(char: str, allowed: frozenset[str]) -> bool:
    if char in allowed:
        return False
    return char in _BIDI_CONTROLS or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _refuse_hostile(value: str, allowed: frozenset[str]) -> None:
    for char in value:
        if (char < " " or char > "~") and _is_hostile(char, allowed):
            raise ValueError(f"the character U+{ord(char):04X} is not allowed here; remove it")


def _line(value: str) -> str:
    _refuse_hostile(value, frozenset())
    return value


def _text(value: str) -> str:
    _refuse_hostile(value, _LINE_BREAKS)
    if len(value) > MAX_TEXT_BYTES or len(value.encode()) > MAX_TEXT_BYTES:
        raise ValueError(f"at most {MAX_TEXT_BYTES} bytes of text; send the rest as an attachment reference")
    return value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LINE_CHARS),
    AfterValidator(_line),
]
"""One printable line of 1 to 200 characters, without control characters or bidirectional overrides."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_text)]
"""A text of 1 byte to 8 KiB (UTF-8); line breaks and tabs are allowed, other control characters are not."""


def clipped(text: str, size: int) -> str:
    """This will return the beginning of the text in at most `size` bytes (UTF-8), no character cut in two."""
    return text.encode()[:size].decode(errors="ignore").rstrip()


def excerpt(text: str, limit: int = 280) -> str:
    """This will return the text in at most `limit` characters, ending with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
