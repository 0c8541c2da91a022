"""The end of a case: the archive, the result, and what must still be told before it."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, STAFF_MAIL


async def closed(desk: Desk) -> LiveCase:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    await case.say("close", ANA, reason="resolved", text="It was the cache.")
    return case


async def close_and_archive_at_once(desk: Desk, case: LiveCase) -> None:
    """A closure taken in a month ago, of which nobody was told before the case is to be archived."""
    received = (await desk.now()).isoformat()
    async with desk.with_the_worker_away():
        await desk.passes(days=30)
        await case.send("close", {"actor": ANA, "reason": "resolved", "received_at": received})


async def is_running(case: LiveCase) -> bool:
    return (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING


@pytest.mark.covers("GAP-17")
async def test_a_case_is_archived_five_minutes_after_its_window_with_the_whole_record_kept(
    desk: Desk,
) -> None:
    case = await closed(desk)
    last = await case.due(Clock.REOPEN_WINDOW)
    await desk.until(last, minutes=4)
    assert await is_running(case)
    await desk.until(last, minutes=5, seconds=1)
    outcome = await case.outcome()
    assert (outcome.case_id, outcome.close_reason, outcome.reopens) == (case.id, "resolved", 0)
    assert (await case.timeline())[-1].kind is EntryKind.ARCHIVED
    record = await desk.adapters.store.case_record(case.id)
    assert record is not None
    assert (record.phase, record.entries) == ("archived", len(await case.timeline()))


@pytest.mark.worker_goes
async def test_the_run_ends_only_when_everything_was_told(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    desk.mail.refusals[KIMS_MAIL] = ["451 come back later"]
    await close_and_archive_at_once(desk, case)
    assert (await case.view()).phase == "archived"
    assert await is_running(case)
    desk.mail.refusals.clear()
    await desk.passes(minutes=6)
    assert [row.kind for row in await case.told()][-2:] == ["case_closed", "csat_survey"]
    assert (await case.outcome()).close_reason == "resolved"


@pytest.mark.worker_goes
async def test_a_last_mail_that_never_arrives_is_told_to_staff_before_the_end(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    desk.mail.refusals[KIMS_MAIL] = ["451 come back later"]
    await close_and_archive_at_once(desk, case)
    desk.mail.refusals[KIMS_MAIL] = ["550 nobody here by that name"]
    await desk.passes(minutes=6)
    assert len(await case.entries(EntryKind.DELIVERY_FAILED)) == 2
    assert len(desk.mails_to(STAFF_MAIL)) == 1 + 2
    assert (await case.outcome()).close_reason == "resolved"


@pytest.mark.worker_goes
@pytest.mark.covers("DED-02")
async def test_what_comes_while_the_last_mail_waits_is_answered_at_once(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    desk.mail.refusals[KIMS_MAIL] = ["451 come back later"]
    await close_and_archive_at_once(desk, case)
    # By the engine alone: a door has it from the store that the case is archived.
    assert (await case.submit_past_the_door(desk.request())).repeated
    await case.tell("add_note", KIM, text="Hello?")
    (unread,) = await case.entries(EntryKind.NOT_UNDERSTOOD)
    assert "CaseClosed" in (unread.text or "")
    desk.mail.refusals.clear()
    await desk.passes(minutes=6)
    await case.outcome()


@pytest.mark.worker_goes
async def test_our_own_outage_never_shortens_the_reopen_window(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    await case.say("resolve", ANA, kind="resolution", text="Done.")
    due_at = await case.due(Clock.AUTO_CLOSE)
    async with desk.with_the_worker_away():
        await desk.until(due_at, days=20)
        back = await desk.now()
    view = await case.view()
    assert (view.phase, view.close_reason) == ("closed", "auto_close")
    assert await case.due(Clock.REOPEN_WINDOW) > back + timedelta(days=4)
