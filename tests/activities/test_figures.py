"""What the store adds up for managers, on both kinds of database: flow, times, misses, handoffs, levels."""

from datetime import datetime, timedelta

import pytest

from activities.store.attainment import attained
from activities.store.case_store import CaseStore
from activities.store.flow import flow, resolution_times, response_times
from activities.store.handoffs import Way, latest_taxes, ways
from activities.store.missed import Missed, missed
from activities.store.period import Period
from domain.naming import case_id
from domain.phase import Phase
from domain.record import RecordBatch
from domain.timeline import EntryKind, TimelineEntry
from tests.activities.builders import AT, HOUR, row

DAY = timedelta(days=1)
PERIOD = Period(since=AT, until=AT + 2 * DAY)
BOUNDS = (AT, AT + DAY, AT + 2 * DAY)


async def kept(store: CaseStore, reference: str, *told: TimelineEntry, **changes: object) -> None:
    """A case as the store has it, with these entries in order."""
    given = {"case_id": case_id("acme", "desk", reference), "number": f"SR-{reference}", "version": 1}
    entries = tuple(one.model_copy(update={"number": at}) for at, one in enumerate(told, 1))
    changed = (await row(reference)).model_copy(update={**given, "entries": len(entries), **changes})
    await store.record(RecordBatch(row=changed, entries=entries))


def said(kind: EntryKind, at: datetime = AT, about: str | None = None, **more: object) -> TimelineEntry:
    return TimelineEntry.model_validate(
        {"number": 1, "at": at, "kind": kind, "by": "Ada", "about": about} | more
    )


async def test_each_day_says_what_came_what_ended_and_what_was_open_at_its_end(store: CaseStore) -> None:
    over = {"phase": Phase.CLOSED}
    await kept(store, "old", received_at=AT - DAY)
    await kept(store, "ended before", received_at=AT - DAY, resolved_at=AT - HOUR, **over)
    await kept(store, "of yesterday", received_at=AT - DAY, resolved_at=AT + HOUR, phase=Phase.RESOLVED)
    await kept(store, "came", received_at=AT)
    await kept(store, "reopened", received_at=AT + HOUR, resolved_at=AT + 2 * HOUR)
    await kept(store, "refused", received_at=AT + HOUR, closed_at=AT + DAY, **over)
    await kept(store, "later", received_at=AT + 2 * DAY)
    await kept(store, "theirs", received_at=AT, tenant="globex")
    async with store.reading() as connection:
        everybody = (await flow(connection, PERIOD)).over(BOUNDS)
        acme = (await flow(connection, PERIOD.model_copy(update={"tenant": "acme"}))).over(BOUNDS)
        none = (await flow(connection, PERIOD.model_copy(update={"policy": "westcoast"}))).over(BOUNDS)
    assert [(day.opened, day.ended, day.open_at_end) for day in everybody] == [(4, 1, 5), (0, 1, 4)]
    assert [(day.opened, day.ended, day.open_at_end) for day in acme] == [(3, 1, 4), (0, 1, 3)]
    assert [(day.opened, day.ended, day.open_at_end) for day in none] == [(0, 0, 0)] * 2


async def test_times_are_the_median_and_what_nine_in_ten_did_not_exceed(store: CaseStore) -> None:
    for number in range(1, 11):
        at = AT + number * HOUR
        level = {"level": "P1", "rank": 0} if number == 10 else {"level": "P3", "rank": 2}
        await kept(store, f"{number}", responded_at=at, resolved_at=at, phase=Phase.RESOLVED, **level)
    await kept(store, "nobody yet")
    await kept(store, "rejected", responded_at=None, resolved_at=AT + HOUR)
    await kept(store, "before", received_at=AT - HOUR, responded_at=AT)
    async with store.reading() as connection:
        whole, urgent, others = await response_times(connection, PERIOD)
        assert await resolution_times(connection, PERIOD) == (whole, urgent, others)
        nothing = await response_times(connection, PERIOD.model_copy(update={"tenant": "nobody"}))
    assert (whole.level, whole.cases, whole.median, whole.p90) == (None, 10, 5 * HOUR, 9 * HOUR)
    assert (urgent.level, urgent.cases, urgent.median, urgent.p90) == ("P1", 1, 10 * HOUR, 10 * HOUR)
    assert (others.level, others.cases, others.median, others.p90) == ("P3", 9, 5 * HOUR, 9 * HOUR)
    assert nothing == ()


async def test_a_miss_counts_for_the_centre_that_had_the_case_then(store: CaseStore) -> None:
    def breach(at: datetime, about: str = "update", count: int = 1) -> TimelineEntry:
        return said(EntryKind.BREACHED, at, about, count=count)

    def handoff(at: datetime, about: str) -> TimelineEntry:
        return said(EntryKind.HANDED_OVER, at, about)

    await kept(
        store,
        "moved",
        breach(AT + timedelta(minutes=50)),
        handoff(AT + HOUR, "sydney -> manila"),
        breach(AT + 2 * HOUR, count=3),
        handoff(AT + 3 * HOUR, "manila -> auckland"),
        breach(AT + 3 * DAY),
        region="auckland",
    )
    await kept(store, "stayed", breach(AT + 2 * HOUR, "initial_response"), region="melbourne")
    async with store.reading() as connection:
        found = await missed(connection, PERIOD)
        theirs = await missed(connection, PERIOD.model_copy(update={"tenant": "globex"}))
    assert found == {
        Missed(AT + timedelta(minutes=45), "sydney", "update"): 1,
        Missed(AT + 2 * HOUR, "manila", "update"): 3,
        Missed(AT + 2 * HOUR, "melbourne", "initial_response"): 1,
    }
    assert not theirs


async def test_misses_at_one_time_of_the_day_are_one_unless_a_clock_was_changed_between(
    store: CaseStore,
) -> None:
    for number in range(3):
        at = AT + number * DAY
        await kept(store, f"{number}", said(EntryKind.BREACHED, at, "update", count=2), region="sydney")
    week = PERIOD.model_copy(update={"until": AT + 7 * DAY})
    async with store.reading() as connection:
        together = await missed(connection, week)
        apart = await missed(connection, week, [AT + 2 * DAY])
    assert together == {Missed(AT, "sydney", "update"): 6}
    assert apart == {Missed(AT, "sydney", "update"): 4, Missed(AT + 2 * DAY, "sydney", "update"): 2}


@pytest.mark.covers("RHIPE-25")
async def test_handoffs_are_counted_by_way_and_their_cost_is_the_domains_to_say(store: CaseStore) -> None:
    act = said(EntryKind.UPDATED, AT + 3 * HOUR, by_kind="staff")
    asked = said(EntryKind.QUESTION_ASKED, AT, text="Which build of Outlook is it?", by_kind="staff")
    over = said(EntryKind.HANDED_OVER, AT + HOUR, "sydney -> manila")
    await kept(store, "one", asked, over, act, asked.model_copy(update={"at": AT + 3 * HOUR}))
    await kept(store, "two", over.model_copy(update={"at": AT + 2 * HOUR}))
    await kept(store, "back", said(EntryKind.HANDED_OVER, AT + 3 * DAY, "manila -> sydney"))
    async with store.reading() as connection:
        assert await ways(connection, PERIOD) == (Way(giver="sydney", taker="manila", count=2),)
        taxes = await latest_taxes(connection, PERIOD)
        assert await ways(connection, PERIOD.model_copy(update={"tenant": "globex"})) == ()
    assert [(tax.seconds, tax.asked_again) for tax in taxes] == [(None, 0), (7200, 1)]


@pytest.mark.covers("RHIPE-44")
async def test_each_level_says_what_its_people_kept_and_what_the_system_sent(store: CaseStore) -> None:
    urgent, quiet = {"level": "P1", "rank": 0}, {"level": "P4", "rank": 3}
    breach = said(EntryKind.BREACHED, about="initial_response")
    await kept(store, "kept", **urgent, responded_at=AT, updates_by_staff=3, updates_by_system=1)
    await kept(store, "missed", breach, **urgent, updates_missed=2, policy="rhipe-csp@other")
    await kept(store, "quiet", **quiet, policy="westcoast@1", updates_by_system=5)
    async with store.reading() as connection:
        first, second = (await attained(connection, PERIOD)).levels
        theirs = PERIOD.model_copy(update={"policy": "westcoast"})
        (only,) = (await attained(connection, theirs)).levels
    assert (first.policy, first.level, first.cases) == ("rhipe-csp", "P1", 2)
    response, update = first.targets
    assert (response.met, response.missed) == (1, 1)
    assert (update.by_staff, update.met, update.missed) == (3, 4, 2)
    assert (second.policy, second.level, second.targets[1].met) == ("westcoast", "P4", 5)
    assert only == second
