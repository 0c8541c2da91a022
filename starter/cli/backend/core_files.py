"""Files of cases asked of the core itself."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from domain.actor import Actor
from starter.cli.backend.protocol import Attached
from starter.door.faults import usage
from starter.door.files import Given, find_file, take
from starter.door.reception import Reception
from starter.door.session import Session

_PART = 256 * 1024  # bytes


class CoreFiles:
    """Asks the core, as one actor."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor

    async def attach(self, case: str, files: Sequence[Path], given: Given) -> Attached:
        """Give files of this machine."""
        with Reception(self._session) as reception:
            await asyncio.to_thread(_received, reception, files)
            kept = await take(self._session, self._actor, case, reception.files, given)
        return Attached(kept.answer, tuple(file.name for file in kept.files))

    async def fetch(self, case: str, file_id: str, to: Path) -> int:
        """Put a file into one of this machine; return its size in bytes."""
        found = await find_file(self._session, self._actor, case, file_id)
        await asyncio.to_thread(shutil.copyfile, found.place, to)
        return found.file.size


def _received(reception: Reception, files: Sequence[Path]) -> None:
    for place in files:
        try:
            with place.open("rb") as opened:
                reception.begin(place.name)
                while part := opened.read(_PART):
                    reception.write(part)
        except OSError as error:
            reason = f"{place}: {error.strerror}"
            raise usage(reason, "give files that can be read", "files") from None
