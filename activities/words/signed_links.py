"""Tokens of links that we have signed: letters, digits, `-` and `_`, and a full stop before the signature.

A token is good for one purpose, which is signed with it (HMAC-SHA256): no signature under the same key can
pass for one of another purpose. What it says is its maker's; this room signs and reads it.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence

from pydantic import SecretStr

VEIL = "…"
"""Stands where a token would, for those of ours who look at a letter, and opens nothing."""

_LONGEST = 600  # characters; an id of a case has at most 200


class LinkInvalid(ValueError):
    """A token that none of our keys has signed."""


class SignedLinks:
    """Sign with the first key and read what each has signed: the others are on their way out."""

    def __init__(self, purpose: str, keys: Sequence[str]) -> None:
        self._purpose = f"sunrelay {purpose}\n".encode()
        self._keys = [key.encode() for key in keys]

    @property
    def has_keys(self) -> bool:
        """Whether anything can be signed."""
        return bool(self._keys)

    def token(self, said: str) -> str:
        """Write what is said, and sign it."""
        content = said.encode()
        return f"{_written(content)}.{_written(self._signature(self._keys[0], content))}"

    def read(self, token: str) -> str:
        """Return what a token says. Raises: LinkInvalid."""
        said, signature = (_read(part) for part in token[:_LONGEST].partition(".")[::2])
        if not any(hmac.compare_digest(signature, self._signature(key, said)) for key in self._keys):
            raise LinkInvalid("the link is not whole, or none of ours")
        return said.decode()

    def _signature(self, key: bytes, said: bytes) -> bytes:
        return hmac.digest(key, self._purpose + said, "sha256")


def keys_in(secrets: SecretStr | None) -> list[str]:
    """Return the keys of a setting, one a line."""
    return secrets.get_secret_value().split() if secrets else []


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
