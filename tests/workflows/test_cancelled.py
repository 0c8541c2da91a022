"""The engine is asked to cancel a case or an incident, wherever that waits: it takes note and goes on."""

import asyncio

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.live_incident import LiveIncident
from tests.people import ANA, KIMS_MAIL, P1, STAFF_MAIL
from tests.workflows.test_turning_over import notes
from workflows.messages import CaseFile

TROUBLE = (EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED)


async def cancel(case: LiveCase | LiveIncident) -> None:
    await case.handle.cancel()
    await case.desk.rest()


async def noted(case: LiveCase) -> int:
    assert [event for event in await case.events() if event.event_type in TROUBLE] == []
    return len(await case.entries(EntryKind.CANCEL_ASKED))


async def test_a_cancelled_case_says_so_and_keeps_every_promise_until_a_person_closes_it(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    await cancel(case)
    assert await noted(case) == 1
    assert await case.due(Clock.INITIAL_RESPONSE) == due_at
    (mail,) = [one for one in desk.mails_to(STAFF_MAIL) if "Cancelled in Temporal" in one.message["Subject"]]
    assert f"sunrelay close {(await case.view()).number}" in mail.part("plain")
    await desk.until(due_at, minutes=10)
    (breach,) = await case.entries(EntryKind.BREACHED)
    assert breach.due_at == due_at

    await case.say("respond", ANA, text="I am on it.")
    await case.say("close", ANA, reason="no_further_troubleshooting", text="Nothing left to try.")
    await desk.passes(days=30)
    assert (await case.outcome()).close_reason == "no_further_troubleshooting"
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert await noted(case) == 1


async def test_a_case_cancelled_twice_takes_note_once_a_run(desk: Desk) -> None:
    case = await desk.open()
    await cancel(case)
    await cancel(case)
    assert await noted(case) == 1


@pytest.mark.worker_goes
async def test_a_cancel_before_the_request_or_before_the_first_task_opens_the_case_all_the_same(
    desk: Desk,
) -> None:
    waiting = desk.case(desk.request("INC-1"))
    await waiting.start(CaseFile())
    await cancel(waiting)
    await waiting.submit(desk.request("INC-1"))
    await desk.rest()
    assert await noted(waiting) == 1
    async with desk.with_the_worker_away():
        early = desk.case(desk.request("INC-2"))
        await early.hand_in(desk.request("INC-2"))
        await early.handle.cancel()
    assert await noted(early) == 1
    assert (await early.view()).phase == "received"


@pytest.mark.worker_goes
async def test_a_refused_opening_that_was_cancelled_fails_with_its_code(desk: Desk) -> None:
    submit = desk.request(plan="no-such-plan")
    case = desk.case(submit)
    async with desk.with_the_worker_away():
        await case.hand_in(submit)
        await case.handle.cancel()
    with pytest.raises(Fault) as refused:
        await case.outcome()
    assert refused.value.code == "PlanUnknown"


@pytest.mark.worker_goes
async def test_a_cancel_while_a_mail_waits_loses_neither_the_mail_nor_an_update_in_flight(desk: Desk) -> None:
    case = await desk.open()
    desk.mail.refusals[KIMS_MAIL] = ["451 come back later"]
    await case.ask("respond", {"actor": ANA, "text": "I am on it."})
    async with desk.with_the_worker_away():
        asked = asyncio.create_task(
            case.ask("post_update", {"actor": ANA, "text": "News."}, update_id="during")
        )
        await asyncio.sleep(0.2)
        await case.handle.cancel()
        await notes(case, 3)
    assert (await asked).outcome == "accepted"
    desk.mail.refusals.clear()
    await desk.passes(minutes=10)
    assert await noted(case) == 1
    assert (await case.view()).undelivered == 0
    assert [row.status.value for row in await case.told("first_response")] == ["delivered"]
    assert [row.status.value for row in await case.told("staff_update")] == ["delivered"]
    assert len(await case.entries(EntryKind.NOTED)) == 3


async def test_a_cancelled_incident_tells_its_manager_and_goes_on(desk: Desk) -> None:
    case = await desk.open()
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA)
    await incident.say("join", ANA, cases=[case.id])
    due_at = (await incident.view()).next_update_at
    await cancel(incident)
    view = await incident.view()
    assert [entry.kind for entry in view.timeline].count("cancel_asked") == 1
    assert view.next_update_at == due_at
    mails = [one for one in desk.mails_to(STAFF_MAIL) if one.message["X-Sunrelay-Case"] == incident.id]
    assert f"sunrelay incident close {view.number}" in mails[-1].part("plain")
    await incident.say("post_update", ANA, text="Still looking.")
    await incident.say("resolve", ANA, text="Mail is back.")
    await incident.say("close", ANA)
    await desk.passes(seconds=1)
    assert (await incident.handle.describe()).status is WorkflowExecutionStatus.COMPLETED


@pytest.mark.worker_goes
async def test_an_incident_cancelled_before_its_declaration_can_still_be_declared(desk: Desk) -> None:
    incident = LiveIncident(desk, "MAIL")
    async with desk.with_the_worker_away():
        declared = asyncio.create_task(incident.declare(ANA))
        await asyncio.sleep(0.2)
        await incident.handle.cancel()
    await declared
    await desk.rest()
    assert [entry.kind for entry in (await incident.view()).timeline].count("cancel_asked") == 1
