"""The statistics of many cases: how soon their page is there, over a week and over all of them.

The cases are some lives of a desk, as their workflows would keep them, told again and again by other numbers
and at other instants: most are over, some were handed over, of some a promise was missed, some were rated.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.store.case_store import CaseStore
from activities.store.own_tables import survey_answers
from activities.store.tables import cases, timeline_entries
from bench.web_board_browsers import browsers
from bench.web_board_cases import CENTRES, TENANTS, cases_as_of
from bench.web_desk import WebDesk
from bench.web_reads import p95
from domain.actor import Actor, ActorKind, Door, Role
from domain.clocks import Clock
from domain.naming import case_number
from domain.phase import CloseReason, Phase
from domain.record import row_of
from domain.timeline import EntryKind, TimelineEntry

_DAYS = 90
_LIVES = 300  # told again and again
_AT_ONCE = 2_000  # cases a transaction
_OPEN, _HANDED_OVER, _MISSED, _RATED = 0.1, 0.3, 0.25, 0.2
"""Of all cases, those that are open still; handed over once at least; with a promise missed; rated."""

_BOSS = Actor(kind=ActorKind.STAFF, name="Mo Tan", role=Role.MANAGER, door=Door.BOARD)
_HOUR = timedelta(hours=1)

Row = dict[str, Any]


@dataclass(frozen=True)
class FigureLengths:
    """How much is done: cases in the store, and pages loaded, one after the other."""

    cases: int
    pages: int


FULL = FigureLengths(cases=100_000, pages=60)
SHORT = FigureLengths(cases=5_000, pages=12)


async def figures(desk: WebDesk, lengths: FigureLengths) -> dict[str, Any]:
    """Fill the store, and measure."""
    now = datetime.now(UTC)
    began = time.perf_counter()
    entries = await fill(desk.store, lengths.cases, now)
    filled = time.perf_counter() - began
    (reader,) = await browsers(desk.store, desk.port, [_BOSS])
    paths = _paths(now)
    spans: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(lengths.pages):
        name = list(paths)[number % len(paths)]
        start = time.perf_counter()
        await asyncio.to_thread(reader.load, paths[name])
        spans[name].append((time.perf_counter() - start) * 1000)
    every = [span for found in spans.values() for span in found]
    return {
        "stats_p95_ms": p95(every),
        "stats_median_ms": round(statistics.median(every), 1),
        "stats_by_page_ms": {name: round(statistics.median(found), 1) for name, found in spans.items()},
        "stats_pages": len(every),
        "stats_cases": lengths.cases,
        "stats_entries": entries,
        "stats_filled_in_s": round(filled, 1),
    }


def _paths(now: datetime) -> dict[str, str]:
    """Return what is looked at in turn: this week, the one before, a month, all of it, one tenant, a file."""
    today = now.date()

    def since(days: int) -> str:
        return f"from={today - timedelta(days=days)}&to={today}"

    return {
        "week": "/statistics",
        "week before": f"/statistics?from={today - timedelta(days=14)}",
        "month": f"/statistics?{since(30)}",
        "all": f"/statistics?{since(_DAYS)}",
        "policy": f"/statistics?{since(_DAYS)}&policy=rhipe-csp",
        "tenant": f"/statistics?{since(_DAYS)}&tenant=tenant-7",
        "all as CSV": f"/statistics.csv?{since(_DAYS)}",
    }


async def fill(store: CaseStore, count: int, now: datetime) -> int:
    """Keep so many cases, spread over the days before an instant; return how many entries they have."""
    lives = [(row_of(one.case).model_dump(), _kept(one.entries)) async for one in cases_as_of(now, _LIVES)]
    told, chance = 0, random.Random(1)  # the same ones each time
    for first in range(0, count, _AT_ONCE):
        rows, entries, answers = [], [], []
        for number in range(first, min(first + _AT_ONCE, count)):
            like, said = lives[number % len(lives)]
            at = now - timedelta(days=_DAYS) * (number / count) - timedelta(seconds=chance.randrange(3600))
            row = _row(like, number, at, now, chance)
            rows.append(row)
            entries += list(_entries(row, said, like["received_at"], chance))
            if row["phase"] == Phase.CLOSED and chance.random() < _RATED:
                answers.append(_answer(row, chance))
        async with store.writing() as connection:
            await connection.execute(cases.insert(), rows)
            await connection.execute(timeline_entries.insert(), entries)
            if answers:
                await connection.execute(survey_answers.insert(), answers)
        told += len(entries)
    return told


def _kept(entries: Sequence[TimelineEntry]) -> list[Row]:
    """Return what happened but what was missed, which is spread over the cases otherwise."""
    missed = (EntryKind.WARNED, EntryKind.BREACHED, EntryKind.KEPT_LATE)
    return [one.model_dump() for one in entries if one.kind not in missed]


def _row(like: Row, number: int, at: datetime, now: datetime, chance: random.Random) -> Row:
    """Tell a case again at another instant, and to its end unless it is one of those that are open."""
    case_id = f"case-{number:020d}"
    row = like | {"case_id": case_id, "number": case_number(case_id), "reference": f"stat-{number}"}
    row |= {"received_at": at, "recorded_at": at, "tenant": f"tenant-{number * 13 % TENANTS}"}
    ended = at + _HOUR * chance.randrange(1, 90)
    if chance.random() < _OPEN or ended > now:
        return row
    reason = CloseReason.CUSTOMER_CONFIRMED
    over = {"phase": Phase.CLOSED, "responded_at": at + (ended - at) / 9, "resolved_at": ended}
    nothing = dict.fromkeys(("next_clock", "next_due_at", "owed_clock", "owed_at", "offered_to"))
    return row | nothing | over | {"closed_at": ended + _HOUR, "close_reason": reason}


def _entries(row: Row, said: Sequence[Row], was: datetime, chance: random.Random) -> Iterator[Row]:
    """Tell what happened: as in the life it is like, with handoffs and misses of its own."""
    happened = [one | {"at": row["received_at"] + (one["at"] - was)} for one in said]
    if chance.random() < _HANDED_OVER:
        for turn in range(chance.randrange(1, 4)):
            happened += _handoff(row, row["received_at"] + (turn + 1) * 8 * _HOUR, chance)
    if chance.random() < _MISSED:
        clock = chance.choice((Clock.INITIAL_RESPONSE, Clock.UPDATE, Clock.UPDATE))
        at = row["received_at"] + _HOUR * chance.randrange(1, 20)
        happened.append(_said(EntryKind.BREACHED, at, about=clock.value, due_at=at, count=1))
    for number, one in enumerate(sorted(happened, key=lambda entry: entry["at"]), 1):
        yield _BLANK | one | {"case_id": row["case_id"], "number": number}


def _handoff(row: Row, at: datetime, chance: random.Random) -> list[Row]:
    taker = chance.choice(CENTRES)
    staff = {"by": f"Engineer 1 of {taker}", "by_kind": ActorKind.STAFF}
    return [
        _said(EntryKind.HANDOFF_OFFERED, at - _HOUR / 2, about=taker),
        _said(EntryKind.HANDOFF_ACCEPTED, at - _HOUR / 4, about=taker, **staff),
        _said(EntryKind.HANDED_OVER, at, about=f"{row['region']} -> {taker}"),
        _said(EntryKind.UPDATED, at + _HOUR * chance.random() * 3, text="We go on with it.", **staff),
    ]


_BLANK: Row = dict.fromkeys(column.name for column in timeline_entries.c) | {"internal": False}


def _said(kind: EntryKind, at: datetime, **more: Any) -> Row:
    return {"kind": kind, "at": at, "by": "Sunrelay", "by_kind": ActorKind.SYSTEM} | more


def _answer(row: Row, chance: random.Random) -> Row:
    score = chance.choice((5, 5, 4, 4, 3, 2, 1))
    who = {"answered_at": row["closed_at"] + _HOUR, "answered_by": "Kim"}
    return {"case_id": row["case_id"], "closure": 1, "score": score, **who}
