"""What operators and strangers do to cases with the engine's own tools, on the real server."""

import asyncio
import json
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.update.v1 import Input, Meta, Request
from temporalio.api.workflowservice.v1 import (
    RequestCancelWorkflowExecutionRequest,
    UpdateWorkflowExecutionRequest,
)
from temporalio.client import WithStartWorkflowOperation, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from domain.incidents.record import incident_id
from domain.incidents.views import IncidentView
from domain.timeline import EntryKind
from domain.turnover import MOST_BYTES
from starter.desk.limits import ONE_MESSAGE
from starter.door.faults import Fault
from tests.e2e.operating import SPEAKER, has_turned_over, operate, troubles
from tests.e2e.speaking import ask_until_answered
from tests.e2e.station import Station, eventually
from tests.live_case import LiveCase
from tests.people import ANA
from workflows.incident_messages import INCIDENT_WORKFLOW, IncidentOutcome, new_incident

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

_SOON = {"impact": "medium", "urgency": "high"}  # quick-desk: a response is due within seconds


def note(number: int, **more: Any) -> dict[str, Any]:
    return {"actor": SPEAKER, "text": f"Note {number}", **more}


async def has(case: LiveCase, kind: EntryKind, count: int) -> bool:
    return len(await case.entries(kind)) == count


async def test_a_cancelled_case_meets_its_promises_and_every_run_of_it_can_be_cancelled(
    one_station: Station,
) -> None:
    case = await one_station.opened("CANCEL-1", **_SOON)
    due = (await case.deadlines())[0].due_at
    in_flight = ask_until_answered(case, "add_note", ANA, "flying", text="In flight")
    await asyncio.gather(operate(one_station, "cancel", "-w", case.id), in_flight)
    await operate(one_station, "cancel", "-w", case.id)
    await asyncio.gather(*(case.send("add_note", note(number)) for number in range(500)))
    await eventually(lambda: has(case, EntryKind.NOTED, 501))
    await case.send("add_note", note(500))
    (breach,) = await eventually(lambda: case.entries(EntryKind.BREACHED))
    assert breach.due_at == due
    await eventually(lambda: has_turned_over(case))
    await _cancel_with_a_reason(one_station, case, "tidying up")
    await eventually(lambda: has(case, EntryKind.CANCEL_ASKED, 2))
    assert "tidying up" in str((await case.entries(EntryKind.CANCEL_ASKED))[1].text)
    await eventually(lambda: one_station.everything_told(case))
    assert len(await case.told("cancel_asked")) == 2
    assert len(await case.entries(EntryKind.NOTED)) == 502
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def test_a_cancelled_incident_goes_on_until_somebody_closes_it(one_station: Station) -> None:
    start: Any = WithStartWorkflowOperation(
        INCIDENT_WORKFLOW,
        new_incident(),
        id=(identity := incident_id("desk", "CANCEL-2")),
        task_queue=one_station.queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
    )
    said = {"actor": SPEAKER, "reference": "CANCEL-2", "title": "No mail", "text": "We look into it."}
    await one_station.client.execute_update_with_start_workflow(
        "declare", said, start_workflow_operation=start
    )
    handle = one_station.client.get_workflow_handle(identity, result_type=IncidentOutcome)
    await operate(one_station, "cancel", "-w", identity)
    await handle.execute_update("post_update", {"actor": SPEAKER, "text": "Still looking."})
    view = await handle.query("view", result_type=IncidentView)
    assert [entry.kind for entry in view.timeline].count("cancel_asked") == 1
    await handle.execute_update("close", {"actor": SPEAKER, "reason": "It was none."})
    assert (await handle.result()).closed_at is not None


async def _cancel_with_a_reason(station: Station, case: LiveCase, reason: str) -> None:
    """The UI and other clients can give one; the command does for a batch alone, and keeps it there."""
    asked = RequestCancelWorkflowExecutionRequest(
        namespace="default", workflow_execution=WorkflowExecution(workflow_id=case.id), reason=reason
    )
    await station.client.workflow_service.request_cancel_workflow_execution(asked)


async def test_large_messages_are_recorded_without_their_bodies_and_the_case_turns_over_by_size(
    one_station: Station,
) -> None:
    case = await one_station.opened("LARGE-1")
    large = note(0, text="x" * 60_000)
    for _ in range(9):
        await asyncio.gather(*(case.send("add_note", large) for _ in range(10)))
    await eventually(lambda: has(case, EntryKind.NOT_UNDERSTOOD, 90))
    await case.send("add_note", note(1))
    await eventually(lambda: has_turned_over(case))
    size = (await case.handle.describe()).raw_description.workflow_execution_info.history_size_bytes
    assert size < MOST_BYTES
    assert all(len(str(entry.text)) < 400 for entry in await case.entries(EntryKind.NOT_UNDERSTOOD))


async def _ask_once(case: LiveCase, verb: str, message: dict[str, Any]) -> None:
    """An update without the client's own patience, which asks again for 14 s."""
    payload = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(message).encode())
    asked = UpdateWorkflowExecutionRequest(
        namespace="default",
        workflow_execution=WorkflowExecution(workflow_id=case.id),
        request=Request(meta=Meta(), input=Input(name=verb, args=Payloads(payloads=[payload]))),
    )
    await case.desk.client.workflow_service.update_workflow_execution(asked, retry=False)


async def test_the_server_refuses_what_is_too_large_and_the_case_does_not_even_stumble(
    one_station: Station,
) -> None:
    case = await one_station.opened("LARGE-2")
    for verb, size in (("add_note", ONE_MESSAGE), ("gossip", ONE_MESSAGE), ("add_note", 4 * ONE_MESSAGE)):
        with pytest.raises((RPCError, Fault)):
            await case.send(verb, note(0, text="x" * size))
        with pytest.raises(RPCError, match="payload size"):
            await _ask_once(case, verb, note(0, text="x" * size))
    answer = await ask_until_answered(case, "add_note", ANA, "after-all", text="Still alive")
    assert answer.outcome == "accepted"
    assert await troubles(case) == []
