"""What files we keep for a case: how many, how large, of which names and kinds. All faults are told at once.

What a file is comes from its first bytes, never from its name or its sender; its name counts where it says
what the computer of whoever opens it would do.
"""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from domain.decision import Refused
from domain.files import in_bytes
from domain.messages.request import MOST_FILES
from domain.text import hostile_in, identifier

MOST_BYTES = 25_000_000
"""Of all files of a case together (doors.md 1b): what mail systems carry at most, too."""

_NAME_BYTES = 255
"""No file system has longer names."""

_SHOWN_BYTES = 100
"""What is kept of a name (ours): 25 of them go into a request of 16 KiB beside what it says."""

_ENDING_BYTES = 20

_RUNS = """
    ade adp app appref-ms appx appxbundle bat chm cmd com cpl dll dmg exe gadget hta inf ins iso isp jar jnlp
    js jse lnk mde msc msi msix msp mst pif ps1 psm1 reg scf scr sct shb sys url vb vbe vbs vhd vhdx vxd ws
    wsc wsf wsh xll
"""
RUNS = frozenset(_RUNS.split())
"""Endings of what runs when it is opened, or mounts as a disk (doors.md 1b; what mail providers block)."""


class FileKind(StrEnum):
    """What a file is, as far as it matters here."""

    PROGRAM = "program"
    OTHER = "other"


class Upload(NamedTuple):
    """A file somebody gives: its name as they say it, its size in bytes, and what its first bytes are."""

    name: str
    size: int
    kind: FileKind = FileKind.OTHER


class Taken(NamedTuple):
    """What is kept already: files and bytes of the case, bytes of its tenant, and how many a tenant has."""

    files: int
    size: int
    tenant_size: int
    most_of_tenant: int


def shown_name(given: str) -> str | None:
    """Return the name a file is shown by, or None for what is none: empty, too long, or hiding something.

    Of a path it is the last part. Marks that turn the reading order are left out, so that `.exe` is seen.
    """
    name = given.replace("\\", "/").rpartition("/")[2]
    if len(name.encode(errors="replace")) > _NAME_BYTES or any(map(_is_control, name)):
        return None
    name = "".join(char for char in identifier(name) if not hostile_in(char))
    name = " ".join(name.split()).strip(". ") if name.strip(". ") else ""
    return _fitted(name) or None


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _fitted(name: str) -> str:
    """Shorten a name in its middle: how it ends says what it is."""
    if len(name.encode()) <= _SHOWN_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > _ENDING_BYTES:
        stem, dot, ending = name, "", ""
    room = _SHOWN_BYTES - len(f"….{ending}".encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + "…" + dot + ending


def faults_of(files: Sequence[Upload], taken: Taken) -> tuple[Refused, ...]:
    """Name everything that keeps files from being taken; none of them is, then."""
    found = [fault for file in files for fault in _of_one(file)]
    if not files:
        found.append(_refused("FileEmpty", "no file was given", "give one"))
    if taken.files + len(files) > MOST_FILES:
        reason = f"a case has {MOST_FILES} files at most, and there would be {taken.files + len(files)}"
        found.append(_refused("TooManyFiles", reason, "put several into one archive"))
    given = sum(file.size for file in files)
    if taken.size + given > MOST_BYTES:
        kept = f" beside the {in_bytes(taken.size)} it has" if taken.size else ""
        reason = f"{in_bytes(given)}{kept} are more than the {in_bytes(MOST_BYTES)} of a case"
        remedy = "send the part that shows the problem, or pack it smaller"
        found.append(_refused("FileTooLarge", reason, remedy))
    elif taken.tenant_size + given > taken.most_of_tenant:
        reason = f"the files of this company would be more than {in_bytes(taken.most_of_tenant)}"
        found.append(_refused("TenantFull", reason, "ask our staff for room"))
    return tuple(found)


def _of_one(file: Upload) -> list[Refused]:
    name = shown_name(file.name)
    if name is None:
        told = identifier("".join(char for char in file.name[:40] if not _is_control(char)))
        reason = f"{told or 'a file'}: this is no name of a file"
        return [
            _refused(
                "FileNameInvalid", reason, "give it a name of 1 to 255 bytes, without control characters"
            )
        ]
    found = []
    if file.size == 0:
        found.append(_refused("FileEmpty", f"{name}: there is nothing in it", "leave it out"))
    if file.kind is FileKind.PROGRAM or _ending(name) in RUNS:
        reason = f"{name}: programs and what runs when it is opened are not taken"
        found.append(_refused("FileTypeNotTaken", reason, "put it into an archive, and say what it is"))
    return found


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold() if "." in name else ""


def _refused(code: str, reason: str, remedy: str) -> Refused:
    return Refused(code=code, reason=reason, remedy=remedy, missing=("files",))
