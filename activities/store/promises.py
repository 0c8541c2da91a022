"""What customers were promised, letter by letter, and how each promise was kept.

This room writes and reads the rows; whether a promise was kept is the domain's to say. The first row of a
letter stands, and so does the first ending: what comes again changes nothing. Both are signed where there is
a key.
"""

import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError
from sqlalchemy import Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.delivery_tables import told_promises as rows
from activities.store.tables import case_files, cases, timeline_entries
from domain.clocks import RunningClock
from domain.customer_promise import CustomerPromise, Ending, Standing, ToldPromise, Why
from domain.effects import Effect, EffectKind
from domain.promise_outcome import Since, Told, before, ending_of, is_held
from domain.promise_receipt import OutcomeRecord, PromiseRecord, digest, outcome_of, record_of
from domain.timeline import TimelineEntry


class Signs(Protocol):
    """Whoever signs records: by whom they are made, and the one text of each."""

    issuer: str

    def sign(self, record: PromiseRecord | OutcomeRecord) -> str:
        """Return the record, signed."""


class PromiseRow(ToldPromise):
    """A promise as it is kept, with the letter that told it.

    `id` is the digest of that letter's effect id; `before` and `ended_by` are the effect ids of others.
    """

    effect_id: str
    case_id: str
    number: str
    kind: EffectKind
    entry: int

    @property
    def told(self) -> Told:
        """The promise as the rules of the domain know it."""
        names = CustomerPromise.model_fields
        promise = CustomerPromise(**{name: getattr(self, name) for name in names})
        return Told(self.effect_id, self.kind, self.told_at, promise)

    def signed(self, issuer: str) -> PromiseRecord:
        """Return what its record says."""
        return record_of(
            self.told.promise,
            issuer=issuer,
            case=self.number,
            effect_id=self.effect_id,
            told_at=self.told_at,
            before=self.before,
        )


class _Carried(BaseModel):
    """What runs, as a file of a case has it."""

    class Running(BaseModel):
        clocks: tuple[RunningClock, ...]

    case: Running


class ToldPromises:
    """Keeps promises in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._signer: Signs | None = None
        self._put = store.insert_new(rows)

    def sign_with(self, signer: Signs) -> None:
        """Sign from now on what is told and how it was kept."""
        self._signer = signer

    async def tell(self, effect: Effect) -> str | None:
        """Keep what a letter promises before it leaves; return its record, None where nothing is signed.

        What it puts an end to is written down beside it: where that cannot be done, no letter waits for it,
        and the next step of the case does it.
        """
        if effect.promise is None:
            return None
        async with self._store.writing() as connection:
            found = await connection.execute(_RECORD, {"id": digest(effect.id)})
            if (known := found.one_or_none()) is not None:
                record: str | None = known.record
                return record
            earlier = await _rows(
                connection,
                _EARLIER,
                case=effect.case_id,
                clock=effect.promise.clock.value,
                entry=effect.promise.entry,
            )
            kept = self._row(effect, effect.promise, earlier)
            await connection.execute(self._put, kept.model_dump(mode="python"))
            with suppress(*self._store.unusable):
                async with connection.begin_nested():
                    await self.settle(connection, effect.case_id)
        return kept.record

    def _row(self, effect: Effect, promise: CustomerPromise, known: Sequence[PromiseRow]) -> PromiseRow:
        told = Told(effect.id, effect.kind, effect.caused_at, promise)
        earlier = before(told, [row.told for row in known])
        row = PromiseRow(
            id=digest(effect.id),
            effect_id=effect.id,
            case_id=effect.case_id,
            number=effect.case_number,
            kind=effect.kind,
            told_at=effect.caused_at,
            before=earlier.id if earlier else None,
            **dict(promise),
        )
        if self._signer is None:
            return row
        return row.model_copy(update={"record": self._signer.sign(row.signed(self._signer.issuer))})

    async def settle(self, connection: AsyncConnection, case_id: str) -> None:
        """Write down what has ended by now, as part of a transaction that has changed a case."""
        standing = await _rows(connection, _STANDING, case=case_id)
        if not standing:
            return
        running = await _running(connection, case_id)
        if running is not None:  # of what its clock still holds nothing is read: a case may have many entries
            standing = [row for row in standing if not is_held(row.told.promise, running)]
        if not standing:
            return
        first = min(row.entry for row in standing)
        since = Since(
            entries=await _entries_after(connection, case_id, first),
            told=[row.told for row in await _rows(connection, _LATER, case=case_id, entry=first)],
            running=running,
            seen_at=datetime.now(UTC),
        )
        for row in standing:
            if (ending := ending_of(row.told, since)) is not None:
                await self._end(connection, row, ending)

    async def untold(self, effect_id: str) -> None:
        """Note that a letter has not arrived and never will: nobody was promised what it says."""
        ending = Ending(standing=Standing.UNTOLD, at=datetime.now(UTC), why=Why.NOT_DELIVERED)
        async with self._store.writing() as connection:
            query = select(rows).where(rows.c.id == digest(effect_id), rows.c.standing.is_(None))
            for row in await connection.execute(query):
                await self._end(connection, PromiseRow.model_validate(row._mapping), ending)

    async def of_case(self, case_id: str) -> tuple[PromiseRow, ...]:
        """Return what was promised about a case, in the order in which it was told."""
        async with self._store.reading() as connection:
            return tuple(await _rows(connection, _OF_CASE, case=case_id))

    async def of_record(self, promise_id: str) -> PromiseRow | None:
        """Return the promise that a record is of, or None where no such letter was written here."""
        async with self._store.reading() as connection:
            row = (await connection.execute(select(rows).where(rows.c.id == promise_id))).one_or_none()
        return None if row is None else PromiseRow.model_validate(row._mapping)

    async def _end(self, connection: AsyncConnection, row: PromiseRow, ending: Ending) -> None:
        values: dict[str, Any] = {
            "standing": ending.standing.value,
            "ended_at": ending.at,
            "late_seconds": ending.late_seconds,
            "why": ending.why.value if ending.why else None,
            "ended_by": ending.by,
        }
        if self._signer is not None and row.record is not None:
            signed = outcome_of(row.signed(self._signer.issuer), row.record, ending)
            values["outcome"] = self._signer.sign(signed)
        this = update(rows).where(rows.c.id == row.id, rows.c.standing.is_(None))
        await connection.execute(this.values(values))


_IN_ORDER = (rows.c.entry, rows.c.told_at, rows.c.id)
_OF_CASE = select(rows).where(rows.c.case_id == bindparam("case")).order_by(*_IN_ORDER)
_ARRIVED = _OF_CASE.where(or_(rows.c.standing.is_(None), rows.c.standing != Standing.UNTOLD.value))
_STANDING = _OF_CASE.where(rows.c.standing.is_(None))
_LATER = _ARRIVED.where(rows.c.entry >= bindparam("entry"))
_EARLIER = (
    _ARRIVED.where(rows.c.clock == bindparam("clock"), rows.c.entry < bindparam("entry"))
    .order_by(None)
    .order_by(*(column.desc() for column in _IN_ORDER[:2]))
    .limit(1)
)
_RECORD = select(rows.c.record).where(rows.c.id == bindparam("id"))


async def _rows(connection: AsyncConnection, query: Select[Any], **wanted: object) -> list[PromiseRow]:
    return [PromiseRow.model_validate(row._mapping) for row in await connection.execute(query, wanted)]


async def _entries_after(connection: AsyncConnection, case_id: str, number: int) -> list[TimelineEntry]:
    these = timeline_entries.c
    query = select(*(column for column in these if column.name != "case_id"))
    query = query.where(these.case_id == case_id, these.number > number).order_by(these.number)
    return [TimelineEntry.model_validate(row._mapping) for row in await connection.execute(query)]


async def _running(connection: AsyncConnection, case_id: str) -> tuple[RunningClock, ...] | None:
    """Return the clocks of a case, where the store has both them and every entry that led to them."""
    latest = select(func.max(timeline_entries.c.number)).where(timeline_entries.c.case_id == case_id)
    query = (
        select(case_files.c.file)
        .join(cases, cases.c.case_id == case_files.c.case_id)
        .where(case_files.c.case_id == case_id, case_files.c.version == cases.c.version)
        .where(cases.c.entries == latest.scalar_subquery())
        .limit(1)
    )
    file = (await connection.execute(query)).scalar_one_or_none()
    if file is None:
        return None
    try:
        return _Carried.model_validate_json(zlib.decompress(file)).case.clocks
    except ValidationError:
        return None
