"""What the case store tells of cases: rows, timelines, records, and earlier lives of an id.

This room reads; who may see what is the door's to say.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, func, literal, or_, select

from activities.store.case_list import CaseFilter, selection
from activities.store.case_search import ROW, Found, Search, search
from activities.store.columns import Instant
from activities.store.ledger import DeliveryLedger
from activities.store.own_tables import engineers, tenants
from activities.store.surveys import answers_about
from activities.store.tables import case_records, cases, timeline_entries
from domain.case import Case
from domain.lives import Beginning, StoredLife
from domain.naming import case_number, id_prefix
from domain.phase import Phase
from domain.record import CaseRow
from domain.survey import SurveyAnswer
from domain.timeline import TimelineEntry

_ID_LENGTH = 25
LIFE = (
    cases.c.case_id,
    cases.c.number,
    cases.c.phase,
    cases.c.closed_at,
    cases.c.begun_at,
    case_records.c.record,
)


def same_life(begun_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Tell whether a row is of the life that began then (UTC).

    One from before lives were told apart is of a life that had begun when it was written.
    """
    since = func.coalesce(cases.c.begun_at == begun_at, cases.c.recorded_at >= begun_at, false())
    return or_(begun_at.is_(None), since)


_ONE = select(*ROW).where(cases.c.case_id == bindparam("case"))


class CaseReads(DeliveryLedger):
    """What is read of cases: one, some, their names, their timelines and records."""

    async def case_row(self, case_id: str) -> CaseRow | None:
        """Return one case as lists show it."""
        async with self.reading() as connection:
            row = (await connection.execute(_ONE, {"case": case_id})).one_or_none()
        return None if row is None else CaseRow.model_validate(row._mapping)

    async def find_by_number(self, number: str) -> tuple[CaseRow, ...]:
        """Return the cases a number told on the telephone stands for, the newest first.

        None where it was misheard; two only by a chance of one in 2**40 a pair.
        """
        prefix = id_prefix(number)
        if prefix is None:
            return ()
        as_written = case_number(prefix.ljust(_ID_LENGTH, "a"))  # all ids that begin so have one number
        query = select(*ROW).where(cases.c.number == as_written)
        async with self.reading() as connection:
            found = await connection.execute(query.order_by(cases.c.received_at.desc()))
            return tuple(CaseRow.model_validate(row._mapping) for row in found)

    async def cases(self, wanted: CaseFilter) -> tuple[CaseRow, ...]:
        """List cases by next due instant, then rank; the next page is after `Cursor.of(last)`."""
        async with self.reading() as connection:
            found = await connection.execute(selection(wanted))
            return tuple(CaseRow.model_validate(row._mapping) for row in found)

    async def search(self, wanted: Search) -> Found:
        """Find cases by whatever somebody knows of them; a text that finds nothing is no error."""
        async with self.reading() as connection:
            return await search(connection, wanted)

    async def tenant_names(self) -> set[str]:
        """Name every tenant of the directory, and whoever has a case."""
        return await self._names(select(tenants.c.tenant), select(cases.c.tenant))

    async def owner_names(self, tenant: str | None = None) -> set[str]:
        """Name everybody of the rota, and whoever owns a case; of one tenant: who owns a case of theirs."""
        owners = select(cases.c.assignee).where(cases.c.assignee.is_not(None))
        if tenant is not None:
            return await self._names(owners.where(cases.c.tenant == tenant))
        return await self._names(select(engineers.c.name), owners)

    async def policy_names(self) -> set[str]:
        """Name every policy a case was opened under, with its version and without."""
        named = await self._names(select(cases.c.policy))
        return named | {name.partition("@")[0] for name in named}

    async def level_names(self) -> set[str]:
        """Name every level a case has."""
        return await self._names(select(cases.c.level))

    async def _names(self, *queries: Select[tuple[Any]]) -> set[str]:
        async with self.reading() as connection:
            return {
                name for query in queries for name in (await connection.execute(query.distinct())).scalars()
            }

    async def newest_row_at(self) -> datetime | None:
        """Name the instant (UTC) of the latest write of any case: how old the lists are."""
        async with self.reading() as connection:
            found = await connection.execute(select(func.max(cases.c.recorded_at, type_=Instant)))
            written_at: datetime | None = found.scalar_one()
        return written_at

    async def timeline(self, case_id: str) -> tuple[TimelineEntry, ...]:
        """Return every entry of a case in order; who may see internal ones is the door's to say."""
        query = select(timeline_entries).where(timeline_entries.c.case_id == case_id)
        async with self.reading() as connection:
            found = await connection.execute(query.order_by(timeline_entries.c.number))
            return tuple(_entry(row._mapping) for row in found)

    async def timeline_entry(self, case_id: str, number: int) -> TimelineEntry | None:
        """Return one entry, or None where it was not recorded yet."""
        query = select(timeline_entries).where(
            timeline_entries.c.case_id == case_id, timeline_entries.c.number == number
        )
        async with self.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _entry(row._mapping)

    async def case_record(self, case_id: str) -> Case | None:
        """Return the whole case as it was when it was last closed or archived."""
        query = select(case_records.c.record).where(case_records.c.case_id == case_id)
        async with self.reading() as connection:
            record = (await connection.execute(query)).scalar_one_or_none()
        return None if record is None else Case.model_validate_json(record)

    async def life(self, beginning: Beginning) -> StoredLife | None:
        """Return what is held under an id: the very life that begins, else one that was before, else None."""
        mine = same_life(literal(beginning.begun_at, Instant))
        named = or_(cases.c.case_id == beginning.case_id, cases.c.workflow_id == beginning.case_id)
        query = select(*LIFE, mine.label("is_own")).outerjoin_from(cases, case_records).where(named)
        async with self.reading() as connection:
            rows = [row._mapping for row in await connection.execute(query)]
        lives = [life_of(row) for row in rows]
        own = [life for life in lives if life.is_own]
        earlier = [life for life in lives if life.case_id == beginning.case_id]
        return next(iter(own + earlier), None)

    async def workflow_of(self, case_id: str) -> str | None:
        """Return where an open case is spoken to, or None where that is under its own id."""
        query = select(cases.c.workflow_id).where(cases.c.case_id == case_id)
        async with self.reading() as connection:
            found = await connection.execute(query.where(cases.c.phase != Phase.ARCHIVED.value))
            workflow_id: str | None = found.scalar_one_or_none()
        return workflow_id

    async def answers(self, case_id: str) -> tuple[SurveyAnswer, ...]:
        """Return what was answered to the surveys of one case, by closure."""
        async with self.reading() as connection:
            return await answers_about(connection, case_id)


def life_of(row: Mapping[Any, Any]) -> StoredLife:
    """Read a life from a row of `LIFE`; a record of an earlier closure says nothing of it."""
    values = dict(row)
    record = values.pop("record")
    life = StoredLife.model_validate(values)
    if record is None or not life.is_over:
        return life  # the record is of an earlier closure, after which the case was reopened
    return life.model_copy(update={"request_digest": json.loads(record)["request_digest"]})


def _entry(row: Mapping[Any, Any]) -> TimelineEntry:
    values = dict(row)
    del values["case_id"]
    return TimelineEntry.model_validate(values)
