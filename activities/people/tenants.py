"""The tenant directory as a case asks it: what our records say of one request, within a second or not at all.

This room reads and gives up in time; what the records mean for the request is said by `domain.tenants`.
Nothing of a record or of an enquiry but the tenant's name goes into a log.
"""

import asyncio
import logging
from datetime import timedelta

from pydantic import ValidationError
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from activities.people.tenant_records import TenantRecords
from activities.store.database import Database
from activities.store.own_tables import tenants as rows
from activities.store.tables import cases
from activities.words.reason import reason_of
from domain.naming import case_number, id_prefix
from domain.tenants import UNREAD, Enquiry, TenantFacts, TenantRecord, facts_of

LOOK_UP_WITHIN = timedelta(seconds=1)
"""How long a case that is being opened waits for the directory; then it is opened without."""

_GIVEN_UP_AT_ONCE = 4
"""With so many reads unanswered the store is not asked again; it has 15 connections for everybody."""

_AWAY = (DBAPIError, NoConnectionFree, OSError)
_ID_LENGTH = 25

_log = logging.getLogger(__name__)


class TenantDirectory(TenantRecords):
    """Keep tenants, and answer for them when a case is opened."""

    def __init__(self, store: Database, patience: timedelta = LOOK_UP_WITHIN) -> None:
        super().__init__(store)
        self._patience = patience.total_seconds()
        self._given_up: set[asyncio.Task[TenantFacts]] = set()

    async def look_up(self, enquiry: Enquiry) -> TenantFacts:
        """Say what is known about a request, or UNREAD where the store did not answer in time.

        A read that is given up is left to end by itself, which the drivers see to within 8 s. Cancelling it
        was tried: SQLAlchemy then waits for a thread of SQLite's that may never be heard of again.
        """
        if len(self._given_up) >= _GIVEN_UP_AT_ONCE:
            return UNREAD
        reading = asyncio.create_task(self._read(enquiry))
        try:
            await asyncio.wait({reading}, timeout=self._patience)
        finally:
            if not reading.done():
                self._given_up.add(reading)
                reading.add_done_callback(self._given_up.discard)
        if not reading.done():
            _log.warning("the tenant directory at %s does not answer", self._store.address)
            return UNREAD
        return reading.result()

    async def close(self) -> None:
        """Wait until the last read has ended; the store may be closed after that."""
        if self._given_up:
            await asyncio.wait(self._given_up)

    async def _read(self, enquiry: Enquiry) -> TenantFacts:
        try:
            record, reference_exists = await self._rows(enquiry)
            kept = None if record is None else TenantRecord.model_validate_json(record)
        except _AWAY as error:
            reason = reason_of(error)
            _log.warning("the tenant directory at %s cannot be read: %s", self._store.address, reason)
            return UNREAD
        except ValidationError as error:  # written by another version of ours
            _log.error("the record of tenant %r has %s errors", enquiry.tenant, error.error_count())
            return UNREAD
        return facts_of(kept, enquiry, reference_exists)

    async def _rows(self, enquiry: Enquiry) -> tuple[str | None, bool | None]:
        """Read the record, and whether the case referred to is one of the tenant's."""
        known = select(rows.c.record).where(rows.c.tenant == enquiry.tenant)
        async with self._store.reading() as connection:
            record = await connection.scalar(known)
            if enquiry.case_reference is None:
                return record, None
            is_one = _is_a_case(enquiry.tenant, enquiry.case_reference)
            return record, bool(await connection.scalar(select(is_one)))


def _is_a_case(tenant: str, reference: str) -> ColumnElement[bool]:
    """Look for a case of the tenant by id, their own reference, or number, each by its own index."""
    named: list[ColumnElement[bool]] = [cases.c.case_id == reference, cases.c.reference == reference]
    if (number := _number(reference)) is not None:
        named.append(cases.c.number == number)
    return or_(*(exists().where(cases.c.tenant == tenant, this) for this in named))


def _number(reference: str) -> str | None:
    """Spell a case number as cases have it; None where the reference is none."""
    prefix = id_prefix(reference)
    return None if prefix is None else case_number(prefix.ljust(_ID_LENGTH, "a"))
