"""The moments of cases: how each stood from when until when, and reading them back.

One is written with the step of a case that changed it, from the case's own instant on; a repetition, or a
write that comes late, changes nothing of what is there. What began before moments were kept has one that is
not whole, from when its row was written last: whoever tells us more of that time replaces it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.columns import Instant
from activities.store.database import Database
from activities.store.own_tables import past_kept
from activities.store.tables import case_moments as rows
from domain.moment import Moment
from domain.record import RecordBatch

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When what stands now ends."""

COLUMNS = frozenset(rows.c.keys()) & frozenset(Moment.model_fields)
"""What of a moment lists are narrowed and ordered by; the rest of it is in `facts`."""

_later = rows.alias()
_IN_ITS_PLACE = delete(rows).where(
    rows.c.case_id == bindparam("case"), rows.c.version >= bindparam("first"), rows.c.is_whole.is_(False)
)
_ENDS = (
    update(rows)
    .where(rows.c.case_id == bindparam("case"), rows.c.until > bindparam("first_at", type_=Instant))
    .values(
        until=func.coalesce(
            select(func.min(_later.c.at, type_=Instant))
            .where(_later.c.case_id == rows.c.case_id, _later.c.version > rows.c.version)
            .scalar_subquery(),
            NEVER,
            type_=Instant,
        )
    )
)


class CaseMoments:
    """Keeps moments in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._put = store.upsert(rows)  # put together once: that takes longer than carrying it out

    async def write(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        """Write how a case has stood, as part of the batch's transaction."""
        if not batch.moments:
            return
        case_id, first = batch.row.case_id, batch.moments[0]
        await connection.execute(_IN_ITS_PLACE, {"case": case_id, "first": first.version})
        await connection.execute(self._put, [_row(case_id, one) for one in batch.moments])
        first_at = min(one.at for one in batch.moments)
        await connection.execute(_ENDS, {"case": case_id, "first_at": first_at})

    async def at(self, case_id: str, at: datetime) -> Moment | None:
        """Return the moment a case was in at an instant (UTC); None where it is not known."""
        query = select(rows).where(rows.c.case_id == case_id, rows.c.at <= at, rows.c.until > at)
        async with self._store.reading() as connection:
            found = (await connection.execute(query.order_by(rows.c.version.desc()).limit(1))).one_or_none()
        return None if found is None else moment_in(found._mapping)

    async def of(self, case_id: str) -> tuple[Moment, ...]:
        """Return every moment of a case, in order."""
        query = select(rows).where(rows.c.case_id == case_id).order_by(rows.c.version)
        async with self._store.reading() as connection:
            return tuple(moment_in(row._mapping) for row in await connection.execute(query))

    async def kept_since(self) -> Mapping[str, datetime]:
        """Name since when (UTC) the past is kept, of `cases` and of `people`."""
        async with self._store.reading() as connection:
            found = await connection.execute(select(past_kept.c.what, past_kept.c.since))
            return {row.what: row.since for row in found}


def moment_in(row: Mapping[Any, Any], names: Iterable[str] = COLUMNS) -> Moment:
    """Put a moment together from a row."""
    return Moment.model_validate(json.loads(row["facts"]) | {name: row[name] for name in names})


def _row(case_id: str, moment: Moment) -> dict[str, Any]:
    known = {name: getattr(moment, name) for name in COLUMNS}
    facts = moment.model_dump_json(exclude=set(COLUMNS))
    return {**known, "case_id": case_id, "until": NEVER, "facts": facts, "is_whole": True}
