"""The file of our signing keys: read while it is its owner's alone, made where there is none.

PEM blocks, the newest first: the first is a private key and signs; the others, private or public, are on
their way out, and what they have signed is still believed.
"""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Literal

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

_ANYBODY_ELSE = stat.S_IRWXG | stat.S_IRWXO
_MOST = 64 * 1024  # bytes; a key has 120
_MOST_KEYS = 20
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]{1,20})-----.*?-----END \1-----", re.DOTALL)
CURVE: Literal["Ed25519"] = "Ed25519"


class ReceiptKeyUnusable(ValueError):
    """Says why a file of keys is not used; the message begins with its path and has nothing that is in it."""


def read_keys(path: Path) -> tuple[OKPKey, ...]:
    """Return the keys of a file, the one that signs first. Raises: ReceiptKeyUnusable."""
    text = _read(path)
    blocks = [found[0] for found in _BLOCK.finditer(text)]
    if not blocks or len(blocks) > _MOST_KEYS:
        raise ReceiptKeyUnusable(f"{path} has no key in PEM, or more than {_MOST_KEYS}; make one: {_MAKE}")
    keys = tuple(_key(path, number, block) for number, block in enumerate(blocks, 1))
    if not keys[0].is_private:
        raise ReceiptKeyUnusable(f"{path}: the first key signs and has to be a private one: {_MAKE}")
    return keys


_MAKE = "openssl genpkey -algorithm ed25519"


def public_key(pem: str) -> OKPKey:
    """Read one public key in PEM. Raises: ValueError for anything but Ed25519."""
    try:
        key = OKPKey.import_key(pem)
    except (JoseError, ValueError, TypeError):
        raise ValueError("no key of Ed25519 in PEM") from None
    if key.curve_name != CURVE:
        raise ValueError("a key of another curve than Ed25519")
    return key


def make_keys(path: Path) -> None:
    """Make a new key for its owner alone, unless a file is there: of two at once the first is kept."""
    made = OKPKey.generate_key(CURVE, private=True).as_pem(private=True)
    descriptor, draft = mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


def _key(path: Path, number: int, block: str) -> OKPKey:
    try:
        return public_key(block)
    except ValueError as wrong:
        raise ReceiptKeyUnusable(f"{path}, key {number}: {wrong}; make one: {_MAKE}") from None


def _read(path: Path) -> str:
    """Read what is a plain file of ours that nobody else may read. Raises: ReceiptKeyUnusable."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            _check(path, os.fstat(file.fileno()))
            return file.read(_MOST).decode("ascii", "replace")
    except OSError as error:
        raise ReceiptKeyUnusable(f"{path}: {error.strerror or error}") from None


def _check(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ReceiptKeyUnusable(f"{path} is no file")
    if os.name != "posix":
        return
    if found.st_uid != os.geteuid():
        raise ReceiptKeyUnusable(f"{path} belongs to user {found.st_uid}, not to who works here")
    if found.st_mode & _ANYBODY_ELSE:
        raise ReceiptKeyUnusable(f"{path} can be read or changed by others: chmod 600 {path}")
