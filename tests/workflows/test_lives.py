"""A reference used again once its case is over, past the door: the engine would begin a second life."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDReusePolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from activities.store.case_list import CaseFilter
from domain.clocks import Clock
from domain.lifecycle.intake_checks import request_digest
from domain.lives import Beginning
from domain.messages.case import Contact, Submit
from domain.naming import case_id
from domain.record import CaseRow
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.live_incident import LiveIncident
from tests.people import ANA, KIM, STAFF_MAIL
from tests.servers import running_dev_server
from tests.stores import table_away
from workflows.messages import WORKFLOW, new_case

BENS_MAIL = "ben@southerncloud.example"
BEN = Contact(name="Ben", email=BENS_MAIL)


async def archived(desk: Desk) -> LiveCase:
    """A case that is over, and of which the engine would take another."""
    case = await desk.open()
    await case.say("close", KIM, reason="requested")
    await desk.until(await case.due(Clock.REOPEN_WINDOW), minutes=6)
    await case.outcome()
    return case


def another(desk: Desk) -> Submit:
    """Another request under the same reference."""
    return desk.request(explanation="Something else entirely.", contact=BEN, title="No mail at all")


async def begin_again(case: LiveCase, submit: Submit) -> None:
    """A plain signal-with-start, as any client of the engine sends it once the first case is over."""
    await case.desk.client.start_workflow(
        WORKFLOW,
        id=case.id,
        task_queue=case.desk.queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal="submit",
        start_signal_args=[submit],
    )
    await case.desk.rest()


async def held(case: LiveCase) -> tuple[CaseRow | None, Any, Any, list[str]]:
    """Everything the store and the mail system have of a case."""
    store = case.desk.adapters.store
    mails = [str(mail.message["Message-ID"]) for mail in case.desk.mail.taken]
    return (
        await store.case_row(case.id),
        await store.case_record(case.id),
        await case.timeline(),
        mails,
    )


async def linked_case(case: LiveCase, other: Submit) -> LiveCase:
    """The case another request becomes: its id comes from the reference and what it says."""
    reference = f"{other.reference}/again/{request_digest(other)[:12]}"
    linked = LiveCase(case.desk, case_id(other.tenant, other.source, reference))
    case.desk.cases.append(linked)
    await case.desk.rest()
    return linked


async def linked_rows(desk: Desk, case: LiveCase) -> list[CaseRow]:
    return [row for row in await desk.adapters.store.cases(CaseFilter()) if row.parent == case.id]


async def test_the_very_request_again_is_answered_with_the_archived_case_and_opens_nothing(
    desk: Desk,
) -> None:
    case = await archived(desk)
    before = await held(case)
    await begin_again(case, desk.request())
    with pytest.raises(Fault) as refused:
        await case.outcome()
    assert refused.value.code == "CaseClosed"
    assert before[0] is not None
    assert before[0].number in refused.value.reason
    assert await held(case) == before
    assert await linked_rows(desk, case) == []


async def test_whoever_waits_past_the_door_is_told_of_the_archived_case(desk: Desk) -> None:
    case = await archived(desk)
    with pytest.raises(Fault) as refused:
        await case.submit_past_the_door(desk.request(), WorkflowIDReusePolicy.ALLOW_DUPLICATE)
    assert refused.value.code == "CaseClosed"


async def test_another_content_becomes_a_linked_case_of_its_own(desk: Desk) -> None:
    case = await archived(desk)
    before = await held(case)
    other = another(desk)
    for _ in range(2):
        await begin_again(case, other)
        with pytest.raises(Fault) as refused:
            await case.outcome()
        assert refused.value.code == "DuplicateRequestConflict"
    linked = await linked_case(case, other)
    (row,) = await linked_rows(desk, case)
    assert row.case_id == linked.id
    assert row.number in refused.value.reason
    view = await linked.view()
    assert (view.parent, view.explanation) == (case.id, other.explanation)
    assert [entry.kind for entry in await linked.timeline()] == [EntryKind.SUBMITTED]
    await desk.rest()
    assert len(desk.mails_to(BENS_MAIL)) == 1
    row_now, record, timeline, _ = await held(case)
    assert (row_now, record, timeline) == before[:3]


async def test_a_second_life_opened_while_the_store_was_away_becomes_a_linked_case(desk: Desk) -> None:
    case = await archived(desk)
    first = await held(case)
    other = another(desk)
    async with table_away(desk.place / "cases.db", "cases"):
        await begin_again(case, other)
        assert (await case.view()).phase == "received"
        await case.say("respond", ANA, text="I am on it.")
        assert len(desk.mails_to(BENS_MAIL)) == 2
    await desk.passes(minutes=2)
    view = await case.view()
    assert (view.parent, view.case_id == case.id) == (case.id, False)
    (row,) = await linked_rows(desk, case)
    assert (row.case_id, row.phase, row.workflow_id) == (view.case_id, "in_progress", case.id)
    second = LiveCase(desk, row.case_id)
    kinds = [entry.kind.value for entry in await second.timeline()]
    assert kinds == ["submitted", "responded", "noted"]
    assert (await held(case))[:3] == first[:3]
    told = [mail for mail in desk.mails_to(STAFF_MAIL) if "reference used again" in mail.message["Subject"]]
    assert len(told) == 1
    assert first[0] is not None
    assert first[0].number in told[0].part("plain")
    await case.say("post_update", ANA, text="The log shows something.")
    assert view.number in desk.mails_to(BENS_MAIL)[-1].message["Subject"]
    assert len(desk.mails_to(BENS_MAIL)) == 3
    assert [entry.kind.value for entry in await second.timeline()][3:] == ["updated"]
    assert (await held(case))[:3] == first[:3]
    await case.say("close", KIM.model_copy(update={"name": "Ben"}), reason="requested")
    await desk.until(await case.due(Clock.REOPEN_WINDOW), minutes=6)
    assert (await case.outcome()).case_id == row.case_id
    assert (await held(case))[:3] == first[:3]


async def test_an_incident_finds_a_case_that_goes_on_under_another_id_than_its_workflows(desk: Desk) -> None:
    case = await archived(desk)
    async with table_away(desk.place / "cases.db", "cases"):
        await begin_again(case, another(desk))
    await desk.passes(minutes=2)
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA)
    await incident.say("join", ANA, cases=[(await case.view()).case_id])
    await incident.say("post_update", ANA, text="A switch is broken.")
    assert "A switch is broken." in desk.mails_to(BENS_MAIL)[-1].part("plain")


async def test_a_life_that_was_ended_by_hand_is_not_gone_on_with(desk: Desk) -> None:
    case = await desk.open()
    await case.handle.terminate("by hand")
    before = await held(case)
    await begin_again(case, desk.request())
    with pytest.raises(Fault) as refused:
        await case.outcome()
    assert refused.value.code == "DuplicateRequestConflict"
    assert (await held(case))[:3] == before[:3]
    linked = await linked_case(case, desk.request())
    (row,) = await linked_rows(desk, case)
    assert (row.case_id, row.phase) == (linked.id, "received")


async def test_an_opening_that_was_refused_left_nothing_and_is_tried_again(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    with pytest.raises(Fault):
        await case.submit(desk.request(impact="enormous"))
    await case.submit(submit)
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_asking_for_an_earlier_life_costs_no_event(desk: Desk) -> None:
    submit = desk.request(take=True)  # so that nobody else is told of it
    case = desk.case(submit)
    await case.start(new_case(submit))
    events = [event.event_type for event in await case.events()]
    assert len(events) == 14, events  # as in 0.2, which did not ask


async def test_a_case_reset_by_hand_is_no_earlier_life_of_itself(tmp_path: Path) -> None:
    """On the real server: the other one cannot reset."""
    with running_dev_server(tmp_path) as server:
        client = await Client.connect(server.address, data_converter=pydantic_data_converter)
        async with Desk(WorkflowEnvironment.from_client(client), tmp_path).at_work() as desk:
            case = await desk.open()
            await case.say("respond", ANA, text="I am on it.")
            first = await case.view()
            await reset(case)
            assert (await case.view()).case_id == first.case_id
            row = await desk.adapters.store.case_row(case.id)
            assert row is not None
            assert row.begun_at is not None
            beginning = Beginning(case_id=case.id, begun_at=row.begun_at)
            life = await desk.adapters.store.life(beginning)
            assert life is not None
            assert life.is_own
            assert await linked_rows(desk, case) == []
            (told,) = desk.mails_to(STAFF_MAIL)  # once, also of a case that began twice
            assert "New case" in told.message["Subject"]


async def reset(case: LiveCase) -> None:
    """What `temporal workflow reset --type FirstWorkflowTask` does; then all has been done."""
    described = await case.handle.describe()
    await case.desk.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=case.desk.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=case.id, run_id=described.run_id),
            reason="stuck",
            workflow_task_finish_event_id=4,
            request_id=str(uuid4()),
        )
    )
    assert (await case.handle.describe()).run_id != described.run_id
    await case.desk.rest()
