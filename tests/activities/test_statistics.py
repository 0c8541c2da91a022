"""What the store adds up, on both kinds of database: answers, statistics, repeats, feedback."""

from datetime import timedelta

import pytest

from activities.store.case_store import CaseStore
from activities.store.feedback import FeedbackBook
from activities.store.statistics import Figures
from activities.store.surveys import SurveyAnswers
from domain.feedback import Feedback
from domain.naming import case_id
from domain.phase import Phase
from domain.record import RecordBatch
from domain.survey import SurveyAnswer
from domain.timeline import EntryKind, TimelineEntry
from tests.activities.builders import AT, HOUR, row

DAY = timedelta(days=1)
SINCE, UNTIL = AT - DAY, AT + DAY


async def recorded(
    store: CaseStore, reference: str, *entries: tuple[EntryKind, str | None, int | None], **changes: object
) -> str:
    """A case of acme as the store has it, with what happened to it; returns its number."""
    identity = case_id("acme", "desk", reference)
    given = {"tenant": "acme", "case_id": identity, "number": f"SR-{reference}", "version": 1}
    kept = (await row(reference)).model_copy(update={**given, "entries": len(entries), **changes})
    told = tuple(
        TimelineEntry(number=number, at=AT, kind=kind, by="Kim", about=about, count=count)
        for number, (kind, about, count) in enumerate(entries, 1)
    )
    await store.record(RecordBatch(row=kept, entries=told))
    return kept.number


def answered(score: int, closure: int = 1) -> tuple[EntryKind, str, int]:
    return EntryKind.SURVEY_ANSWERED, str(score), closure


@pytest.mark.covers("RHIPE-44")
async def test_the_figures_of_a_span_count_each_thing_once(store: CaseStore) -> None:
    missed = (EntryKind.BREACHED, "initial_response", 1)
    late = (EntryKind.BREACHED, "update", 3)
    await recorded(store, "met", answered(5), answered(2, 2), responded_at=AT, updates_by_staff=4, reopens=2)
    await recorded(store, "missed", missed, late, responded_at=AT, updates_missed=3, updates_by_system=1)
    await recorded(store, "waits", (EntryKind.ESCALATED, "azure", None))
    await recorded(store, "nothing", answered(1), responded_at=AT, response_promised=False)
    await recorded(store, "theirs", answered(1), tenant="globex", phase=Phase.ARCHIVED)
    await recorded(store, "before", missed, received_at=SINCE - HOUR)
    await recorded(store, "after", missed, received_at=UNTIL)
    found = await Figures(store).statistics(SINCE, UNTIL, "acme")
    assert (found.cases, found.still_open, found.closed) == (4, 4, 0)
    assert (found.reopened, found.reopenings) == (1, 2)
    assert found.satisfaction.scores == {1: 1, 2: 1, 3: 0, 4: 0, 5: 1}
    assert found.satisfaction.mean == 2.67
    response, update = found.targets
    assert (response.met, response.missed) == (1, 1)
    assert (update.by_staff, update.met, update.missed) == (4, 5, 3)
    assert found.updates == {"by_staff": 4, "by_system": 1, "missed": 3}
    assert found.breaches == {"initial_response": 1, "update": 3}
    assert found.escalations == {"escalated": 1}
    everybody = await Figures(store).statistics(SINCE, UNTIL)
    assert (everybody.cases, everybody.closed, everybody.satisfaction.answers) == (5, 1, 4)


async def test_where_there_is_nothing_the_figures_are_nought(store: CaseStore) -> None:
    found = await Figures(store).statistics(SINCE, UNTIL, "nobody")
    assert (found.cases, found.reopenings, found.satisfaction.mean) == (0, 0, None)
    assert [(target.met, target.missed) for target in found.targets] == [(0, 0), (0, 0)]


@pytest.mark.covers("RHIPE-43")
async def test_repeats_are_of_one_tenant_about_one_category_the_most_frequent_first(store: CaseStore) -> None:
    for number in range(12):
        await recorded(store, f"mail-{number:02}", category="mail", received_at=AT + number * HOUR)
    for number in range(3):
        await recorded(store, f"none-{number}")
        await recorded(store, f"theirs-{number}", category="mail", tenant="globex", phase=Phase.CLOSED)
    await recorded(store, "old", category="mail", received_at=SINCE - HOUR)
    first, *others = await Figures(store).repeats(SINCE, UNTIL, 3)
    assert (first.tenant, first.category, first.count, first.still_open) == ("acme", "mail", 12, 12)
    assert (first.first_at, first.last_at) == (AT, AT + 11 * HOUR)
    assert first.numbers == tuple(f"SR-mail-{number:02}" for number in range(11, 1, -1))
    assert {(one.tenant, one.category, one.still_open) for one in others} == {
        ("acme", None, 3),
        ("globex", "mail", 0),
    }
    assert [one.count for one in await Figures(store).repeats(SINCE, UNTIL, 4)] == [12]
    assert {one.tenant for one in await Figures(store).repeats(SINCE, UNTIL, 3, "globex")} == {"globex"}


@pytest.mark.covers("RHIPE-27")
async def test_the_first_answer_about_a_closure_stays_whichever_way_it_came(store: CaseStore) -> None:
    await recorded(store, "once", answered(4))
    identity = case_id("acme", "desk", "once")
    other = SurveyAnswer(
        case_id=identity,
        closure=1,
        score=1,
        comment="No",
        answered_at=AT,
        answered_by="Eve",
        request_id="r-2",
    )
    kept = await SurveyAnswers(store).keep(other)
    assert (kept.score, kept.answered_by, kept.request_id) == (4, "Kim", None)
    second = other.model_copy(update={"closure": 2})
    assert await SurveyAnswers(store).keep(second) == second
    await recorded(store, "once", answered(3, 2), answered(3))
    assert [one.score for one in await store.answers(identity)] == [4, 1]


@pytest.mark.covers("RHIPE-62")
async def test_feedback_is_kept_once_and_listed_the_latest_first(store: CaseStore) -> None:
    book = FeedbackBook(store)
    one = Feedback(feedback_id="f-1", text="Slow", received_at=AT, taken_by="Ana", tenant="acme")
    two = Feedback(feedback_id="f-2", text="Good", received_at=AT + HOUR, taken_by="Ana")
    assert [await book.add(one), await book.add(two)] == [one, two]
    assert await book.add(one.model_copy(update={"text": "Other"})) == one
    assert await book.list(SINCE) == (two, one)
    assert await book.list(SINCE, limit=1) == (two,)
    assert await book.list(AT + HOUR) == (two,)
    assert await book.list(SINCE, "acme") == (one,)
    assert await book.list(SINCE, "acme' OR '1'='1") == ()
