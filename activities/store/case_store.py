"""The case store: what happened to cases, written down for lists, reports and each case's whole story.

This room writes the projections of cases; it decides nothing. They are read back in `case_reads`, and what
was delivered is in the ledger (`activities.store.ledger`), in the same database.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    and_,
    bindparam,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.answered import AnsweredRequests
from activities.store.case_files import CaseFiles
from activities.store.case_index import write_index
from activities.store.case_reads import LIFE, CaseReads, life_of, same_life
from activities.store.columns import Instant
from activities.store.events import CaseEvents
from activities.store.lateness import FiredClocks
from activities.store.ledger import LedgerEntry
from activities.store.moments import CaseMoments
from activities.store.own_tables import survey_answers
from activities.store.promises import ToldPromises
from activities.store.refused_requests import RefusedRequests
from activities.store.surveys import answers_among
from activities.store.tables import case_records, cases, timeline_entries
from domain.actor import ActorKind
from domain.effects import Address
from domain.lives import StoredLife
from domain.record import CaseRow, RecordBatch
from domain.silence import PASSES_ON

_VERSION = select(cases.c.version, same_life(bindparam("begun_at", type_=Instant))).where(
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


class CaseStore(CaseReads):
    """Hold everything of ours that outlives a workflow. Open it with `CaseStore.open(url)`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        # Put together once: that takes longer than carrying them out.
        self._put_case = self.upsert(
            cases, only=lambda new: and_(cases.c.version <= new.version, same_life(new.begun_at))
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

    async def _write_row(self, connection: AsyncConnection, row: CaseRow) -> int:
        await connection.execute(self._put_case, row.model_dump() | {"recorded_at": datetime.now(UTC)})
        stored = await connection.execute(_VERSION, {"case": row.case_id, "begun_at": row.begun_at})
        version, is_same = stored.one()
        if not is_same:
            held = select(*LIFE, literal(False).label("is_own")).outerjoin_from(cases, case_records)
            found = await connection.execute(held.where(cases.c.case_id == row.case_id))
            raise AnotherLife(life_of(found.one()._mapping))
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
