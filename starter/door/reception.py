"""Files as they arrive: straight to the disk, never whole in memory, and gone again unless they are kept."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from activities.contents.folder import Draft, Folder, FolderFull, FolderUnusable, Written
from domain.messages.request import MOST_FILES
from domain.uploads import MOST_BYTES
from starter.door.faults import Fault, Kind
from starter.door.session import Session


class Received:
    """One file as it came: the name and type its sender claims, and what was written of it.

    Beyond what a case may have it is only counted, so that its sender hears everything that is wrong.
    """

    def __init__(self, name: str, claimed_type: str | None, draft: Draft | None) -> None:
        self.name = name
        self.claimed_type = claimed_type
        self._draft = draft
        self._only_counted = 0

    @property
    def written(self) -> Written:
        """How much came, and what it is."""
        known = self._draft.written if self._draft else Written(0, "", b"")
        return Written(known.size + self._only_counted, known.sha256, known.head)

    def write(self, part: bytes, room: int) -> None:
        """Add to it, while there is room. Raises: Fault where the disk is full. Blocking."""
        if self._draft is None or self._only_counted or len(part) > room:
            self._only_counted += len(part)
            return
        with told():
            self._draft.write(part)

    async def finish(self) -> str:
        """See that it is on the disk, and return the name it will have there. Raises: Fault."""
        assert self._draft is not None
        with told():
            await asyncio.to_thread(self._draft.finish)
        return self._draft.file_id

    async def put(self) -> None:
        """Put it where it is found. Raises: Fault."""
        assert self._draft is not None
        with told():
            await asyncio.to_thread(self._draft.put)

    def drop(self) -> None:
        """Leave nothing of it, unless it was put in its place."""
        if self._draft is not None:
            self._draft.drop()


class Reception:
    """Takes the files of one request; what nobody kept is gone when it ends, however it ends."""

    def __init__(self, session: Session) -> None:
        self._folder: Folder = session.contents().folder
        self.files: list[Received] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files:
            file.drop()

    def begin(self, name: str, claimed_type: str | None = None) -> Received:
        """Begin the next file; of too many, all that is wanted is their number. Raises: Fault. Blocking."""
        with told():
            draft = self._folder.draft() if len(self.files) < MOST_FILES else None
        self.files.append(Received(name, claimed_type, draft))
        return self.files[-1]

    def write(self, part: bytes) -> None:
        """Add to the latest file. Raises: Fault. Blocking."""
        room = MOST_BYTES - sum(file.written.size for file in self.files)
        self.files[-1].write(part, room)


@contextmanager
def told() -> Iterator[None]:
    """Say what the disk says, as a fault."""
    try:
        yield
    except FolderFull:
        reason = "there is no room for files here; nothing was kept"
        raise Fault(Kind.UNREACHABLE, "StoreFull", reason, "tell our staff, and try later") from None
    except FolderUnusable as error:
        reason = f"the folder of files cannot be used: {error.strerror}"
        raise Fault(Kind.FAULT, "ContentsUnusable", reason, "tell our staff") from None
