"""The case store: what lists, reports and a case's whole story are read from.

This room writes the projections of cases and reads them back; it decides nothing. What was delivered is in
the ledger beside it (`activities.ledger`), in the same database.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.case_list import ROW, CaseFilter, selection
from activities.columns import Instant
from activities.ledger import DeliveryLedger
from activities.surveys import answers_about, answers_among
from activities.tables import case_records, cases, survey_answers, timeline_entries
from domain.case import Case
from domain.naming import case_number, id_prefix
from domain.record import CaseRow, RecordBatch
from domain.survey import SurveyAnswer
from domain.timeline import TimelineEntry

_ID_LENGTH = 25
_VERSION = select(cases.c.version).where(cases.c.case_id == bindparam("case"))
_DELETE_ABOVE = delete(timeline_entries).where(
    timeline_entries.c.case_id == bindparam("case"), timeline_entries.c.number > bindparam("last")
)


class CaseStore(DeliveryLedger):
    """This will hold everything of ours that outlives a workflow. Open it with `CaseStore.open(url)`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        # Put together once: that takes longer than carrying them out.
        self._put_case = self.upsert(cases, unless_newer=cases.c.version)
        self._put_entry = self.upsert(timeline_entries)
        self._put_record = self.upsert(case_records)
        self._put_answer = self.insert_new(survey_answers)

    async def record(self, batch: RecordBatch) -> int:
        """This will write a case in one transaction and return the version the store now holds.

        A batch older than what is stored changes nothing, and the same batch twice changes nothing the
        second time. Entries numbered above the row's count are taken out: the case does not have them.
        """
        async with self.writing() as connection:
            version = await self._write_row(connection, batch.row)
            if version == batch.row.version:
                await self._write_entries(connection, batch)
                await self._write_record(connection, batch)
        return version

    async def case_row(self, case_id: str) -> CaseRow | None:
        """This will return one case as lists show it."""
        async with self.reading() as connection:
            found = await connection.execute(select(*ROW).where(cases.c.case_id == case_id))
            row = found.one_or_none()
        return None if row is None else CaseRow.model_validate(row._mapping)

    async def find_by_number(self, number: str) -> tuple[CaseRow, ...]:
        """This will return the cases a number told on the telephone stands for, the newest first.

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
        """This will list cases by next due instant, then rank; the next page is after `Cursor.of(last)`."""
        async with self.reading() as connection:
            found = await connection.execute(selection(wanted))
            return tuple(CaseRow.model_validate(row._mapping) for row in found)

    async def newest_row_at(self) -> datetime | None:
        """This will name the instant (UTC) of the latest write of any case: how old the lists are."""
        async with self.reading() as connection:
            found = await connection.execute(select(func.max(cases.c.recorded_at, type_=Instant)))
            written_at: datetime | None = found.scalar_one()
        return written_at

    async def timeline(self, case_id: str) -> tuple[TimelineEntry, ...]:
        """This will return every entry of a case in order; who may see internal ones is the door's to say."""
        query = select(timeline_entries).where(timeline_entries.c.case_id == case_id)
        async with self.reading() as connection:
            found = await connection.execute(query.order_by(timeline_entries.c.number))
            return tuple(_entry(row._mapping) for row in found)

    async def timeline_entry(self, case_id: str, number: int) -> TimelineEntry | None:
        """This will return one entry, or None where it was not recorded yet."""
        query = select(timeline_entries).where(
            timeline_entries.c.case_id == case_id, timeline_entries.c.number == number
        )
        async with self.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _entry(row._mapping)

    async def case_record(self, case_id: str) -> Case | None:
        """This will return the whole case as it was when it was last closed or archived."""
        query = select(case_records.c.record).where(case_records.c.case_id == case_id)
        async with self.reading() as connection:
            record = (await connection.execute(query)).scalar_one_or_none()
        return None if record is None else Case.model_validate_json(record)

    async def answers(self, case_id: str) -> tuple[SurveyAnswer, ...]:
        """This will return what was answered to the surveys of one case, by closure."""
        async with self.reading() as connection:
            return await answers_about(connection, case_id)

    async def _write_row(self, connection: AsyncConnection, row: CaseRow) -> int:
        await connection.execute(self._put_case, row.model_dump() | {"recorded_at": datetime.now(UTC)})
        stored = await connection.execute(_VERSION, {"case": row.case_id})
        return int(stored.scalar_one())

    async def _write_entries(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        case_id = batch.row.case_id
        await connection.execute(_DELETE_ABOVE, {"case": case_id, "last": batch.row.entries})
        if batch.entries:
            rows = [entry.model_dump() | {"case_id": case_id} for entry in batch.entries]
            await connection.execute(self._put_entry, rows)
        if answers := answers_among(case_id, batch.entries):
            await connection.execute(self._put_answer, answers)

    async def _write_record(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        if batch.case is not None:
            record = batch.case.model_dump_json()
            row = {"case_id": batch.row.case_id, "version": batch.row.version, "record": record}
            await connection.execute(self._put_record, row)


def _entry(row: Mapping[Any, Any]) -> TimelineEntry:
    values = dict(row)
    del values["case_id"]
    return TimelineEntry.model_validate(values)
