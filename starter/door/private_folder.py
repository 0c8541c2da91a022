"""A folder that is its owner's alone: made so, narrowed to it, or refused.

POSIX modes only. What lies in it are cases, mails and keys, so nobody else may read it,
and nobody else may have put anything there that we would believe.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
UMASK = _OTHERS


class NotPrivate(Exception):
    """Says why a folder is not taken; the message begins with its path."""


def check(folder: Path) -> None:
    """Refuse what is no folder of ours alone to write in. Raises: NotPrivate; OSError where there is none."""
    found = folder.lstat()
    if os.name != "posix":
        return
    if stat.S_ISLNK(found.st_mode):
        raise NotPrivate(f"{folder} is a symbolic link; the folder it leads to is not taken for ours")
    if not stat.S_ISDIR(found.st_mode):
        raise NotPrivate(f"{folder} is not a folder")
    _check_owner(folder, found)
    if found.st_mode & stat.S_IWOTH:
        raise NotPrivate(f"{folder} can be written by anybody: its contents may be somebody else's")


def check_file(file: Path) -> None:
    """Refuse a file that is not ours, or that others can read or write. Raises: NotPrivate; OSError."""
    found = file.lstat()
    if os.name != "posix":
        return
    if not stat.S_ISREG(found.st_mode):
        raise NotPrivate(f"{file} is not a file")
    _check_owner(file, found)
    if found.st_mode & _OTHERS:
        raise NotPrivate(f"{file} can be read or written by others")


def write(file: Path, text: str) -> None:
    """Write a small file for its owner alone, all of it or nothing. Raises: OSError."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
    draft.replace(file)


def make(folder: Path, ours: Iterable[str]) -> bool:
    """Make a folder of mode 0700, or narrow one and what in it fits the patterns `ours`; tell of the latter.

    Raises: NotPrivate; OSError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        check(folder)
    narrowed = [_narrow(folder)]  # before what is in it, so that nobody can change that meanwhile
    narrowed += [_narrow(entry) for pattern in ours for entry in sorted(folder.glob(pattern))]
    return any(narrowed)


def _narrow(entry: Path) -> bool:
    """Take from others what they may do with a file or folder of ours; a link is left as it is."""
    found = entry.lstat()
    _check_owner(entry, found)
    if stat.S_ISLNK(found.st_mode) or not found.st_mode & _OTHERS:
        return False
    entry.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
    return True


def _check_owner(entry: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise NotPrivate(
            f"{entry} belongs to user {found.st_uid}, not to user {os.geteuid()}, who works here"
        )
