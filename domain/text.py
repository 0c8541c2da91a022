"""What a text or an identifier from outside may look like.

An identifier goes into ids, headers and file names, so it is one printable line. A text may be
long and may have line breaks, but nothing that hides what it says: no NUL, no control characters, no
bidirectional override (it makes a reader see another order than the one stored).
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

MAX_TEXT_BYTES = 8 * 1024  # house rule: longer texts are references put in the case store by the door
MAX_LINE_CHARS = 200
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_BREAKS = frozenset("\n\r\t")
_ODD_BREAKS = frozenset("\v\f\x85\u2028\u2029")
_BLANKS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What shows nothing although Unicode counts it among letters, marks and symbols."""

INCOMING: Mapping[str, bool] = MappingProxyType({"incoming": True})
"""The context in which what somebody says now is read: written in one form, and addresses by today's rule.

What was accepted before is read without it, as it was: histories and records stay true.
"""


def is_incoming(info: ValidationInfo) -> bool:
    """Tell whether what is read is said now, and not part of an old history or record."""
    return info.context is not None and "incoming" in info.context


def in_one_form(text: str) -> str:
    """Return a text as NFC: what looks the same is the same."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def identifier(text: str) -> str:
    """Return what names something, in one form and without what cannot be seen; a line refuses the rest."""
    if text.isascii():
        return text
    seen = _BLANKS.sub("", text)
    kept = (char for char in seen if char in _BIDI_CONTROLS or unicodedata.category(char) != "Cf")
    return in_one_form("".join(kept))


def _incoming_text(value: object, info: ValidationInfo) -> object:
    return in_one_form(value) if isinstance(value, str) and is_incoming(info) else value


def _incoming_identifier(value: object, info: ValidationInfo) -> object:
    return identifier(value) if isinstance(value, str) and is_incoming(info) else value


def _is_hostile(char: str, allowed: frozenset[str]) -> bool:
    if char in allowed:
        return False
    return char in _BIDI_CONTROLS or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def hostile_in(text: str) -> tuple[str, ...]:
    """List the characters of a text that are not allowed in one, as `U+000B`, each once."""
    found = dict.fromkeys(char for char in text if _is_hostile(char, _LINE_BREAKS))
    return tuple(f"U+{ord(char):04X}" for char in found)


def cleaned(text: str) -> str:
    """Return the text with its odd line ends made plain ones, and without what is not allowed in one."""
    plain = "".join("\n" if char in _ODD_BREAKS else char for char in text)
    return "".join(char for char in plain if not _is_hostile(char, _LINE_BREAKS)).strip()


def cleaned_line(text: str) -> str:
    """Return one line of at most 200 characters; one that is fit comes back as it is."""
    if len(text) <= MAX_LINE_CHARS and not any(_is_hostile(char, frozenset()) for char in text):
        return text
    return " ".join(cleaned(text).split())[:MAX_LINE_CHARS].rstrip()


def parts_of(text: str, size: int = MAX_TEXT_BYTES) -> tuple[str, ...]:
    """Cut a text into parts of at most `size` bytes (UTF-8) that together are the whole."""
    whole, parts = text.encode(), []
    while whole:
        part = whole[:size].decode(errors="ignore")
        parts.append(part)
        whole = whole[len(part.encode()) :]
    return tuple(parts)


def without_hostile(text: str) -> str:
    """Return the text with a `?` for each character not allowed in one; for what cannot be refused."""
    return "".join("?" if _is_hostile(char, _LINE_BREAKS) else char for char in text)


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


def unless_blank(value: object) -> object:
    """Return what was given, or None for a text of nothing but blanks: a form sends those."""
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LINE_CHARS),
    AfterValidator(_line),
    BeforeValidator(_incoming_text),
]
"""One printable line of 1 to 200 characters, without control characters or bidirectional overrides."""

_WORDS = re.compile(r"[^\W\d_]+[+#]*|\d+")


def in_one_spelling(name: str) -> str:
    """Return one spelling of a name: `Dynamics 365`, `dynamics-365`, `Dynamics365` are `dynamics_365`."""
    return "_".join(_WORDS.findall(name.casefold()))


def _skill(value: str) -> str:
    if not (spelled := in_one_spelling(value)):
        raise ValueError("a skill has letters or digits, such as Dynamics 365")
    return spelled


Skill = Annotated[Line, AfterValidator(_skill)]
"""What somebody knows, in one spelling (RHIPE-40)."""

Identifier = Annotated[Line, BeforeValidator(_incoming_identifier)]
"""A line that names something, such as a tenant or a reference: nothing invisible tells two of them apart."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_text),
    BeforeValidator(_incoming_text),
]
"""A text of 1 byte to 8 KiB (UTF-8); line breaks and tabs are allowed, other control characters are not."""

ForeignText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text of somebody who will not write it again: long and odd ones are taken, and made fit by the rule."""


def clipped(text: str, size: int) -> str:
    """Return the beginning of the text in at most `size` bytes (UTF-8), no character cut in two."""
    return text.encode()[:size].decode(errors="ignore").rstrip()


def excerpt(text: str, limit: int = 280) -> str:
    """Return the text in at most `limit` characters, ending with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
