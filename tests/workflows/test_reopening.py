"""A problem that comes back: the same case within the window, a linked one after it."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from domain.clocks import Clock
from domain.lifecycle.reopen import linked_reference
from domain.naming import case_number
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk, time_skipping
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, P1, STAFF_MAIL

HOUR = timedelta(hours=1)


async def closed(desk: Desk, **changes: object) -> LiveCase:
    case = await desk.open(**changes)
    await case.say("respond", ANA, text="I am on it.")
    await case.say("close", ANA, reason="resolved")
    return case


@pytest.mark.covers("GAP-14")
async def test_a_reopened_case_keeps_its_level_and_promises_a_response_anew(desk: Desk) -> None:
    case = await closed(desk, **P1)
    await desk.passes(days=1)
    receipt = await case.say("reopen", KIM, reason="It is back.")
    view = await case.view()
    assert (receipt.phase, view.level, view.reopens, view.close_reason) == ("in_progress", "P1", 1, None)
    assert await case.due(Clock.INITIAL_RESPONSE) == receipt.at + HOUR
    assert "It is back." in desk.mails_to(STAFF_MAIL)[-1].part("plain")
    await case.say("respond", ANA, text="I look again.")
    await case.say("close", ANA, reason="resolved")
    surveys = await case.told("csat_survey")
    assert len({row.effect_id for row in surveys}) == 2


@pytest.mark.covers("GAP-16")
async def test_a_reopening_received_at_the_last_instant_is_in_time(desk: Desk) -> None:
    case = await closed(desk)
    last = await case.due(Clock.REOPEN_WINDOW)
    await desk.until(last, minutes=2)
    receipt = await case.say("reopen", KIM, reason="It is back.", received_at=last)
    assert (receipt.outcome, receipt.phase, receipt.at) == ("accepted", "in_progress", last)


@pytest.mark.covers("RHIPE-36")
async def test_a_reopening_after_the_window_opens_a_linked_case_of_its_own(desk: Desk) -> None:
    case = await closed(desk)
    with pytest.raises(Fault) as refused:
        await (await desk.open("INC-2")).say("reopen", KIM, reason="It is open.")
    assert refused.value.code == "CaseNotClosed"
    last = await case.due(Clock.REOPEN_WINDOW)
    await desk.until(last, minutes=1)
    receipt = await case.say("reopen", KIM, reason="It is back again.", request_id="late-1")
    assert (receipt.outcome, receipt.code, receipt.phase) == ("declined", "ReopenWindowExpired", "closed")
    assert receipt.linked_case is not None
    linked = LiveCase(desk, receipt.linked_case)
    desk.cases.append(linked)
    await desk.rest()
    view = await linked.view()
    assert (view.phase, view.parent, view.level) == ("received", case.id, "P2")
    assert "It is back again." in (view.explanation or "")
    assert (await case.view()).linked_cases == (linked.id,)
    assert case_number(case.id) in desk.mails_to(KIMS_MAIL)[-1].part("plain")
    await desk.until(last, minutes=6)
    assert (await case.outcome()).linked_cases == (linked.id,)
    assert (await linked.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_a_late_reopening_repeated_opens_no_second_case(desk: Desk) -> None:
    case = await closed(desk)
    await desk.until(await case.due(Clock.REOPEN_WINDOW), minutes=1)
    first = await case.say("reopen", KIM, reason="It is back.", request_id="late-1")
    again = await case.say("reopen", KIM, reason="It is back.", request_id="late-1")
    assert again.repeated
    children = await case.events(EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED)
    assert len(children) == 1
    assert first.linked_case is not None
    desk.cases.append(LiveCase(desk, first.linked_case))
    assert len(await case.entries(EntryKind.REOPEN_DECLINED)) == 1


async def test_a_linked_case_that_exists_already_is_left_alone(tmp_path: Path) -> None:
    # On a server of its own, whose clock stands still for good once it has refused to start a child.
    async with time_skipping() as env, Desk(env, tmp_path).at_work() as desk:
        case = await closed(desk)
        reference = linked_reference(f"{desk.number}/INC-1", "late-1")
        request = desk.request().model_copy(update={"reference": reference})
        taken = desk.case(request)
        await taken.submit(request)
        await desk.until(await case.due(Clock.REOPEN_WINDOW), minutes=1)
        receipt = await case.say("reopen", KIM, reason="It is back.", request_id="late-1")
        assert receipt.linked_case == taken.id
        assert (await taken.view()).parent is None
        assert (await case.view()).undelivered == 0
