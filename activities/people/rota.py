"""The rota: engineers, written all or none; who has checked in, who is away, and what each has open.

This room keeps people and counts their open cases; who of them takes a case is the domain's to say.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.people import past
from activities.people.past import Stood, What, stay
from activities.store.case_list import IS_OPEN
from activities.store.database import Database
from activities.store.own_tables import absences, check_ins, engineers
from activities.store.tables import cases
from domain.centres.rota import Engineer, Presence
from domain.frozen import Frozen

_AT_ONCE = 500  # engineers a statement; SQLite takes at most 32,766 values in one


class RotaChanges(Frozen):
    """How many engineers are new, changed, the same as before, and taken out."""

    new: int
    changed: int
    unchanged: int
    removed: int


class Rota:
    """Keep the rota in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def put(self, people: Iterable[Engineer], by: str, *, replace: bool = False) -> RotaChanges:
        """Write all engineers or none; with `replace` who is not among them is taken out.

        Who stays keeps their check-in.
        """
        given = {one.name: one for one in people}
        async with self._store.writing() as connection:
            kept = {row.name: row.record for row in await connection.execute(_RECORDS.with_for_update())}
            written = [one for one in given.values() if kept.get(one.name) != _json(one)]
            gone = sorted(set(kept) - set(given)) if replace else []
            await self._write(connection, written, gone, by)
        new = sum(one.name not in kept for one in written)
        return RotaChanges(
            new=new,
            changed=len(written) - new,
            unchanged=len(given) - len(written),
            removed=len(gone),
        )

    async def check_in(
        self, name: str, at: datetime, by: str, region: str | None = None, until: datetime | None = None
    ) -> Presence | None:
        """Check an engineer in at a centre, their own unless another is named; they are back if away.

        None where nobody has that name.
        """
        async with self._store.writing() as connection:
            if (engineer := await _engineer(connection, name)) is None:
                return None
            centre = region or engineer.region
            row = {"region": centre, "since": at, "until": until}
            await connection.execute(
                self._store.upsert(check_ins), row | {"engineer": name, "changed_by": by}
            )
            await connection.execute(delete(absences).where(absences.c.engineer == name))
            stands = Stood(name, centre, stay(**row))
            await past.stands(self._store, connection, What.CHECK_IN, [stands], at, by)
            await past.ends(connection, What.ABSENCE, [name], at, by)
            return await _presence(connection, name)

    async def check_out(self, name: str, at: datetime, by: str) -> bool | None:
        """Check an engineer out; false where they were not in, None where nobody has that name."""
        async with self._store.writing() as connection:
            found = await _presence(connection, name)
            await connection.execute(delete(check_ins).where(check_ins.c.engineer == name))
            await past.ends(connection, What.CHECK_IN, [name], at, by)
        return (
            None if found is None else found.since is not None and (found.until is None or found.until > at)
        )

    async def away(self, name: str, at: datetime, until: datetime | None, by: str) -> Presence | None:
        """Say that an engineer is away until an instant, or until they check in; None as above."""
        async with self._store.writing() as connection:
            if (engineer := await _engineer(connection, name)) is None:
                return None
            row = {"away_from": at, "away_until": until}
            await connection.execute(self._store.upsert(absences), row | {"engineer": name, "changed_by": by})
            stands = Stood(name, engineer.region, stay(**row))
            await past.stands(self._store, connection, What.ABSENCE, [stands], at, by)
            return await _presence(connection, name)

    async def people(self, region: str | None = None) -> tuple[Presence, ...]:
        """List everybody, or those of one centre and its guests, by name."""
        query = _PRESENCES.order_by(engineers.c.name)
        if region is not None:
            query = query.where((engineers.c.region == region) | (check_ins.c.region == region))
        async with self._store.reading() as connection:
            return await _presences(connection, query)

    async def engineer(self, name: str) -> Engineer | None:
        """Return an engineer, named exactly; None where nobody has that name."""
        async with self._store.reading() as connection:
            return await _engineer(connection, name)

    async def _write(
        self, connection: AsyncConnection, people: list[Engineer], gone: list[str], by: str
    ) -> None:
        now = datetime.now(UTC)
        stamp = {"changed_by": by, "changed_at": now}
        for start in range(0, len(people), _AT_ONCE):
            some = people[start : start + _AT_ONCE]
            values = [{"name": one.name, "region": one.region, "record": _json(one)} | stamp for one in some]
            await connection.execute(self._store.upsert(engineers), values)
        for start in range(0, len(gone), _AT_ONCE):
            names = gone[start : start + _AT_ONCE]
            await connection.execute(delete(engineers).where(engineers.c.name.in_(names)))
        stand = (Stood(one.name, one.region, _json(one)) for one in people)
        await past.stands(self._store, connection, What.ENGINEER, stand, now, by)
        for what in (What.ENGINEER, What.CHECK_IN, What.ABSENCE):
            await past.ends(connection, what, gone, now, by)


_RECORDS = select(engineers.c.name, engineers.c.record).order_by(engineers.c.name)
_OPEN_BY_ASSIGNEE = (
    select(cases.c.assignee, func.count())
    .where(IS_OPEN, cases.c.assignee.is_not(None))
    .group_by(cases.c.assignee)
)
_PRESENCES = (
    select(
        engineers.c.record,
        check_ins.c.region,
        check_ins.c.since,
        check_ins.c.until,
        absences.c.away_from,
        absences.c.away_until,
    )
    .outerjoin(check_ins, check_ins.c.engineer == engineers.c.name)
    .outerjoin(absences, absences.c.engineer == engineers.c.name)
)


async def checked_in(connection: AsyncConnection, regions: Iterable[str]) -> tuple[Presence, ...]:
    """List who has checked in at these centres, by name; some may be away, or gone meanwhile."""
    query = _PRESENCES.where(check_ins.c.region.in_(list(regions))).order_by(engineers.c.name)
    return await _presences(connection, query)


async def regions_with_people(connection: AsyncConnection) -> frozenset[str]:
    """Name the centres for which somebody was entered."""
    theirs = await connection.scalars(select(engineers.c.region).union(select(check_ins.c.region)))
    return frozenset(theirs)


async def open_cases(connection: AsyncConnection, regions: Iterable[str]) -> dict[str, int]:
    """Count the open cases of these centres, in the projection; none is not told."""
    query = select(cases.c.region, func.count()).where(IS_OPEN, cases.c.region.in_(list(regions)))
    return dict((await connection.execute(query.group_by(cases.c.region))).all())


async def _engineer(connection: AsyncConnection, name: str) -> Engineer | None:
    record = await connection.scalar(select(engineers.c.record).where(engineers.c.name == name))
    return None if record is None else Engineer.model_validate_json(record)


async def _presence(connection: AsyncConnection, name: str) -> Presence | None:
    found = await _presences(connection, _PRESENCES.where(engineers.c.name == name))
    return found[0] if found else None


async def _presences(connection: AsyncConnection, query: Select[Any]) -> tuple[Presence, ...]:
    rows = (await connection.execute(query)).all()
    if not rows:
        return ()
    counts: dict[str, int] = dict((await connection.execute(_OPEN_BY_ASSIGNEE)).all())
    return tuple(_kept(row._mapping, counts) for row in rows)


def _kept(row: Mapping[Any, Any], counts: Mapping[str, int]) -> Presence:
    engineer = Engineer.model_validate_json(row["record"])
    stands = {key: row[key] for key in ("region", "since", "until", "away_from", "away_until")}
    return Presence(engineer=engineer, open_cases=counts.get(engineer.name, 0), **stands)


def _json(engineer: Engineer) -> str:
    # Without defaults, a field that is new to this version makes nobody a changed one.
    return engineer.model_dump_json(exclude_defaults=True)
