"""How each life of a case stands, kept for a run whose engine is reset, and the messages it has taken.

This room writes and reads them; what becomes of them is the workflow's to say. A file is kept compressed: it
is written at every step of a case, and read almost never; what boards show of it is kept beside it.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError
from sqlalchemy import bindparam, null, select
from sqlalchemy import case as when
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.tables import case_files, cases, taken_messages
from domain.case import Case
from domain.clocks import Clock
from domain.record import CaseRow, RecallRequest, Recollection, RecordBatch
from domain.views.board_facts import Facts, facts_of

MOST_RECALLED = 10_000
"""Messages one answer names, the newest: the engine takes no more signals in a run. They have 0.25 MB."""


_NEWEST = (
    select(case_files.c.file)
    .join(cases, cases.c.case_id == case_files.c.case_id)
    .where(case_files.c.case_id == bindparam("case"), case_files.c.version == cases.c.version)
    .limit(1)
)


class StoredFile(BaseModel):
    """What readers need of a file: the case, and what it has not delivered yet."""

    case: Case | None = None
    undelivered: tuple[JsonValue, ...] = ()


class CaseFiles:
    """Keeps files in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        # Put together once: that takes longer than carrying them out.
        self._put_file = store.upsert(case_files)
        self._put_taken = store.upsert(taken_messages)

    async def write(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        """Write how a life stands and what it has taken, as part of the batch's transaction."""
        if batch.life is None or batch.file is None:
            return
        await connection.execute(
            self._put_file,
            {
                "life": batch.life,
                "case_id": batch.row.case_id,
                "version": batch.row.version,
                "file": zlib.compress(batch.file.encode(), 1),
                "facts": _facts(batch.file, batch.row.owed_clock),
            },
        )
        if batch.taken:
            rows = [message.model_dump() | {"life": batch.life} for message in batch.taken]
            await connection.execute(self._put_taken, rows)

    async def recall(self, request: RecallRequest) -> Recollection:
        """Return how a life stands, and what it took after the messages its caller knows of."""
        files, rows = case_files.c, taken_messages.c
        taken = (
            select(rows.cause, rows.said)
            .where(rows.life == request.life, rows.number > request.taken)
            .order_by(rows.number.desc())
            .limit(MOST_RECALLED)
        )
        async with self._store.reading() as connection:
            query = select(files.version, files.file).where(files.life == request.life)
            if (found := (await connection.execute(query)).one_or_none()) is None:
                return Recollection()
            said = [f"{row.cause}:{row.said}" for row in await connection.execute(taken)]
        file = zlib.decompress(found.file).decode()
        return Recollection(version=found.version, file=file, taken=tuple(reversed(said)))

    async def latest(self, case_id: str) -> StoredFile | None:
        """Return how a case stood after the last step that was recorded, or None where none was."""
        async with self._store.reading() as connection:
            file = (await connection.execute(_NEWEST, {"case": case_id})).scalar_one_or_none()
        return None if file is None else StoredFile.model_validate_json(zlib.decompress(file))

    async def facts(self, rows: Iterable[CaseRow]) -> dict[str, Facts]:
        """Return what boards show of cases beside their rows, by their ids; of some there may be nothing."""
        owed = {row.case_id: row.owed_clock for row in rows}
        files = case_files.c
        whole = when((files.facts.is_(None), files.file), else_=null())  # much larger, and older than facts
        newest = (
            select(files.case_id, files.facts, whole.label("file"))
            .join(cases, cases.c.case_id == files.case_id)
            .where(files.case_id.in_(owed), files.version == cases.c.version)
        )
        async with self._store.reading() as connection:
            kept = (await connection.execute(newest)).all()
        read = {
            one.case_id: one.facts or _facts(zlib.decompress(one.file), owed[one.case_id]) for one in kept
        }
        return {case_id: Facts.model_validate_json(facts) for case_id, facts in read.items() if facts}

    async def received(self, life: str) -> dict[str, datetime]:
        """Return when each message of a life was received (UTC), by the digest of its id."""
        query = select(taken_messages.c.cause, taken_messages.c.received_at).where(
            taken_messages.c.life == life
        )
        async with self._store.reading() as connection:
            rows: Any = await connection.execute(query.order_by(taken_messages.c.number))
            return {row.cause: row.received_at for row in rows if row.cause}


def _facts(file: str | bytes, owed: str | None) -> str | None:
    """Write what boards show of a file; one that cannot be read shows nothing, and is kept all the same."""
    try:
        case = StoredFile.model_validate_json(file).case
    except ValidationError:
        return None
    return None if case is None else facts_of(case, Clock(owed) if owed else None).model_dump_json()
