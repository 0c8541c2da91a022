"""Makes a person's text harmless where it is shown: nothing hidden, nothing that turns the reading order.

Doors refuse most of this already; here is the last place before a mail header or a reader's eyes.
"""

import re
import unicodedata

_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """Keep line breaks and tabs, and drop controls, surrogates and bidirectional marks."""
    if text.isprintable():  # none of them is; most texts are, and are read often
        return text
    broken = _LINE_BREAKS.sub("\n", text)
    return "".join(char for char in broken if char in "\n\t" or not _is_hidden(char))


def one_line(text: str) -> str:
    """Make one printable line: every run of white space is one space."""
    return " ".join(plain(text).split())


def _is_hidden(char: str) -> bool:
    return char in _BIDI or unicodedata.category(char) in {"Cc", "Cs"}
