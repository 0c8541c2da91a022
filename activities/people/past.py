"""How people and centres stood: each engineer, check-in, absence and region, from when until when.

It is written with each change, in its transaction, and begins with what stood when the past began to be kept.
Closures keep their own past (`activities.people.closures`).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.moments import NEVER
from activities.store.own_tables import centre_past as rows
from activities.store.own_tables import past_kept
from domain.centres.rota import Engineer, Presence
from domain.frozen import Frozen
from domain.policy import RegionRule

_AT_ONCE = 500  # rows a statement; SQLite takes at most 32,766 values in one


class What(StrEnum):
    """What the past is kept of."""

    ENGINEER = "engineer"
    CHECK_IN = "check_in"
    ABSENCE = "absence"
    REGION = "region"


class Stood(NamedTuple):
    """Something that stands from an instant on: of whom, for which centre, and what there is to say of it."""

    name: str
    region: str
    record: str


class _Stay(Frozen):
    """Where somebody had checked in, or from when until when they were away (UTC)."""

    region: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    away_from: datetime | None = None
    away_until: datetime | None = None


class RegionAsOf(NamedTuple):
    """A region as a policy had it."""

    policy: str
    rule: RegionRule


class _Region(Frozen):
    policy: str
    rule: RegionRule


async def stands(
    store: Database, connection: AsyncConnection, what: What, given: Iterable[Stood], at: datetime, by: str
) -> None:
    """Write what stands from an instant (UTC) on, in the place of what stood until then."""
    given = tuple(given)
    await ends(connection, what, [one.name for one in given], at, by)
    stamp = {"what": what.value, "at": at, "until": NEVER, "changed_by": by}
    for start in range(0, len(given), _AT_ONCE):
        values = [one._asdict() | stamp for one in given[start : start + _AT_ONCE]]
        await connection.execute(store.upsert(rows), values)


async def ends(connection: AsyncConnection, what: What, names: Iterable[str], at: datetime, by: str) -> None:
    """Write that something stands no longer from an instant (UTC) on."""
    names = tuple(names)
    for start in range(0, len(names), _AT_ONCE):
        theirs = rows.c.name.in_(names[start : start + _AT_ONCE])
        running = update(rows).where(rows.c.what == what.value, theirs, rows.c.until > at)
        await connection.execute(running.values(until=at, ended_by=by))


def stay(**known: Any) -> str:
    """Write where somebody is, or is not."""
    return _Stay(**known).model_dump_json(exclude_none=True)


class CentrePast:
    """Reads the past from a store that its owner opens and closes, and keeps that of regions."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def keep_regions(self, regions: Mapping[str, tuple[str, RegionRule]], by: str) -> None:
        """Keep how regions are now, by name with their policy, where that has changed."""
        now = datetime.now(UTC)
        given = {
            name: _Region(policy=policy, rule=rule).model_dump_json(exclude_defaults=True)
            for name, (policy, rule) in regions.items()
        }
        async with self._store.writing() as connection:
            query = select(rows.c.name, rows.c.record).where(
                rows.c.what == What.REGION.value, rows.c.until == NEVER
            )
            kept = {row.name: row.record for row in await connection.execute(query.with_for_update())}
            changed = [
                Stood(name, name, record) for name, record in given.items() if kept.get(name) != record
            ]
            await stands(self._store, connection, What.REGION, changed, now, by)
            await ends(connection, What.REGION, set(kept) - set(given), now, by)
            first = {"what": "regions", "since": now}
            await connection.execute(self._store.insert_new(past_kept), first)

    async def region(self, name: str, at: datetime) -> RegionAsOf | None:
        """Return a region as it stood at an instant (UTC); None where it is not known."""
        query = _at(at).where(rows.c.what == What.REGION.value, rows.c.name == name)
        async with self._store.reading() as connection:
            found = (await connection.execute(query)).one_or_none()
        if found is None:
            return None
        kept = _Region.model_validate_json(found.record)
        return RegionAsOf(kept.policy, kept.rule)

    async def people(self, region: str, at: datetime) -> tuple[Presence, ...]:
        """List who worked at a centre at an instant (UTC), and its guests, by name."""
        people = (What.ENGINEER.value, What.CHECK_IN.value)
        named = select(rows.c.name).where(
            rows.c.at <= at, rows.c.until > at, rows.c.what.in_(people), rows.c.region == region
        )
        query = _at(at).where(rows.c.name.in_(named), rows.c.what != What.REGION.value)
        async with self._store.reading() as connection:
            found = (await connection.execute(query.order_by(rows.c.name))).all()
        known: dict[str, dict[str, str]] = {}
        for row in found:
            known.setdefault(row.name, {})[row.what] = row.record
        return tuple(_presence(one) for one in known.values() if What.ENGINEER.value in one)


def _at(at: datetime) -> Any:
    return select(rows.c.what, rows.c.name, rows.c.record).where(rows.c.at <= at, rows.c.until > at)


def _presence(records: Mapping[str, str]) -> Presence:
    engineer = Engineer.model_validate_json(records[What.ENGINEER.value])
    stays = [_STAY.validate_json(text) for what, text in records.items() if what != What.ENGINEER.value]
    known = [one.model_dump(exclude_none=True) for one in stays]
    return Presence(engineer=engineer, **{name: at for one in known for name, at in one.items()})


_STAY = TypeAdapter(_Stay)
