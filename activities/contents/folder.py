"""The folder itself: each file under a name we drew, written beside its place and put there whole.

Blocking: whoever is asked by many at once calls it in a thread.
"""

import errno
import hashlib
import os
import re
import secrets
import time
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from activities.contents.sniffed import HEAD

_UNFINISHED = "unfinished"
_ID = re.compile(r"[a-z2-7]{26}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FolderFull(OSError):
    """There is no room on the disk; nothing of the file is left."""


class FolderUnusable(OSError):
    """The folder cannot be written or read; the reason is the system's."""


def new_id() -> str:
    """Draw a name for a file: 128 random bits, 26 characters."""
    return b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def is_id(text: str) -> bool:
    """Tell whether a text could be a name we drew; no other is ever looked for."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True)
class Written:
    """What was written: how much, its sha256 in hex, and its first bytes."""

    size: int
    sha256: str
    head: bytes


class Draft:
    """A file that is being written; nobody finds it before it is in its place."""

    def __init__(self, folder: Path) -> None:
        self.file_id = new_id()
        self._place = folder / self.file_id
        self._path = folder / _UNFINISHED / self.file_id
        with _told():
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            self._file = os.fdopen(os.open(self._path, flags, 0o600), "wb", buffering=0)
        self._digest = hashlib.sha256()
        self._size = 0
        self._head = b""

    def write(self, part: bytes) -> None:
        """Add to it. Raises: FolderFull, FolderUnusable; then nothing of it is left."""
        with self._or_nothing():
            rest = memoryview(part)
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        self._digest.update(part)
        self._size += len(part)
        if len(self._head) < HEAD:
            self._head = (self._head + part)[:HEAD]

    @property
    def written(self) -> Written:
        """What was written so far."""
        return Written(self._size, self._digest.hexdigest(), self._head)

    def finish(self) -> None:
        """See that it is on the disk. Raises: FolderFull, FolderUnusable; then nothing of it is left."""
        with self._or_nothing():
            os.fsync(self._file.fileno())
            self._file.close()

    def put(self) -> None:
        """Put it where it is found. Raises: FolderUnusable; then nothing of it is left."""
        with self._or_nothing():
            self._path.rename(self._place)
            _sync(self._place.parent)

    def drop(self) -> None:
        """Leave nothing of it; of one that was put in its place, nothing is dropped."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._path.unlink()

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        try:
            with _told():
                yield
        except OSError:
            self.drop()
            raise


class Contents(NamedTuple):
    """Where the contents of files are kept, and how many bytes a tenant may have."""

    folder: "Folder"
    per_tenant: int


class Folder:
    """A folder that is its owner's alone; whoever opens it has seen to that."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def draft(self) -> Draft:
        """Begin a file. Raises: FolderFull, FolderUnusable."""
        return Draft(self.path)

    def place_of(self, file_id: str) -> Path | None:
        """Return where a file lies, or None where it does not."""
        place = self.path / file_id
        return place if is_id(file_id) and place.is_file() and not place.is_symlink() else None

    def remove(self, file_id: str) -> None:
        """Remove a file; one that is not there is gone already."""
        if is_id(file_id):
            with suppress(OSError):
                (self.path / file_id).unlink()

    def remove_unfinished(self, after: float) -> None:
        """Remove what was never finished and last written so many seconds ago, by the clock of the disk."""
        before = time.time() - after
        with suppress(OSError), os.scandir(self.path / _UNFINISHED) as found:
            for one in found:
                if is_id(one.name) and one.stat(follow_symlinks=False).st_mtime < before:
                    Path(one.path).unlink(missing_ok=True)


@contextmanager
def _told() -> Iterator[None]:
    """Say in our words what the system says of a disk."""
    try:
        yield
    except OSError as error:
        kind = FolderFull if error.errno in _FULL else FolderUnusable
        raise kind(error.errno, error.strerror or str(error)) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
