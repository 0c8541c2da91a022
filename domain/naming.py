"""How a case is named: its id, which is its workflow's too, and the number told on the telephone. Pure."""

import base64
import hashlib
import json
import re

_DERIVED_ID = re.compile(r"case-[a-z2-7]{20}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to mishear on the telephone


def case_id(tenant: str, source: str, reference: str) -> str:
    """This will derive the id of a case, which is also its workflow id: `case-` and 20 base32 characters.

    A tenant's reference repeated gives the same case, another tenant's equal reference another one.
    """
    digest = hashlib.sha256(json.dumps([tenant, source, reference]).encode()).digest()
    return "case-" + base64.b32encode(digest).decode()[:20].lower()


def case_number(identity: str) -> str:
    """This will derive the number told on the telephone: `SR-XXXX-XXXX-C`, the last one a check character.

    Its eight characters are those that begin the id, in an alphabet that cannot be misheard; for an id that
    was not derived by `case_id` they come from its sha256.
    """
    first = identity.removeprefix("case-")[:8].upper()
    if not _DERIVED_ID.fullmatch(identity):
        first = base64.b32encode(hashlib.sha256(identity.encode()).digest()).decode()[:8]
    bits = int.from_bytes(base64.b32decode(first), "big")
    digits = [(bits >> shift) & 31 for shift in range(35, -1, -5)]
    body = "".join(_ALPHABET[digit] for digit in digits)
    return f"SR-{body[:4]}-{body[4:]}-{_ALPHABET[_check(digits)]}"


def _check(digits: list[int]) -> int:
    """This will make the check digit by which a wrong character and two swapped neighbours are both noticed.

    Each place is weighed by another power of 2 in the field of 32 elements (modulus x^5 + x^2 + 1). Weights
    modulo 31 were tried: they took 0 for Z.
    """
    total = 0
    for digit in digits:
        total = (total ^ digit) << 1
        if total & 32:
            total ^= 0b100101
    return total


def id_prefix(number: str) -> str | None:
    """This will return the beginning of the id a number stands for, or None where it was misheard."""
    text = number.upper().removeprefix("SR-").replace("-", "").translate(str.maketrans("OIL", "011"))
    if len(text) != 9 or any(char not in _ALPHABET for char in text):
        return None
    digits = [_ALPHABET.index(char) for char in text]
    if digits[8] != _check(digits[:8]):
        return None
    bits = 0
    for digit in digits[:8]:
        bits = bits << 5 | digit
    return "case-" + base64.b32encode(bits.to_bytes(5, "big")).decode().lower()
