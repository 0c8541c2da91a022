"""Files no case names, of a form that opened none or a door that was killed: they go after a day.

Whoever gives files sweeps a little first, as whoever begins a session forgets those that are over: no process
must run for it, and nothing grows while nobody gives anything.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from activities.contents.records import KeptFile, KeptFiles
from starter.door.session import Session

LASTS = timedelta(days=1)
"""How long a file stays that no case names (ours)."""

_MOST = 20
"""How many one sweep looks at: whoever gives a file waits for it."""


async def sweep(session: Session) -> None:
    """Remove some of what no case has named for a day. Raises: Fault (unreachable)."""
    before = session.now() - LASTS
    found = await session.read(lambda store: KeptFiles(store).unnamed(before, _MOST))
    named = [file for file in found if await _is_named(session, file)]
    over = [file for file in found if file not in named]
    if found:
        await _settle(session, named, over)
    await asyncio.to_thread(session.contents().folder.remove_unfinished, LASTS.total_seconds())


async def _is_named(session: Session, file: KeptFile) -> bool:
    """Ask the record of the case itself: it may have named a file although nobody noted it."""
    case_id = file.case_id
    if case_id is None:
        return False
    kept = await session.read(lambda store: store.files.latest(case_id))
    return (
        kept is not None
        and kept.case is not None
        and any(one.reference == file.reference for one in kept.case.files)
    )


async def _settle(session: Session, named: Sequence[KeptFile], over: Sequence[KeptFile]) -> None:
    folder = session.contents().folder
    for file in over:
        folder.remove(file.file_id)  # before its row, or nobody would find it again
    async with session.write_store() as store:
        files = KeptFiles(store)
        for file in named:
            await files.named([file.file_id], str(file.case_id), session.now())
        await files.forget([file.file_id for file in over])
