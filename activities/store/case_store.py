"""The case store: what lists, reports and a case's whole story are read from.

This room writes the projections of cases and reads them back; it decides nothing. What was delivered is in
the ledger beside it (`activities.store.ledger`), in the same database.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.answered import AnsweredRequests
from activities.store.case_files import CaseFiles
from activities.store.case_index import write_index
from activities.store.case_list import CaseFilter, selection
from activities.store.case_search import ROW, Found, Search, search
from activities.store.columns import Instant
from activities.store.events import CaseEvents
from activities.store.lateness import FiredClocks
from activities.store.ledger import DeliveryLedger, LedgerEntry
from activities.store.moments import CaseMoments
from activities.store.own_tables import engineers, survey_answers, tenants
from activities.store.promises import ToldPromises
from activities.store.refused_requests import RefusedRequests
from activities.store.surveys import answers_about, answers_among
from activities.store.tables import case_records, cases, timeline_entries
from domain.actor import ActorKind
from domain.case import Case
from domain.effects import Address
from domain.lives import Beginning, StoredLife
from domain.naming import case_number, id_prefix
from domain.phase import Phase
from domain.record import CaseRow, RecordBatch
from domain.silence import PASSES_ON
from domain.survey import SurveyAnswer
from domain.timeline import TimelineEntry

_ID_LENGTH = 25
_LIFE = (
    cases.c.case_id,
    cases.c.number,
    cases.c.phase,
    cases.c.closed_at,
    cases.c.begun_at,
    case_records.c.record,
)


def _same_life(begun_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Tell whether a row is of the life that began then (UTC).

    One from before lives were told apart is of a life that had begun when it was written.
    """
    since = func.coalesce(cases.c.begun_at == begun_at, cases.c.recorded_at >= begun_at, false())
    return or_(begun_at.is_(None), since)


_ONE = select(*ROW).where(cases.c.case_id == bindparam("case"))
_VERSION = select(cases.c.version, _same_life(bindparam("begun_at", type_=Instant))).where(
    cases.c.case_id == bindparam("case")
)
_DELETE_ABOVE = delete(timeline_entries).where(
    timeline_entries.c.case_id == bindparam("case"), timeline_entries.c.number > bindparam("last")
)
_SET_ACTED_AT = (
    update(cases)
    .where(cases.c.case_id == bindparam("case"))
    .values(
        acted_at=select(func.max(timeline_entries.c.at, type_=Instant))
        .where(
            timeline_entries.c.case_id == bindparam("case"),
            timeline_entries.c.by_kind == ActorKind.STAFF.value,
            timeline_entries.c.kind.not_in([kind.value for kind in sorted(PASSES_ON)]),
        )
        .scalar_subquery()
    )
)


class AnotherLife(Exception):
    """The store holds another life of an id, and has written nothing of this one."""

    def __init__(self, life: StoredLife) -> None:
        super().__init__(f"the store holds another life of {life.case_id}")
        self.life = life


class CaseStore(DeliveryLedger):
    """Hold everything of ours that outlives a workflow. Open it with `CaseStore.open(url)`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        # Put together once: that takes longer than carrying them out.
        self._put_case = self.upsert(
            cases, only=lambda new: and_(cases.c.version <= new.version, _same_life(new.begun_at))
        )
        self._put_entry = self.upsert(timeline_entries)
        self._put_record = self.upsert(case_records)
        self._put_answer = self.insert_new(survey_answers)
        self.files = CaseFiles(self)
        self.moments = CaseMoments(self)
        self.lateness = FiredClocks(self)
        self.refused = RefusedRequests(self)
        self.events = CaseEvents(self)
        self.answered = AnsweredRequests(self)
        self.promises = ToldPromises(self)

    async def record(self, batch: RecordBatch) -> int:
        """Write a case in one transaction and return the version the store now holds.

        A batch older than what is stored changes nothing, and the same batch twice changes nothing the
        second time. Entries numbered above the row's count are taken out: the case does not have them.

        Raises: AnotherLife where the id is that of a case that was before.
        """
        async with self.writing() as connection:
            version = await self._write_row(connection, batch.row)
            if version == batch.row.version:
                await self._write_entries(connection, batch)
                await self.events.write(connection, batch)
                await self._write_record(connection, batch)
                await self.files.write(connection, batch)
                await self.moments.write(connection, batch)
                await self.lateness.write(connection, batch)
                await write_index(connection, batch)
                await self.promises.settle(connection, batch.row.case_id)
        return version

    async def undeliverable(
        self, effect_id: str, reason: str, failed: tuple[Address, ...] = ()
    ) -> LedgerEntry:
        """Note that an effect will never arrive, and why: what it promises was never told."""
        entry = await super().undeliverable(effect_id, reason, failed)
        await self.promises.untold(effect_id)
        return entry

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
        mine = _same_life(literal(beginning.begun_at, Instant))
        named = or_(cases.c.case_id == beginning.case_id, cases.c.workflow_id == beginning.case_id)
        query = select(*_LIFE, mine.label("is_own")).outerjoin_from(cases, case_records).where(named)
        async with self.reading() as connection:
            rows = [row._mapping for row in await connection.execute(query)]
        lives = [_life(row) for row in rows]
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

    async def _write_row(self, connection: AsyncConnection, row: CaseRow) -> int:
        await connection.execute(self._put_case, row.model_dump() | {"recorded_at": datetime.now(UTC)})
        stored = await connection.execute(_VERSION, {"case": row.case_id, "begun_at": row.begun_at})
        version, is_same = stored.one()
        if not is_same:
            held = select(*_LIFE, literal(False).label("is_own")).outerjoin_from(cases, case_records)
            found = await connection.execute(held.where(cases.c.case_id == row.case_id))
            raise AnotherLife(_life(found.one()._mapping))
        return int(version)

    async def _write_entries(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        case_id = batch.row.case_id
        await connection.execute(_DELETE_ABOVE, {"case": case_id, "last": batch.row.entries})
        if batch.entries:
            rows = [entry.model_dump() | {"case_id": case_id} for entry in batch.entries]
            await connection.execute(self._put_entry, rows)
        await connection.execute(_SET_ACTED_AT, {"case": case_id})
        if answers := answers_among(case_id, batch.entries):
            await connection.execute(self._put_answer, answers)

    async def _write_record(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        if batch.case is not None:
            record = batch.case.model_dump_json()
            row = {"case_id": batch.row.case_id, "version": batch.row.version, "record": record}
            await connection.execute(self._put_record, row)


def _life(row: Mapping[Any, Any]) -> StoredLife:
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
