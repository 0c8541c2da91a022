"""Which files are kept, whose they are and who gave them: rows of own truth beside the folder of their bytes.

This room writes and reads them; who may read a file is the door's to ask, how much is taken the domain's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.content_tables import contents as rows
from activities.store.database import Database
from domain.actor import ActorKind, Door, Role
from domain.decision import Refused
from domain.frozen import Frozen
from domain.messages.base import Instant
from domain.uploads import Taken

STORE = "store"
"""The name of our store in a reference, as in `store:ID`."""

_LOCK = 730_610_041  # with the tenant's digest; any number that is only ours among the users of one server


class KeptFile(Frozen):
    """A file that is kept, by its name in the folder; instants UTC. `form` stands until there is a case."""

    file_id: str
    case_id: str | None = None
    form: str | None = None
    tenant: str
    name: str
    media_type: str
    claimed_type: str | None = None
    size: int
    sha256: str
    given_by: str
    by_kind: ActorKind
    by_role: Role | None = None
    door: Door | None = None
    request_id: str | None = None
    position: int = 0
    given_at: Instant
    named_at: Instant | None = None

    @property
    def reference(self) -> str:
        """By what a case names it."""
        return f"{STORE}:{self.file_id}"


class NoRoom(Exception):
    """Ends the keeping of files for which there is no room any more: others were quicker."""

    def __init__(self, faults: tuple[Refused, ...]) -> None:
        super().__init__(faults[0].code)
        self.faults = faults


class KeptFiles:
    """Keep rows in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def taken(self, tenant: str, case_id: str | None, form: str | None) -> tuple[int, int, int]:
        """Return how many files and bytes a case, or a form, has, and the bytes of its tenant."""
        async with self._store.reading() as connection:
            return await _taken(connection, tenant, _of(case_id, form))

    async def keep(
        self, files: Sequence[KeptFile], most_of_tenant: int, faults: Callable[[Taken], tuple[Refused, ...]]
    ) -> None:
        """Keep rows of one case or form, all or none. Raises: NoRoom, as `faults` says of what is kept."""
        first = files[0]
        async with self._store.writing() as connection:
            if not self._store.has_one_writer:
                lock = text("select pg_advisory_xact_lock(:key, hashtext(:tenant))")
                await connection.execute(lock, {"key": _LOCK, "tenant": first.tenant})
            taken = await _taken(connection, first.tenant, _of(first.case_id, first.form))
            if found := faults(Taken(*taken, most_of_tenant)):
                raise NoRoom(found)
            await connection.execute(rows.insert(), [_row(file) for file in files])

    async def file(self, file_id: str) -> KeptFile | None:
        """Return one, or None."""
        found = await self._all(rows.c.file_id == file_id)
        return found[0] if found else None

    async def of_request(self, case_id: str, request_id: str) -> tuple[KeptFile, ...]:
        """List what a request gave, in its order."""
        return await self._all((rows.c.case_id == case_id) & (rows.c.request_id == request_id))

    async def of_form(self, form: str) -> tuple[KeptFile, ...]:
        """List what was given with a form, in its order."""
        return await self._all(rows.c.form == form)

    async def named(self, file_ids: Sequence[str], case_id: str, at: datetime) -> None:
        """Note that a case names files; those of a form become its own."""
        is_free = or_(rows.c.case_id.is_(None), rows.c.case_id == case_id)
        these = update(rows).where(rows.c.file_id.in_(file_ids), is_free)
        async with self._store.writing() as connection:
            await connection.execute(these.values(case_id=case_id, named_at=at))

    async def forget(self, file_ids: Sequence[str]) -> None:
        """Take rows out; their bytes are the folder's to remove."""
        async with self._store.writing() as connection:
            await connection.execute(delete(rows).where(rows.c.file_id.in_(file_ids)))

    async def unnamed(self, before: datetime, limit: int) -> tuple[KeptFile, ...]:
        """List files given before an instant (UTC) that no case is known to name, the oldest first."""
        return await self._all(rows.c.named_at.is_(None) & (rows.c.given_at < before), limit)

    async def _all(self, which: ColumnElement[bool], limit: int | None = None) -> tuple[KeptFile, ...]:
        query = select(rows).where(which).order_by(rows.c.given_at, rows.c.position).limit(limit)
        async with self._store.reading() as connection:
            found = await connection.execute(query)
            return tuple(KeptFile.model_validate(dict(row._mapping)) for row in found)


def _of(case_id: str | None, form: str | None) -> ColumnElement[bool]:
    return rows.c.case_id == case_id if form is None else rows.c.form == form


async def _taken(
    connection: AsyncConnection, tenant: str, which: ColumnElement[bool]
) -> tuple[int, int, int]:
    size = func.coalesce(func.sum(rows.c.size), 0)
    files, of_case = (await connection.execute(select(func.count(), size).where(which))).one()
    of_tenant = (await connection.execute(select(size).where(rows.c.tenant == tenant))).scalar_one()
    return int(files), int(of_case), int(of_tenant)


def _row(file: KeptFile) -> dict[str, object]:
    return file.model_dump()
