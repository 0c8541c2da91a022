"""API keys: `sr_`, eight characters to find them by, `_`, and 256 random bits. Shown once, kept as sha256.

A fast hash is right here: what is hashed is random, no password, and cannot be guessed from a list.
"""

import re
from base64 import b32encode
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes
from typing import NamedTuple

BEGIN = "sr_"
_FORM = re.compile(r"(sr_[a-z2-7]{8})_[a-z2-7]{52}")


class NewKey(NamedTuple):
    """A key that was just made: all of it, what it is found by, and its sha256 (hex)."""

    key: str
    prefix: str
    digest: str


def make_key() -> NewKey:
    """Make a key of 256 random bits."""
    key = f"{BEGIN}{_letters(5)}_{_letters(32)}"
    return NewKey(key, key[: len(BEGIN) + 8], digest_of(key))


def prefix_of(presented: str) -> str | None:
    """Return what a key is found by, or None for what is no key."""
    found = _FORM.fullmatch(presented)
    return found[1] if found else None


def digest_of(key: str) -> str:
    """Return the sha256 of a key (hex)."""
    return sha256(key.encode()).hexdigest()


def is_key_of(presented: str, digest: str | None) -> bool:
    """Tell whether this is the key of a digest, in the same time whatever is wrong; None is nobody's."""
    return compare_digest(digest_of(presented), digest or digest_of("")) and digest is not None


def _letters(count: int) -> str:
    return b32encode(token_bytes(count)).decode().rstrip("=").lower()
