"""How a text is spelled where it is looked for: as words, or as a key that stands for all its spellings.

The same functions read what is kept and what is asked, so that both databases find the same. No operator of
either's full text is left in what comes out.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

MOST_LETTERS = 40
"""Letters of one word that count (ours)."""

MOST_KEY = 250
"""Characters of a whole key that count: no line of a case has more."""

_LATIN_MARKS = range(0x300, 0x370)
_UNPARTED = (
    range(0x0E00, 0x0F00),  # Thai, Lao
    range(0x1000, 0x10A0),  # Burmese
    range(0x1780, 0x1800),  # Khmer
    range(0x2E80, 0x3100),  # CJK radicals, kana
    range(0x31F0, 0x3200),
    range(0x3400, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x40000),
)
"""Scripts that put no space between words: each letter counts as one."""

_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_EXTENSION = re.compile(r"(?:ext\.?|x|#|;)\s*\d{1,6}\s*$")
_TELEPHONE = re.compile(r"[\d\s()+./\-\u2010-\u2015\u2212]+")
_NUMBER = re.compile(r"(?<![0-9a-z])sr\W{0,3}([0-9a-z]{4})\W{0,3}([0-9a-z]{4})\W{0,3}([0-9a-z])(?![0-9a-z])")
_MISHEARD = str.maketrans("oil", "011")


def folded(text: str) -> str:
    """Return a text without capitals, width, or the marks of Latin letters: `Ｃafé` is `cafe`."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in parts if ord(char) not in _LATIN_MARKS)
    return unicodedata.normalize("NFKC", plain)


def words(text: str) -> list[str]:
    """Part a text into words, as they are looked for; a picture, and a letter of Japanese, is a word."""
    return [word[:MOST_LETTERS] for word in _words(folded(text))]


def _words(text: str) -> Iterator[str]:
    for kind, chars in groupby(text, _kind):
        if kind == "alone":
            yield from chars
        elif kind == "word":
            yield "".join(chars)


def _kind(char: str) -> str:
    if any(ord(char) in block for block in _UNPARTED) and char.isalnum():
        return "alone"
    category = unicodedata.category(char)
    if category[0] in "LN" or category in ("Mn", "Mc"):
        return "word"
    return "alone" if category == "So" else ""


def squashed(text: str) -> str:
    """Return the letters and digits of a text alone: what a reference or a company is, however spaced."""
    return "".join(char for char in folded(text) if char.isalnum())


def telephone(text: str) -> str:
    """Return the digits of a telephone, the last one first, without what stands for the country's own lines.

    `+61 (0)2 9374 4000`, `02 9374-4000` and `0061293744000` begin alike then.
    """
    plain = _EXTENSION.sub("", _TRUNK_ZERO.sub("", folded(text)))
    digits = "".join(str(unicodedata.digit(char)) for char in plain if char.isdecimal())
    return digits.lstrip("0")[::-1]


def is_telephone(text: str) -> bool:
    """Tell whether a text may be a telephone, or its last five digits at least."""
    plain = _EXTENSION.sub("", folded(text)).strip()
    return _TELEPHONE.fullmatch(plain) is not None and len(telephone(text)) >= 5


def mail(text: str) -> str:
    """Return a mail address as it is compared: without `mailto:`, brackets, spaces and capitals."""
    return "".join(folded(text).split()).strip("<>,;.\"'").removeprefix("mailto:")


def number(text: str) -> str:
    """Return a case number, or how it begins, without its first letters and what parts it."""
    plain = squashed(text)
    return (plain[2:] if plain.startswith("sr") else plain).translate(_MISHEARD)


def numbers_in(text: str) -> tuple[str, ...]:
    """List what may be whole case numbers within a text, such as a subject of a mail."""
    return tuple("".join(found.groups()).translate(_MISHEARD) for found in _NUMBER.finditer(folded(text)))


def distance(one: str, other: str) -> int:
    """Count the letters to be changed, left out, put in or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(line[-1] + 1, last[column] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]


def tolerance(word: str) -> int:
    """Return how many letters of a word may be wrong (ours): none below four, one below eight, else two."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def excerpt(text: str, word: str, around: int = 60) -> str:
    """Return a line of a text about the first place where a word begins, at most twice `around` letters."""
    line = " ".join(text.split())
    if len(line) <= 2 * around:
        return line
    at = max(folded(line).find(word), 0)
    start, end = max(at - around, 0), at + around
    return f"{'…' if start else ''}{line[start:end].strip()}{'…' if end < len(line) else ''}"
