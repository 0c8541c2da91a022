"""Files that were named with a request or given later: each by reference, with name, size and who gave it.

The request names them; who gave which is noted beside it, once for each who gave some.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from domain.actor import ActorKind, Role
from domain.frozen import Frozen
from domain.messages.base import Message
from domain.messages.request import Attachment, Submit, reference_of
from domain.text import clipped

FILES = ("screenshots", "attachments")
_NAME_BYTES = 80
"""What is kept of the name of who gave a file: 50 files may have as many givers, in a bounded case."""


class Giver(Frozen):
    """Who gave files, and when (UTC); `files` are digests of their fields and references.

    `internal`: they are for our own people.
    """

    kind: ActorKind
    role: Role | None = None
    name: str | None = None
    at: datetime
    files: tuple[str, ...]
    internal: bool | None = None


class GivenFile(Frozen):
    """A file by reference: in which field it was named, its size in bytes, and who gave it when (UTC).

    Nobody is named where that was not noted, before 0.4 and in a case that follows another.
    """

    field: str
    reference: str
    name: str
    size: int | None = None
    kind: ActorKind | None = None
    role: Role | None = None
    by: str | None = None
    at: datetime | None = None
    internal: bool | None = None


def with_givers(
    givers: tuple[Giver, ...], message: Message, at: datetime, *, internal: bool = False
) -> tuple[Giver, ...]:
    """Add who gives the files of a message at `at`; who gave one of them before is its giver no longer."""
    given = tuple(
        _digest(field, reference_of(file)) for field in FILES for file in getattr(message, field, None) or ()
    )
    if not given:
        return givers
    actor = message.actor
    name = clipped(actor.name, _NAME_BYTES) if actor.name else None
    rest = (
        giver.model_copy(update={"files": tuple(one for one in giver.files if one not in given)})
        for giver in givers
    )
    new = Giver(kind=actor.kind, role=actor.role, name=name, at=at, files=given, internal=internal or None)
    return (*(giver for giver in rest if giver.files), new)


def files_of(request: Submit, givers: tuple[Giver, ...]) -> tuple[GivenFile, ...]:
    """List the files a request names, with who gave each."""
    by_file = {digest: giver for giver in givers for digest in giver.files}
    return tuple(_file(field, file, by_file) for field in FILES for file in getattr(request, field))


def _file(field: str, file: str | Attachment, givers: Mapping[str, Giver]) -> GivenFile:
    reference = reference_of(file)
    giver = givers.get(_digest(field, reference))
    known = file if isinstance(file, Attachment) else Attachment(reference=file)
    return GivenFile(
        field=field,
        reference=reference,
        name=known.name or reference.rpartition(":")[2].rpartition("/")[2] or reference,
        size=known.size,
        kind=giver.kind if giver else None,
        role=giver.role if giver else None,
        by=giver.name if giver else None,
        at=giver.at if giver else None,
        internal=giver.internal if giver else None,
    )


def for_outsiders(files: Iterable[GivenFile]) -> tuple[GivenFile, ...]:
    """Return the files whoever is not of our own people may know of."""
    return tuple(file for file in files if not file.internal)


def _digest(field: str, reference: str) -> str:
    return hashlib.sha256(f"{field}:{reference}".encode()).hexdigest()[:12]


def in_a_line(file: GivenFile, when: Callable[[datetime], str]) -> str:
    """Write `log.zip (1.2 MB), store:log.zip, given by Kim (customer) 2027-01-05 09:00Z`."""
    size = f" ({in_bytes(file.size)})" if file.size is not None else ""
    what = f"{file.name}{size}"
    parts = [what if what == file.reference else f"{what}, {file.reference}"]
    if file.kind is not None and file.at is not None:
        role = file.role.replace("_", " ") if file.role else None
        who = ", ".join(filter(None, (file.kind, role)))
        parts.append(
            f"given by {file.by} ({who}) {when(file.at)}" if file.by else f"given by {who} {when(file.at)}"
        )
    return ", ".join(parts)


def in_bytes(size: int) -> str:
    """Write a size as people do, in steps of 1,000: `812 bytes`, `52 kB`, `1.2 MB`."""
    if size < 1000:
        return f"{size} bytes"
    amount = float(size)
    units = iter(("kB", "MB", "GB", "TB", "PB"))
    unit = next(units)
    amount = size / 1000
    while amount >= 999.5:
        amount, unit = amount / 1000, next(units)
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"
