"""The records of tenants: written all or none, listed, taken out.

This room keeps records and counts changes; what a record means is the domain's to say. The records hold
access ids and verification items, so they go into no log.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from pydantic import Field
from sqlalchemy import ColumnElement, Select, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.own_tables import tenants as rows
from domain.frozen import Frozen
from domain.policy import RequesterKind
from domain.tenants import TenantPhase, TenantRecord

_AT_ONCE = 500  # tenants a statement; SQLite takes at most 32,766 values in one

T = TypeVar("T")


class KeptTenant(Frozen):
    """A record as it is kept: how often it was written, when last (UTC), and by whom."""

    record: TenantRecord
    version: int
    updated_at: datetime
    changed_by: str


class TenantFilter(Frozen):
    """Which tenants are wanted; what is not given does not narrow. `after` ends the page before."""

    kind: RequesterKind | None = None
    plan: str | None = None
    region: str | None = None
    phase: TenantPhase | None = None
    after: str | None = None
    limit: int = Field(default=50, ge=1, le=1000)


class Changes(Frozen):
    """How many tenants are new, changed, the same as before, and taken out."""

    new: int
    changed: int
    unchanged: int
    removed: int


class _Comparison(NamedTuple):
    """What is to be written, beside what is there."""

    new: list[TenantRecord]
    changed: list[TenantRecord]
    unchanged: int
    removed: list[str]

    @property
    def changes(self) -> Changes:
        return Changes(
            new=len(self.new),
            changed=len(self.changed),
            unchanged=self.unchanged,
            removed=len(self.removed),
        )


class TenantRecords:
    """Keep tenants in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def record(self, tenant: str) -> KeptTenant | None:
        """Return what is kept of one tenant, named exactly; None where they are not listed."""
        async with self._store.reading() as connection:
            found = await connection.execute(select(rows).where(rows.c.tenant == tenant))
            row = found.one_or_none()
        return None if row is None else _kept(row._mapping)

    async def records(self, wanted: TenantFilter) -> tuple[KeptTenant, ...]:
        """List tenants by name; what is wanted reaches the database as bound parameters."""
        query = select(rows).where(*_conditions(wanted)).order_by(rows.c.tenant).limit(wanted.limit)
        async with self._store.reading() as connection:
            return tuple(_kept(row._mapping) for row in await connection.execute(query))

    async def compare(self, records: Iterable[TenantRecord], *, replace: bool = False) -> Changes:
        """Say what `put` would do, and write nothing."""
        given = {record.tenant: record for record in records}
        async with self._store.reading() as connection:
            return (await _compare(connection, given, _KEPT, replace)).changes

    async def put(
        self, records: Iterable[TenantRecord], changed_by: str, *, replace: bool = False
    ) -> Changes:
        """Write all records or none; one that says what is kept already is left as it is.

        With `replace` tenants that are not among them are taken out.
        """
        given = {record.tenant: record for record in records}
        async with self._store.writing() as connection:
            found = await _compare(connection, given, _KEPT.with_for_update(), replace)
            await self._write(connection, found, changed_by)
        return found.changes

    async def remove(self, tenant: str) -> bool:
        """Take one tenant out; false where they were not listed."""
        async with self._store.writing() as connection:
            gone = await connection.execute(delete(rows).where(rows.c.tenant == tenant))
        return gone.rowcount > 0

    async def _write(self, connection: AsyncConnection, found: _Comparison, changed_by: str) -> None:
        stamp: dict[str, object] = {"updated_at": datetime.now(UTC), "changed_by": changed_by, "version": 1}
        for some in _some(found.new):
            await connection.execute(self._store.upsert(rows), [_columns(record) | stamp for record in some])
        for some in _some(found.changed):
            values = [_columns(record) | stamp | {"name": record.tenant} for record in some]
            await connection.execute(_CHANGE, values)
        for names in _some(found.removed):
            await connection.execute(delete(rows).where(rows.c.tenant.in_(names)))


_KEPT = select(rows.c.tenant, rows.c.record).order_by(rows.c.tenant)
_CHANGED = ("kind", "plan", "region", "phase", "record", "updated_at", "changed_by")
_CHANGE = (
    update(rows)
    .where(rows.c.tenant == bindparam("name"))
    .values({"version": rows.c.version + 1} | {name: bindparam(name) for name in _CHANGED})
)


async def _compare(
    connection: AsyncConnection,
    given: Mapping[str, TenantRecord],
    query: Select[tuple[str, str]],
    replace: bool,
) -> _Comparison:
    """Read in the order of names, so that two writers lock rows in one order."""
    new, changed, removed = [], [], []
    for names in _some(sorted(given)):
        found = await connection.execute(query.where(rows.c.tenant.in_(names)))
        kept = {row.tenant: row.record for row in found}
        new += [given[name] for name in names if name not in kept]
        changed += [given[name] for name in names if name in kept and kept[name] != _json(given[name])]
    if replace:
        listed = await connection.scalars(select(rows.c.tenant).order_by(rows.c.tenant))
        removed = [name for name in listed if name not in given]
    return _Comparison(new, changed, len(given) - len(new) - len(changed), removed)


def _conditions(wanted: TenantFilter) -> Iterator[ColumnElement[bool]]:
    for name in ("kind", "plan", "region", "phase"):
        value = getattr(wanted, name)
        if value is not None:
            yield rows.c[name] == value
    if wanted.after is not None:
        yield rows.c.tenant > wanted.after


def _some(many: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(many), _AT_ONCE):
        yield many[start : start + _AT_ONCE]


def _json(record: TenantRecord) -> str:
    # Without defaults, a field that is new to this version makes no record a changed one.
    return record.model_dump_json(exclude_defaults=True)


def _columns(record: TenantRecord) -> dict[str, object]:
    return {
        "tenant": record.tenant,
        "kind": record.kind,
        "plan": record.plan,
        "region": record.region,
        "phase": record.phase,
        "record": _json(record),
    }


def _kept(row: Mapping[Any, Any]) -> KeptTenant:
    return KeptTenant(
        record=TenantRecord.model_validate_json(row["record"]),
        version=row["version"],
        updated_at=row["updated_at"],
        changed_by=row["changed_by"],
    )
