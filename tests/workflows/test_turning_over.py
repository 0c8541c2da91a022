"""A long case moves its record to a fresh run: nothing is lost, nothing is doubled, no clock notices."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk, time_skipping
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, P1, STAFF_MAIL
from tests.servers import running_dev_server
from workflows.messages import CASE_PHASE, CASE_RANK, CaseFile

HOUR = timedelta(hours=1)


async def carried(case: LiveCase) -> CaseFile:
    """What the case took along once it has turned over; a record that takes its time makes it wait."""
    while not (file := await began_with(case)).turn_overs:
        await asyncio.sleep(0.05)
    return file


async def began_with(case: LiveCase) -> CaseFile:
    """What the newest run was started with, which is bounded."""
    (started,) = await case.events(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
    data = started.workflow_execution_started_event_attributes.input.payloads[0].data
    assert len(data) <= 64 * 1024
    return CaseFile.model_validate_json(data)


async def notes(case: LiveCase, count: int, *, of: str = "n", size: int = 0) -> None:
    """So many notes of ours at once, each with an id of its own."""
    messages = [
        {"actor": ANA, "text": f"{of}-{turn} {'x' * size}", "request_id": f"{of}-{turn}"}
        for turn in range(count)
    ]
    for start in range(0, count, 100):
        await asyncio.gather(*(case.send("add_note", one) for one in messages[start : start + 100]))


@pytest.mark.worker_goes
async def test_a_long_case_turns_over_where_nothing_is_under_way_and_keeps_its_clock(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.", request_id="r-1")
    due_at = await case.due(Clock.UPDATE)
    before = await case.view()
    async with desk.with_the_worker_away():
        await notes(case, 500)
    file = await carried(case)
    assert (file.turn_overs, file.undelivered, file.unrecorded) == (1, (), ())
    assert await case.due(Clock.UPDATE) == due_at
    view = await case.view()
    assert (view.entries, view.version - before.version) == (before.entries + 500, 500)
    found = (await case.handle.describe()).typed_search_attributes
    assert (found[CASE_PHASE], found[CASE_RANK]) == ("in_progress", 0)
    await desk.until(due_at, minutes=1)
    assert [entry.at for entry in await case.entries(EntryKind.STATUS_SENT)] == [due_at]
    assert len(await case.told("status_update")) == 1


@pytest.mark.worker_goes
async def test_a_long_case_whose_store_was_away_turns_over_once_that_has_caught_up(desk: Desk) -> None:
    case = await desk.open()
    await desk.worker_goes()
    await notes(case, 520)
    scheduled = await case.events(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    with closing(sqlite3.connect(desk.place / "cases.db", isolation_level=None)) as somebody_else:
        somebody_else.execute("begin immediate")
        await desk.worker_comes()
        while await case.events(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) == scheduled:
            await asyncio.sleep(0.05)
        assert not (await began_with(case)).turn_overs
    assert (await carried(case)).turn_overs == 1
    assert len(await case.entries(EntryKind.NOTED)) == 520


@pytest.mark.worker_goes
async def test_a_request_taken_before_a_turn_over_is_not_taken_again_after_it(desk: Desk) -> None:
    case = await desk.open()
    async with desk.with_the_worker_away():
        await notes(case, 520)
    assert (await carried(case)).turn_overs == 1
    again = await case.say("add_note", ANA, text="n-519", request_id="n-519")
    assert again.repeated
    with pytest.raises(Fault) as refused:
        await case.say("add_note", ANA, text="n-519 again", request_id="n-519")
    assert refused.value.code == "DuplicateRequestConflict"
    await notes(case, 1, of="fresh")
    await desk.rest()
    texts = [str(entry.text) for entry in await case.entries(EntryKind.NOTED)]
    assert sorted(texts) == sorted([f"n-{turn}" for turn in range(520)] + ["fresh-0"])


@pytest.mark.worker_goes
async def test_what_is_undelivered_travels_and_is_told_once_under_its_old_id(desk: Desk) -> None:
    case = await desk.open()
    desk.mail.refusals[KIMS_MAIL] = [LATER := "451 come back later"]
    await case.say("respond", ANA, text="I am on it.", request_id="r-1")
    await case.say("post_update", ANA, text="News.", request_id="r-2")
    async with desk.with_the_worker_away():
        await notes(case, 1000)
    file = await carried(case)
    waiting = [effect.id for effect in file.undelivered]
    assert waiting == [
        f"{case.id}/r-1/first_response/customer",
        f"{case.id}/r-2/staff_update/customer",
    ], LATER
    desk.mail.refusals.clear()
    await desk.passes(minutes=6)
    rows = {row.effect_id: row.status.value for row in await case.told()}
    assert [rows[identity] for identity in waiting] == ["delivered", "delivered"]
    assert len(desk.mails_to(KIMS_MAIL)) == 3
    assert (await case.view()).undelivered == 0


async def test_a_flood_of_comments_is_told_to_staff_to_the_last_and_once(tmp_path: Path) -> None:
    # On a server of its own, whose clock stands still once a run has ended with a delivery under way.
    async with time_skipping() as env, Desk(env, tmp_path, 0).at_work() as desk:
        case = await desk.open()
        await case.say("respond", ANA, text="I am on it.")
        async with desk.with_the_worker_away():
            for turn in range(60):
                await case.send(
                    "add_note", {"actor": KIM, "text": f"again-{turn}", "request_id": f"k-{turn}"}
                )
            await notes(case, 1000)
        assert (await carried(case)).turn_overs == 1
        mails = [mail.message["Message-ID"] for mail in desk.mails_to(STAFF_MAIL)]
        assert len(mails) == len(set(mails)) == 1 + 60  # the new case, and each comment
        assert await case.entries(EntryKind.NOT_UNDERSTOOD) == []


@pytest.mark.worker_goes
async def test_long_texts_do_not_make_the_record_long(desk: Desk) -> None:
    case = await desk.open()
    async with desk.with_the_worker_away():
        await notes(case, 520, size=4000)
    await case.say("add_note", ANA, text="The last one.")
    file = await carried(case)
    assert file.case is not None
    assert len(file.case.timeline) == 20
    entries = await case.timeline()
    assert len(entries) == 522
    assert {len(entry.text or "") for entry in entries[1:-1]} == {4004, 4005, 4006}


@pytest.mark.worker_goes
async def test_updates_that_come_while_a_case_turns_over_are_each_taken_and_answered_once(desk: Desk) -> None:
    case = await desk.open()
    async with desk.with_the_worker_away():
        await notes(case, 520)
        asked = [
            asyncio.create_task(
                case.ask("add_note", {"actor": ANA, "text": f"u-{turn}"}, update_id=f"u-{turn}")
            )
            for turn in range(8)
        ]
        await asyncio.sleep(0.2)
    answers = await asyncio.gather(*asked)
    await desk.rest()
    assert {(answer.outcome, answer.repeated) for answer in answers} == {("accepted", False)}
    assert (await carried(case)).turn_overs == 1
    texts = [str(entry.text) for entry in await case.entries(EntryKind.NOTED)]
    assert sorted(text for text in texts if text[0] == "u") == [f"u-{turn}" for turn in range(8)]


async def test_whoever_asks_in_the_middle_of_a_flood_is_answered_also_at_a_turn_over(tmp_path: Path) -> None:
    """More waits than one step takes, updates among it: the real server, for the other one hides it."""
    with running_dev_server(tmp_path) as server:
        client = await Client.connect(server.address, data_converter=pydantic_data_converter)
        async with Desk(WorkflowEnvironment.from_client(client), tmp_path, 100).at_work() as desk:
            case = await desk.open()
            await desk.worker_goes()
            await notes(case, 520)
            message = {"actor": ANA, "text": "Is anybody there?"}
            asked = [case.ask("add_note", message, update_id=f"u-{turn}") for turn in range(3)]
            answers = asyncio.gather(*asked)
            await asyncio.sleep(1)
            await desk.worker_comes()
            await answers
            assert (await case.view()).entries >= 523
            assert (await carried(case)).turn_overs >= 1
