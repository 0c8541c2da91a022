"""How a case is named: its id, which is its workflow's too, and the number told on the telephone."""

import base64
import hashlib
import json
import re
import unicodedata

_DERIVED_ID = re.compile(r"case-[a-z2-7]{20}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to mishear on the telephone

_AROUND = " .,:;#!?\"'`()[]{}<>|*_"
_MINUS = "\N{MINUS SIGN}"


def case_id(tenant: str, source: str, reference: str) -> str:
    """Derive the id of a case, which is also its workflow id: `case-` and 20 base32 characters.

    A tenant's reference repeated gives the same case, another tenant's equal reference another one.
    """
    digest = hashlib.sha256(json.dumps([tenant, source, reference]).encode()).digest()
    return "case-" + base64.b32encode(digest).decode()[:20].lower()


def is_derived(identity: str) -> bool:
    """Return whether an id is written as `case_id` writes them, and so stands for one reference."""
    return _DERIVED_ID.fullmatch(identity) is not None


def case_number(identity: str) -> str:
    """Derive the number told on the telephone: `SR-XXXX-XXXX-C`, the last one a check character.

    Its eight characters are those that begin the id, in an alphabet that cannot be misheard; for an id that
    was not derived by `case_id` they come from its sha256.
    """
    first = identity.removeprefix("case-")[:8].upper()
    if not is_derived(identity):
        first = base64.b32encode(hashlib.sha256(identity.encode()).digest()).decode()[:8]
    bits = int.from_bytes(base64.b32decode(first), "big")
    digits = [(bits >> shift) & 31 for shift in range(35, -1, -5)]
    body = "".join(_ALPHABET[digit] for digit in digits)
    return f"SR-{body[:4]}-{body[4:]}-{_ALPHABET[_check(digits)]}"


def _check(digits: list[int]) -> int:
    """Make the check digit by which a wrong character and two swapped neighbours are both noticed.

    Each place is weighed by another power of 2 in the field of 32 elements (modulus x^5 + x^2 + 1). Weights
    modulo 31 were tried: they took 0 for Z.
    """
    total = 0
    for digit in digits:
        total = (total ^ digit) << 1
        if total & 32:
            total ^= 0b100101
    return total


def as_plain_number(text: str) -> str:
    """Return a number as keyboards write it, however it was set, pasted or dictated.

    Digits and letters of any width become ASCII ones, dashes of any length hyphens; brackets, quotation
    marks and stops around it go, and so does what cannot be seen.
    """
    if not text.isascii():
        text = "".join(map(_plain_char, unicodedata.normalize("NFKC", text)))
    return " ".join(text.split()).strip(_AROUND).upper()


def _plain_char(char: str) -> str:
    category = unicodedata.category(char)
    if char == _MINUS or category == "Pd":
        return "-"
    if category in {"Pi", "Pf", "Ps", "Pe"}:
        return '"'
    return "" if category == "Cf" else char


def id_prefix(number: str) -> str | None:
    """Return the beginning of the id a number stands for, or None where it was misheard."""
    text = "".join(as_plain_number(number).split()).replace("-", "")
    if len(text) == 11:
        text = text.removeprefix("SR")
    text = text.translate(str.maketrans("OIL", "011"))
    if len(text) != 9 or any(char not in _ALPHABET for char in text):
        return None
    digits = [_ALPHABET.index(char) for char in text]
    if digits[8] != _check(digits[:8]):
        return None
    bits = 0
    for digit in digits[:8]:
        bits = bits << 5 | digit
    return "case-" + base64.b32encode(bits.to_bytes(5, "big")).decode().lower()
