"""The update clock of a major incident on a real engine: who is told, when, and that nothing holds it up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from domain.messages.case import Contact
from domain.turnover import CARRIED_EFFECTS
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.live_incident import LiveIncident
from tests.people import ANA, KIMS_MAIL, P1, STAFF_MAIL, TSS_MAIL
from workflows.incident import MajorIncident
from workflows.incident_messages import IncidentFile

SDM_MAIL = "sdm@desk.example"
BEN = Contact(name="Ben", email="ben@eastern.example")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
TIMER = EventType.EVENT_TYPE_TIMER_STARTED


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    env: WorkflowEnvironment, tmp_path: Path, memory: int | None, lived: list[WorkflowHistory]
) -> AsyncIterator[Desk]:
    async with Desk(env, tmp_path, memory).at_work(sdm_address=SDM_MAIL) as desk:
        yield desk
    lived += desk.lived


async def declared(desk: Desk, *cases: LiveCase, **fields: object) -> LiveIncident:
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA, **fields)
    if cases:
        await incident.say("join", ANA, cases=[case.id for case in cases])
    return incident


def of(desk: Desk, incident: str, address: str) -> list[str]:
    """The texts of what an address was told of the incident itself."""
    mails = [mail for mail in desk.mails_to(address) if mail.message["X-Sunrelay-Case"] == incident]
    return [mail.part("plain") for mail in mails]


async def kinds(incident: LiveIncident) -> list[str]:
    return [entry.kind for entry in (await incident.view()).timeline]


@pytest.mark.covers("DED-31")
async def test_the_manager_is_warned_then_tss_and_sdm_hear_of_a_missed_update_and_no_customer(
    desk: Desk,
) -> None:
    case = await desk.open("INC-1")
    incident = await declared(desk, case)
    view = await incident.view()
    due_at = view.next_update_at
    assert due_at == view.declared_at + HOUR
    customer = len(desk.mails_to(KIMS_MAIL))

    await desk.until(due_at - 15 * MINUTE)
    (warning,) = of(desk, incident.id, STAFF_MAIL)
    assert "is due by" in warning
    assert "led by Ana Reyes" in warning
    assert f"sunrelay incident show {view.number}" in warning
    assert of(desk, incident.id, TSS_MAIL) == []

    await desk.until(due_at)
    (tss,), (sdm,) = of(desk, incident.id, TSS_MAIL), of(desk, incident.id, SDM_MAIL)
    assert tss == sdm
    assert "was not written" in tss
    assert (await kinds(incident))[-1] == "update_missed"
    assert (await incident.view()).next_update_at == due_at + HOUR
    assert len(desk.mails_to(KIMS_MAIL)) == customer


async def test_an_update_restarts_the_interval_and_nobody_is_told(desk: Desk) -> None:
    incident = await declared(desk, update_every="2h")
    await desk.passes(minutes=80)
    receipt = await incident.say("post_update", ANA, text="News.", update_every="30m")
    assert receipt.next_update_at == receipt.at + 30 * MINUTE
    await desk.until(receipt.at + 20 * MINUTE)
    await incident.say("post_update", ANA, text="More.")
    assert of(desk, incident.id, STAFF_MAIL) == of(desk, incident.id, TSS_MAIL) == []
    assert (await incident.view()).updates_missed == 0


@pytest.mark.worker_goes
async def test_after_a_day_without_a_worker_there_is_one_notice_for_all_that_was_missed(desk: Desk) -> None:
    incident = await declared(desk)
    declared_at = (await incident.view()).declared_at
    await desk.worker_goes()
    await desk.passes(hours=24, minutes=10)
    await desk.worker_comes()
    await desk.rest()
    (text,) = of(desk, incident.id, TSS_MAIL)
    assert "24 updates in a row were missed." in text
    assert len(of(desk, incident.id, SDM_MAIL)) == 1
    assert of(desk, incident.id, STAFF_MAIL) == []
    view = await incident.view()
    assert (view.updates_missed, view.next_update_at) == (24, declared_at + 25 * HOUR)


async def test_the_clock_ends_when_the_incident_is_resolved(desk: Desk) -> None:
    incident = await declared(desk)
    receipt = await incident.say("resolve", ANA, text="Mail flows again.")
    assert receipt.next_update_at is None
    await desk.passes(hours=5)
    assert of(desk, incident.id, STAFF_MAIL) == of(desk, incident.id, TSS_MAIL) == []
    with pytest.raises(Fault) as refused:
        await incident.say("post_update", ANA, text="x", update_every="1h")
    assert refused.value.code == "InvalidTransition"
    await incident.say("close", ANA)
    await incident.handle.result()


async def test_a_notice_on_its_way_does_not_hold_up_the_clock(desk: Desk) -> None:
    """Its case does not take the news, for its customer's mail system hangs as long as it can."""
    case = await desk.open("INC-1")
    incident = await declared(desk)
    due_at = (await incident.view()).next_update_at
    assert due_at is not None
    await desk.until(due_at, seconds=-2)
    desk.mail.data_moods.append("hang")
    await incident.ask("join", {"actor": ANA, "cases": [case.id]})
    await desk.until(due_at, seconds=5)
    assert (await incident.view()).updates_missed == 1
    assert len(of(desk, incident.id, TSS_MAIL)) == 1


async def test_a_mail_to_our_people_that_must_wait_arrives_once_and_holds_up_no_update(desk: Desk) -> None:
    case = await desk.open("INC-1", **P1)
    incident = await declared(desk, case)
    due_at = (await incident.view()).next_update_at
    assert due_at is not None
    await desk.until(due_at, seconds=-5)
    desk.mail.data_moods.append("451 not now")
    await desk.until(due_at)
    await incident.say("post_update", ANA, text="It is the mail servers.")
    assert "It is the mail servers." in desk.mails_to(KIMS_MAIL)[-1].part("plain")
    assert (await incident.children())[case.id].heard == 2
    await desk.passes(minutes=2)
    assert (len(of(desk, incident.id, TSS_MAIL)), len(of(desk, incident.id, SDM_MAIL))) == (1, 1)
    assert "delivery_failed" not in await kinds(incident)


async def test_who_of_our_people_never_gets_it_is_in_the_timeline(desk: Desk) -> None:
    incident = await declared(desk)
    due_at = (await incident.view()).next_update_at
    assert due_at is not None
    await desk.until(due_at, seconds=-5)
    desk.mail.refusals[SDM_MAIL] = ["550 5.1.1 unknown"]
    await desk.until(due_at)
    assert (await kinds(incident))[-2:] == ["update_missed", "delivery_failed"]
    assert len(of(desk, incident.id, TSS_MAIL)) == 1


@pytest.mark.parametrize("every", ["4m", "73h", "now and then"])
async def test_an_interval_outside_is_refused_before_anything_is_in_the_history(
    desk: Desk, every: str
) -> None:
    incident = await declared(desk)
    before = len((await incident.handle.fetch_history()).events)
    with pytest.raises(Fault) as refused:
        await incident.say("post_update", ANA, text="x", update_every=every)
    assert refused.value.code == "ValidationError"
    kinds = [event.event_type for event in (await incident.handle.fetch_history()).events[before:]]
    assert EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED not in kinds
    other = LiveIncident(desk, "WEB")
    with pytest.raises(Fault) as refused:
        await other.declare(ANA, update_every=every)
    assert refused.value.code == "ValidationError"


async def test_the_clock_moves_to_a_fresh_run_as_the_instant_it_falls_due_at(desk: Desk) -> None:
    incident = await declared(desk)
    for number in range(100):
        await incident.ask("post_update", {"actor": ANA, "text": "News.", "request_id": f"news-{number}"})
    await desk.rest()
    events = (await incident.handle.fetch_history()).events
    started = events[0].workflow_execution_started_event_attributes
    file = IncidentFile.model_validate_json(started.input.payloads[0].data)
    assert file.turn_overs == 1
    due_at = (await incident.view()).next_update_at
    assert file.incident is not None
    assert due_at is not None
    assert [event for event in events if event.event_type == TIMER]
    await desk.until(due_at)
    assert len(of(desk, incident.id, TSS_MAIL)) == 1


async def test_what_our_own_people_were_not_told_survives_a_turn_over_however_much_it_is(desk: Desk) -> None:
    incident = await declared(desk, update_every="5m")
    desk.mail.banner = "421 4.3.2 closed"
    for _ in range(24):
        await desk.passes(minutes=5)
    for number in range(75):
        await incident.ask("post_update", {"actor": ANA, "text": "News.", "request_id": f"news-{number}"})
    await desk.rest()
    started = (await incident.handle.fetch_history()).events[0].workflow_execution_started_event_attributes
    file = IncidentFile.model_validate_json(started.input.payloads[0].data)
    assert file.turn_overs == 1
    assert sum(line.kept for line in file.lanes) > CARRIED_EFFECTS
    missed = (await incident.view()).updates_missed
    desk.mail.banner = None
    for address in (TSS_MAIL, SDM_MAIL):
        for _ in range(30):
            if len(of(desk, incident.id, address)) >= missed:
                break
            await desk.passes(minutes=1)
        assert len(of(desk, incident.id, address)) == missed
    await incident.say("resolve", ANA, text="Mail flows again.")


async def test_a_customer_reads_by_when_he_hears_again_in_his_own_zone(desk: Desk) -> None:
    """The instant is that of his case, which keeps it by itself; what the engineers owe is not his matter."""
    case = await desk.open("INC-1", **P1)
    await case.say("respond", ANA, text="I am on it.")
    incident = await declared(desk, case, update_every="5m")
    await incident.say("post_update", ANA, text="It is the mail servers.")
    text = desk.mails_to(KIMS_MAIL)[-1].part("plain")
    assert "It is the mail servers." in text
    assert "We will update you by" in text
    assert "Sydney" in text


@pytest.mark.worker_goes
async def test_an_update_that_met_a_due_instant_while_nobody_was_there_replays(desk: Desk) -> None:
    """The returning worker gets the end of the warning's mail, timer and update at once; replays do not."""
    case = await desk.open("INC-1")
    incident = await declared(desk, case)
    await desk.passes(minutes=50)
    await desk.worker_goes()
    await desk.passes(hours=2, minutes=5)
    asked = asyncio.create_task(incident.ask("post_update", {"actor": ANA, "text": "At last."}))
    await asyncio.sleep(0.5)
    await desk.worker_comes()
    receipt = await asked
    await desk.rest()
    assert receipt.next_update_at == receipt.at + HOUR
    assert len(of(desk, incident.id, TSS_MAIL)) == 1
    assert [kind for kind in await kinds(incident) if kind.startswith("update")] == [
        "update_missed",
        "updated",
    ]
    await incident.say("resolve", ANA, text="Mail flows again.")
    history = await incident.handle.fetch_history()
    await Replayer(workflows=[MajorIncident], data_converter=pydantic_data_converter).replay_workflow(history)


@pytest.mark.worker_goes
async def test_what_was_missed_is_told_also_where_the_message_that_found_it_closes(desk: Desk) -> None:
    incident = await declared(desk)
    await desk.worker_goes()
    await desk.passes(minutes=70)
    asked = asyncio.create_task(incident.ask("close", {"actor": ANA, "reason": "It was none."}))
    await asyncio.sleep(0.5)
    await desk.worker_comes()
    assert (await asked).phase == "closed"
    await desk.rest()
    assert (await incident.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert len(of(desk, incident.id, TSS_MAIL)) == 1
    assert (await kinds(incident))[-2:] == ["update_missed", "closed"]
