"""Cases and lists as they stood: at every instant what was seen of them then, however late it was written."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from activities.store.as_of import board_as_of, count_as_of, count_unknown, list_as_of
from activities.store.board import BoardFilter, read_rows
from activities.store.case_list import CaseFilter
from activities.store.case_store import CaseStore
from domain.case import Case
from domain.decision import Accepted, Declined
from domain.moment import Moment
from domain.record import CaseRow, RecordBatch, row_of
from domain.timeline import TimelineEntry
from domain.views.as_of import _MADE_OF, may_have_moved, moment_of, row_as_of
from tests.activities.builders import AT, CASE, HOUR, entry, row, whole_case
from tests.scenarios import on_domain
from tests.scenarios.files import OURS, SHIPPED, Scenario, read_all

SECOND = timedelta(seconds=1)
Step = tuple[Case, tuple[TimelineEntry, ...], datetime]


def steps_of(scenario: Scenario) -> dict[str, list[Step]]:
    """Every decision of every case of a scenario, with the instant it counts from."""
    found: dict[str, list[Step]] = {}

    class Watched(on_domain.FarEnd):
        def take(self, decision: Accepted | Declined) -> None:
            said = decision.entries
            before = found.setdefault(decision.case.id, [])
            last = before[-1][2] if before else decision.case.received_at
            before.append((decision.case, said, said[-1].at if said else last))
            super().take(decision)

    class Play(on_domain._Play):
        def far_end(self, key: str) -> on_domain.FarEnd:
            return Watched(self, key)

    assert list(Play(scenario).run()) == []
    return found


_TOLD = ("S29", "S31", "S112", "S113", "S602")
"""Scenarios with long lives: handed on, kept waiting, escalated, resolved, reopened, silent."""

LIVES = [
    (f"{scenario.id}/{number}", steps)
    for scenario in read_all([SHIPPED, *OURS])
    if scenario.id in _TOLD
    for number, steps in enumerate(steps_of(scenario).values())
    if len(steps) > 8
]


def moments_of(steps: list[Step]) -> Iterator[tuple[Moment, ...]]:
    """What each step has the store write, as the record lane queues it."""
    before: Case | None = None
    last: Moment | None = None
    for case, _, at in steps:
        fresh = moment_of(case, at)
        changed = may_have_moved(before, case) and not fresh.says_the_same_as(last)
        yield (fresh,) if changed else ()
        before, last = case, fresh if changed else last


def shown(row: CaseRow) -> dict[str, object]:
    """What a row shows, but for how often the case was written."""
    return row.model_dump(exclude={"version", "entries"})


async def live(store: CaseStore, steps: list[Step], *, again: bool = False) -> None:
    for (case, entries, _), moments in zip(steps, moments_of(steps), strict=True):
        batch = RecordBatch(row=row_of(case), entries=entries, moments=moments)
        for _ in range(2 if again else 1):
            await store.record(batch)


async def check(store: CaseStore, steps: list[Step]) -> None:
    """See that at every instant at which something changed, and just before, the store has what was seen."""
    instants = sorted({at for _, _, at in steps})
    for at in [*instants, *(later - SECOND for _, later in pairwise(instants))]:
        seen = [case for case, _, since in steps if since <= at]
        latest = row_of(steps[-1][0])
        found = await store.moments.at(latest.case_id, at)
        if not seen:
            assert found is None, at
            continue
        assert found is not None, at
        assert shown(row_as_of(latest, found)) == shown(row_of(seen[-1])), at
        assert found.promises == moment_of(seen[-1], at).promises, at
        assert found.waiting_since == seen[-1].waiting_since, at


@pytest.mark.parametrize("steps", [pytest.param(steps, id=name) for name, steps in LIVES])
async def test_at_every_instant_a_case_is_shown_as_it_was_then(
    own_store: CaseStore, steps: list[Step]
) -> None:
    await live(own_store, steps)
    await check(own_store, steps)


async def test_what_is_written_twice_or_late_and_all_at_once_is_the_same(store: CaseStore) -> None:
    (steps,) = [steps for name, steps in LIVES if name.startswith("S113")]
    await live(store, steps, again=True)
    await check(store, steps)
    kept = await store.moments.of(steps[0][0].id)
    last = steps[-1][0]
    entries = tuple(one for _, said, _ in steps for one in said)
    everything = tuple(one for some in moments_of(steps) for one in some)
    await store.record(RecordBatch(row=row_of(last), entries=entries, moments=everything))
    assert await store.moments.of(steps[0][0].id) == kept
    await check(store, steps)


async def test_a_write_whose_answer_was_lost_is_ended_by_the_next(own_store: CaseStore) -> None:
    _, steps = LIVES[0]
    queue: list[Moment] = []
    for (case, entries, _), fresh in zip(steps, moments_of(steps), strict=True):
        queue += fresh  # none is taken out: no answer ever came
        await own_store.record(RecordBatch(row=row_of(case), entries=entries, moments=tuple(queue)))
    await check(own_store, steps)


async def test_a_repeated_older_write_changes_nothing(own_store: CaseStore) -> None:
    _, steps = LIVES[0]
    await live(own_store, steps)
    first = next(iter(moments_of(steps)))
    await own_store.record(RecordBatch(row=row_of(steps[0][0]), moments=first))
    await check(own_store, steps)


def test_only_the_fields_looked_at_make_another_moment() -> None:
    assert len(LIVES) >= len(_TOLD)
    for _, steps in LIVES:
        for (before, _, at), (after, _, _) in pairwise(steps):
            same = moment_of(before, at).says_the_same_as(moment_of(after, at))
            assert same or may_have_moved(before, after)
    assert set(_MADE_OF) <= set(Case.model_fields)


async def opened(store: CaseStore, reference: str, at: datetime, **changes: object) -> str:
    """A case whose row has been so since an instant."""
    case, entries = await whole_case(reference)
    changed = row_of(case).model_copy(update={"received_at": AT, **changes})
    names = set(Moment.model_fields) & set(CaseRow.model_fields)
    stands = Moment(at=at, promises=(), **{name: getattr(changed, name) for name in names})
    await store.record(RecordBatch(row=changed, entries=entries, moments=(stands,)))
    return case.id


async def test_lists_are_as_they_were_and_not_as_they_are(store: CaseStore) -> None:
    for version, centre, owed in ((1, "sydney", AT + HOUR), (2, "manila", AT + 9 * HOUR)):
        at = AT if version == 1 else AT + 3 * HOUR
        await opened(store, "INC-1", at, version=version, region=centre, owed_at=owed, assignee=None)
    await opened(store, "INC-2", AT + 4 * HOUR, received_at=AT + 4 * HOUR, region="sydney", owed_at=None)

    async def queue(centre: str, at: datetime, **more: object) -> list[str]:
        asked = BoardFilter(cases=CaseFilter(queue=centre), **more)
        rows = await board_as_of(store, asked, at)
        counted = await count_as_of(store, {"one": asked}, at)
        assert counted == {"one": len(rows)}
        assert [one.reference for one in await list_as_of(store, asked.cases, at)] == [
            one.row.reference for one in rows
        ] or more
        return [one.row.reference for one in rows]

    assert await queue("sydney", AT - SECOND) == []
    assert await queue("sydney", AT) == ["INC-1"]
    assert await queue("sydney", AT + 3 * HOUR - SECOND) == ["INC-1"]
    assert await queue("sydney", AT + 3 * HOUR) == []
    assert await queue("manila", AT + 3 * HOUR) == ["INC-1"]
    assert await queue("sydney", AT + 4 * HOUR) == ["INC-2"]
    overdue = {"missed_by": AT + 2 * HOUR}
    assert await queue("sydney", AT + 2 * HOUR, **overdue) == ["INC-1"]  # due then at +1 h, now at +9 h
    assert [one.row.reference for one in await read_rows(store, BoardFilter(missed_by=AT + 2 * HOUR))] == []


async def test_a_silent_case_is_silent_by_what_was_done_until_then(own_store: CaseStore) -> None:
    await opened(own_store, "INC-1", AT, version=2, entries=9)
    acts = tuple(entry(hours, "x", at=AT + hours * HOUR, by_kind="staff") for hours in (2, 9))
    latest = await row(version=3, entries=9)
    await own_store.record(RecordBatch(row=latest, entries=acts))
    silent = BoardFilter(silent_since=AT + 4 * HOUR)
    assert [one.acted_at for one in await board_as_of(own_store, silent, AT + 5 * HOUR)] == [AT + 2 * HOUR]
    assert await board_as_of(own_store, silent, AT + 9 * HOUR) == ()


async def test_of_a_case_from_before_it_is_known_how_it_stood_since_it_was_written_last(
    store: CaseStore,
) -> None:
    """What the migration begins with gives way to whoever knows more."""
    await opened(store, "INC-1", AT + 5 * HOUR, version=7)
    async with store.writing() as connection:
        await connection.exec_driver_sql("update case_moments set is_whole = false")
    assert await store.moments.at(CASE, AT + HOUR) is None
    assert await count_unknown(store, AT + HOUR) == 1
    assert await count_unknown(store, AT - SECOND) == 0
    assert await count_unknown(store, AT + 5 * HOUR) == 0
    latest = await row(version=8)
    names = set(Moment.model_fields) & set(CaseRow.model_fields)
    told = {name: getattr(latest, name) for name in names} | {"version": 3}
    await store.record(RecordBatch(row=latest, moments=(Moment(at=AT + HOUR, **told),)))
    found = await store.moments.of(CASE)
    assert [(one.version, one.at) for one in found] == [(3, AT + HOUR)]
    assert await store.moments.at(CASE, AT + 6 * HOUR) == found[0]
    assert await count_unknown(store, AT + HOUR) == 0
