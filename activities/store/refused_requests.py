"""The requests that were refused and whose senders waited for no answer: the table that keeps why.

This room writes and reads it; who is told of one is the domain's to say.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from activities.store.database import Database
from activities.store.own_tables import refused_requests as rows
from domain.refused_request import RefusedRequest

BEING_TOLD = "being told"
TOLD = "told"


class RefusedRequests:
    """Keep them in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._insert = store.insert_new(rows)

    async def keep(self, request: RefusedRequest, notice: str) -> str:
        """Keep a request unless it is kept already, and return how telling its sender stands."""
        row = {column.name: getattr(request, column.name, None) for column in rows.columns}
        row |= {"missing": json.dumps(request.missing), "case_id": request.case_id, "notice": notice}
        async with self._store.writing() as connection:
            await connection.execute(self._insert, row)
            found = await connection.execute(select(rows.c.notice).where(rows.c.id == request.id))
            return str(found.scalar_one())

    async def told(self, identity: str, notice: str) -> None:
        """Note how telling the sender ended."""
        async with self._store.writing() as connection:
            await connection.execute(update(rows).where(rows.c.id == identity).values(notice=notice))

    async def told_since(self, address: str, since: datetime) -> int:
        """Count the refusals an address was told of, or is being told of, since an instant (UTC)."""
        query = select(func.count()).where(
            rows.c.address == address,
            rows.c.refused_at >= since,
            rows.c.notice.in_((TOLD, BEING_TOLD)),
        )
        async with self._store.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def latest(self, identity: str) -> tuple[RefusedRequest, str] | None:
        """Return the last one under a workflow id or for a case id, and how telling its sender stands."""
        named = or_(rows.c.workflow_id == identity, rows.c.case_id == identity)
        query = select(rows).where(named).order_by(rows.c.refused_at.desc(), rows.c.id).limit(1)
        async with self._store.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _kept(row._mapping)


def _kept(row: Mapping[Any, Any]) -> tuple[RefusedRequest, str]:
    values = dict(row)
    del values["case_id"]
    notice = str(values.pop("notice"))
    return RefusedRequest.model_validate(values | {"missing": json.loads(values["missing"])}), notice
