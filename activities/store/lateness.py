"""How late clocks were acted on: kept with the step of a case that did so, and added up by clock and centre.

This room writes and counts; what is late is the workflow's to say. Whoever needs the figures calls
`FiredClocks.figures`: the command, the board, the API, and what proves a desk to others.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.own_tables import past_kept
from activities.store.period import Period, is_of_all, whose
from activities.store.tables import cases
from activities.store.tables import fired_clocks as rows
from domain.clocks import Clock
from domain.frozen import Frozen
from domain.record import RecordBatch

KEPT_AS = "lateness"
"""Under which name the store says since when it knows."""

_ORDER = {clock.value: place for place, clock in enumerate(Clock)}


class Lateness(Frozen):
    """How late so many clocks were acted on, in milliseconds: half by `p50_ms`, 99 of 100 by `p99_ms`.

    Nearest ranks: each figure is one that was measured. `clock` and `centre` are None for all of them.
    """

    clock: str | None
    centre: str | None
    count: int
    p50_ms: int
    p99_ms: int
    max_ms: int


class LatenessFigures(Frozen):
    """Of clocks due in `[since, until)`, UTC: all together, and by clock and centre.

    Nothing is known of what was due before `known_since`. `all` is None where none was.
    """

    since: datetime
    until: datetime
    known_since: datetime | None
    all: Lateness | None
    rows: tuple[Lateness, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all of the time asked for is known."""
        return self.known_since is not None and self.known_since <= self.since


class FiredClocks:
    """Keeps how late clocks fired in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._put = store.insert_new(rows)  # put together once: that takes longer than carrying it out

    async def write(self, connection: AsyncConnection, batch: RecordBatch) -> None:
        """Write which clocks fired, as part of the batch's transaction; what is known stays as it is."""
        if batch.fired:
            case_id = batch.row.case_id
            await connection.execute(
                self._put, [one.model_dump() | {"case_id": case_id} for one in batch.fired]
            )

    async def figures(
        self, period: Period, clock: str | None = None, centre: str | None = None
    ) -> LatenessFigures:
        """Add up the clocks that were due in a period."""
        async with self._store.reading() as connection:
            since = select(past_kept.c.since).where(past_kept.c.what == KEPT_AS)
            known_since: datetime | None = (await connection.execute(since)).scalar_one_or_none()
            meant = _meant(period, clock, centre)
            whole = [_lateness(row) for row in await connection.execute(_added_up(meant))]
            parts = [
                _lateness(row)
                for row in await connection.execute(_added_up(meant, rows.c.clock, rows.c.region))
            ]
        return LatenessFigures(
            since=period.since,
            until=period.until,
            known_since=known_since,
            all=next(iter(whole), None),
            rows=tuple(sorted(parts, key=_in_order)),
        )


def _meant(period: Period, clock: str | None, centre: str | None) -> list[ColumnElement[bool]]:
    found = [rows.c.due_at >= period.since, rows.c.due_at < period.until]
    if clock is not None:
        found.append(rows.c.clock == clock)
    if centre is not None:
        found.append(rows.c.region == centre)
    if not is_of_all(period):
        found.append(rows.c.case_id.in_(select(cases.c.case_id).where(whose(period))))
    return found


def _added_up(meant: list[ColumnElement[bool]], *by: Any) -> Select[Any]:
    """Put each clock in its place among those of its kind, and read off who stands where."""
    ranked = (
        select(
            *by,
            rows.c.late_ms,
            func.row_number().over(partition_by=by or None, order_by=rows.c.late_ms).label("place"),
            func.count().over(partition_by=by or None).label("many"),
        )
        .where(*meant)
        .subquery()
    )
    kinds = [ranked.c[column.name] for column in by]
    return (
        select(
            *kinds,
            func.count().label("count"),
            _placed(ranked, 50).label("p50_ms"),
            _placed(ranked, 99).label("p99_ms"),
            func.max(ranked.c.late_ms).label("max_ms"),
        )
        .group_by(*kinds)
        .having(func.count() > 0)
    )


def _placed(ranked: Any, percent: int) -> ColumnElement[int]:
    nearest = (ranked.c.many * percent + 99) // 100
    return func.max(case((ranked.c.place == nearest, ranked.c.late_ms)))


def _lateness(row: Any) -> Lateness:
    named = row._mapping
    figures = {name: int(named[name]) for name in ("count", "p50_ms", "p99_ms", "max_ms")}
    return Lateness(clock=named.get("clock"), centre=named.get("region"), **figures)


def _in_order(one: Lateness) -> tuple[int, str, str]:
    return _ORDER.get(one.clock or "", len(_ORDER)), one.clock or "", one.centre or ""
