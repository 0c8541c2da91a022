"""Keeping the customer informed: the update cadence, who keeps it, and waiting for an answer."""

from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, P1, STAFF_MAIL, TSS_MAIL

HOUR = timedelta(hours=1)


async def answered(desk: Desk, **changes: object) -> LiveCase:
    case = await desk.open(**{**P1, **changes})
    await case.say("respond", ANA, text="I am on it.")
    return case


@pytest.mark.covers("GAP-07", "GAP-10")
async def test_the_system_says_how_things_stand_when_nobody_else_does(desk: Desk) -> None:
    case = await answered(desk)
    due_at = await case.due(Clock.UPDATE)
    await desk.until(due_at, minutes=1)
    (status,) = await case.entries(EntryKind.STATUS_SENT)
    assert (status.at, status.by) == (due_at, "Sunrelay")
    assert len(await case.told("status_update")) == 1
    assert (await case.view()).score.model_dump() == {
        "staff": 0,
        "system": 1,
        "missed": 0,
        "system_streak": 1,
    }
    assert await case.due(Clock.UPDATE) == due_at + HOUR


async def test_due_instants_do_not_drift(desk: Desk) -> None:
    case = await answered(desk)
    first = await case.due(Clock.UPDATE)
    await desk.until(first + 5 * HOUR)
    assert [entry.at for entry in await case.entries(EntryKind.STATUS_SENT)] == [
        first + turn * HOUR for turn in range(6)
    ]


@pytest.mark.covers("GAP-07")
async def test_an_engineers_update_restarts_the_cadence_and_counts_as_staffs(desk: Desk) -> None:
    case = await answered(desk)
    await desk.passes(minutes=50)
    receipt = await case.say("post_update", ANA, text="The log shows something.")
    assert await case.due(Clock.UPDATE) == receipt.at + HOUR
    await desk.passes(minutes=50)
    view = await case.view()
    assert (view.score.staff, view.score.system, view.score.missed) == (1, 0, 0)
    assert [row.kind for row in await case.told()].count("status_update") == 0


async def test_two_updates_in_a_row_by_the_system_tell_the_tss_once(desk: Desk) -> None:
    case = await answered(desk)
    first = await case.due(Clock.UPDATE)
    await desk.until(first)
    assert desk.mails_to(TSS_MAIL) == []
    await desk.until(first + 2 * HOUR)
    assert len(await case.told("stale_notice")) == 1
    assert len(desk.mails_to(TSS_MAIL)) == 1
    await desk.until(first + 4 * HOUR)
    assert len(await case.told("stale_notice")) == 1
    assert len(desk.mails_to(TSS_MAIL)) == 2  # by the ladder, two hours later: still nobody has written


async def test_the_engineer_is_warned_once_before_each_update_is_due(desk: Desk) -> None:
    case = await answered(desk)
    first = await case.due(Clock.UPDATE)
    await desk.until(first + HOUR, seconds=-5)
    assert [entry.at for entry in await case.entries(EntryKind.WARNED)] == [
        first - 15 * HOUR / 60,
        first + HOUR - 15 * HOUR / 60,
    ]
    assert len(desk.mails_to(STAFF_MAIL)) == 1 + 2


@pytest.mark.covers("GAP-18")
async def test_while_we_wait_for_the_customer_a_status_a_day_says_what_for(desk: Desk) -> None:
    case = await answered(desk)
    await case.say("wait_for_customer", ANA, text="Which version of Outlook is it?")
    since = (await case.view()).waiting_since
    assert since is not None
    assert await case.due(Clock.UPDATE) == since + 24 * HOUR
    await desk.until(since + 48 * HOUR)
    assert len(await case.told("status_update")) == 2
    assert "Which version of Outlook is it?" in desk.mails_to(KIMS_MAIL)[-1].part("plain")
    assert (await case.told("stale_notice"), await case.told("warning")) == ([], [])


async def test_the_answer_takes_the_case_back_to_work(desk: Desk) -> None:
    case = await answered(desk)
    await case.say("wait_for_customer", ANA, text="Which version?")
    await desk.passes(hours=5)
    receipt = await case.say("reply", KIM, text="The newest.")
    assert (receipt.phase, (await case.view()).waiting_for) == ("in_progress", None)
    assert await case.due(Clock.UPDATE) == receipt.at + HOUR
    assert "The newest." in desk.mails_to(STAFF_MAIL)[-1].part("plain")


async def test_our_mails_thread_with_the_customers(desk: Desk) -> None:
    case = await answered(desk)
    await case.say("reply", KIM, text="Thanks.", message_id="<abc@southerncloud.example>")
    await case.say("post_update", ANA, text="News.")
    mails = [mail.message for mail in desk.mails_to(KIMS_MAIL)]
    assert mails[-1]["In-Reply-To"] == "<abc@southerncloud.example>"
    assert mails[0]["Message-ID"] in mails[-1]["References"]


async def test_an_internal_note_stays_inside_and_a_comment_is_passed_on(desk: Desk) -> None:
    case = await answered(desk)
    await case.say("add_note", ANA, text="The customer is right.")
    await case.say("add_note", KIM, text="It is worse now.")
    seen = [entry.text for entry in (await case.customer_view()).timeline]
    assert "The customer is right." not in seen
    assert "It is worse now." in seen
    assert [row.kind for row in await case.told()][-1] == "customer_replied"
    assert len(desk.mails_to(STAFF_MAIL)) == 1 + 1


async def test_a_waiting_case_adds_no_event(desk: Desk) -> None:
    case = await answered(desk)
    due_at = await case.due(Clock.UPDATE)
    await desk.passes(seconds=1)
    before = len(await case.events())
    await desk.until(due_at - 15 * HOUR / 60, seconds=-5)
    assert len(await case.events()) == before


async def test_one_timer_is_armed_at_a_time_and_left_alone_by_what_moves_nothing(desk: Desk) -> None:
    case = await answered(desk)
    started = len(await case.events(EventType.EVENT_TYPE_TIMER_STARTED))
    for text in ("one", "two", "three"):
        await case.say("add_note", ANA, text=text)
    assert len(await case.events(EventType.EVENT_TYPE_TIMER_STARTED)) == started
    fired = await case.events(EventType.EVENT_TYPE_TIMER_FIRED)
    cancelled = await case.events(EventType.EVENT_TYPE_TIMER_CANCELED)
    assert started - len(fired) - len(cancelled) == 1
