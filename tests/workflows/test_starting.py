"""What a run is started with: whatever somebody sends, it never blocks the reference it is sent under."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
)
from temporalio.common import RawValue, RetryPolicy, WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.naming import case_id
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.live_incident import LiveIncident
from tests.people import ANA, KIMS_MAIL
from tests.servers import running_dev_server
from tests.workflows.test_turning_over import carried
from workflows.incident_messages import INCIDENT_WORKFLOW, IncidentFile, new_incident
from workflows.messages import WORKFLOW, CaseFile, new_case

SOON = 20.0  # s of real time; a start that is tried for ever never answers


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


BAD: dict[str, list[Any]] = {
    "string": ["garbage"],
    "number": [42],
    "list": [[1, 2]],
    "wrong field": [{"case": {"id": "x"}}],
    "extra field": [{"nonsense": 1}],
    "two of them": [{}, {}],
    "two that cannot be read": [raw(b"{{{"), raw(b"\x00\xff", b"binary/encrypted")],
    "null": [None],
    "binary": [b"\x00\x01"],
    "no JSON": [raw(b"{{{")],
    "no text": [raw(b"\xff\xfe")],
    "encrypted": [raw(b"\x00\xff", b"binary/encrypted")],
    "without encoding": [RawValue(Payload(data=b"{}"))],
    "too large": [{"nonsense": "x" * 600 * 1024}],
    "too deep": [raw(b'{"request":' + b"[" * 20_000 + b"]" * 20_000 + b"}")],
    "a mark nobody wrote": [{"rules": "three"}],
}


async def started(desk: Desk, kind: str, identity: str, given: Sequence[Any], **settings: Any) -> str:
    """A start by hand, and the code its run failed with. Raises: TimeoutError where it goes on for ever."""
    handle = await desk.client.start_workflow(
        kind, args=given, id=identity, task_queue=desk.queue, **settings
    )
    return await code_of(handle)


async def code_of(handle: Any) -> str:
    known = handle._client.get_workflow_handle(handle.id, run_id=handle.run_id)  # one that skips no time
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(known.result(follow_runs=False), SOON)
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.non_retryable
    return str(failed.value.cause.type)


async def code_in_history(run: Any) -> str:
    """The code of a run that failed and was followed by another."""
    failed = (await run.fetch_history()).events[-1].workflow_execution_failed_event_attributes
    return str(failed.failure.application_failure_info.type)


async def test_a_bad_start_fails_at_once_and_the_real_request_opens(
    desk: Desk, subtests: pytest.Subtests
) -> None:
    for name, given in BAD.items():
        with subtests.test(name):
            submit = desk.request(name)
            case = desk.case(submit)
            assert await started(desk, WORKFLOW, case.id, given) == "ValidationError"
            await case.submit(submit)
            assert (await case.view()).phase == "received"


async def test_a_bad_start_of_an_incident_fails_at_once_too(desk: Desk, subtests: pytest.Subtests) -> None:
    for name, given in BAD.items():
        with subtests.test(name):
            incident = LiveIncident(desk, name)
            assert await started(desk, INCIDENT_WORKFLOW, incident.id, given) == "ValidationError"
            assert (await incident.declare(ANA)).phase == "declared"


async def test_a_request_that_cannot_be_read_names_its_fields(desk: Desk) -> None:
    case = desk.case(desk.request())
    await started(desk, WORKFLOW, case.id, [{"request": {"reference": "r", "explanation": "\u202e"}}])
    with pytest.raises(Fault) as refused:
        await case.outcome()
    assert "request.tenant" in refused.value.reason
    assert "request.explanation" in refused.value.reason


async def test_a_start_without_input_waits_for_its_request(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    await desk.client.start_workflow(
        WORKFLOW, id=case.id, task_queue=desk.queue, start_signal="submit", start_signal_args=[submit]
    )
    await desk.rest()
    assert (await case.view()).reference == submit.reference


async def state_of(desk: Desk) -> CaseFile:
    """What a case would carry over, with a mail to anybody."""
    case = await desk.open("FORGED")
    async with desk.with_the_worker_away():
        await asyncio.gather(*(case.send("add_note", {"actor": ANA, "text": f"{n}"}) for n in range(501)))
    return await carried(case)


@pytest.mark.worker_goes
async def test_the_state_of_a_case_is_taken_from_the_engine_only(desk: Desk) -> None:
    forged = await state_of(desk)
    assert forged.turn_overs == 1
    submit = desk.request()
    case = desk.case(submit)
    for file in (
        forged,
        forged.model_copy(update={"rules": 0}),
        forged.model_copy(update={"rules": 1}),
        CaseFile(rules=3, request=submit, seen=("0" * 20,)),
        CaseFile(rules=3, turn_overs=1),
        CaseFile(rules=3, recorded_version=9),
    ):
        assert await started(desk, WORKFLOW, case.id, [file]) == "Forbidden"
    await case.submit(submit)
    await desk.rest()
    assert len(desk.mails_to(KIMS_MAIL)) == 2  # the one whose state was copied, and the real one


async def test_the_state_of_an_incident_is_taken_from_the_engine_only(desk: Desk) -> None:
    other = LiveIncident(desk, "OTHER")
    await other.declare(ANA)
    incident = LiveIncident(desk, "MAIL")
    for changes in ({"seen": ("0" * 12,)}, {"turn_overs": 2}):
        file = IncidentFile(rules=3).model_copy(update=changes)
        assert await started(desk, INCIDENT_WORKFLOW, incident.id, [file]) == "Forbidden"
    assert (await incident.declare(ANA)).phase == "declared"


@pytest.mark.parametrize("file", [{}, {"turn_overs": 1}])
async def test_a_start_that_would_be_retried_is_refused(desk: Desk, file: dict[str, Any]) -> None:
    submit = desk.request()
    case = desk.case(submit)
    handle = await desk.client.start_workflow(
        WORKFLOW,
        new_case(submit).model_copy(update=file),
        id=case.id,
        task_queue=desk.queue,
        retry_policy=RetryPolicy(),
    )
    assert await code_of(handle) == "ValidationError"
    assert not desk.mails_to(KIMS_MAIL)


async def test_a_case_is_no_job_of_cron_however_often_it_is_begun(tmp_path: Path) -> None:
    """On the real server: the other one cannot begin a run anew after one that failed."""
    with running_dev_server(tmp_path) as server:
        client = await Client.connect(server.address, data_converter=pydantic_data_converter)
        async with Desk(WorkflowEnvironment.from_client(client), tmp_path).at_work() as desk:
            submit = desk.request()
            case = desk.case(submit)
            forged = CaseFile(rules=3, request=submit, turn_overs=1)
            await client.start_workflow(
                WORKFLOW, forged, id=case.id, task_queue=desk.queue, cron_schedule="@every 1s"
            )
            failed = await runs_that_failed(case, 2)
            await case.handle.terminate()
            assert {await code_in_history(one) for one in failed} == {"ValidationError"}
            assert not desk.mails_to(KIMS_MAIL)


async def runs_that_failed(case: LiveCase, count: int) -> list[Any]:
    client = case.desk.client
    while True:
        runs = [run async for run in client.list_workflows(f"WorkflowId = '{case.id}'")]
        failed = [run for run in runs if run.status is WorkflowExecutionStatus.FAILED]
        if len(failed) >= count:
            return [client.get_workflow_handle(run.id, run_id=run.run_id) for run in failed]
        await asyncio.sleep(0.2)


async def test_an_incident_cannot_take_the_id_of_a_case_nor_a_case_that_of_an_incident(desk: Desk) -> None:
    submit = desk.request()
    case, incident = desk.case(submit), LiveIncident(desk, "MAIL")
    assert await started(desk, INCIDENT_WORKFLOW, case.id, [new_incident()]) == "ValidationError"
    assert await started(desk, WORKFLOW, incident.id, [new_case()]) == "ValidationError"
    await case.submit(submit)
    await incident.declare(ANA)


async def test_a_request_is_opened_under_its_own_id_only(desk: Desk) -> None:
    victim = desk.request()
    case = desk.case(victim)
    stranger = desk.request(tenant="Other Foods")
    assert case.id == case_id(victim.tenant, victim.source, victim.reference)
    assert await started(desk, WORKFLOW, case.id, [new_case(stranger)]) == "ValidationError"
    await case.submit(victim)


@pytest.mark.parametrize(
    ("given", "code"), [({"nonsense": 1}, "ValidationError"), ({"rules": 3, "turn_overs": 1}, "Forbidden")]
)
@pytest.mark.parametrize("verb", ["submit", "add_note"])
async def test_whoever_waits_on_a_bad_start_is_told_its_code(
    desk: Desk, given: dict[str, object], code: str, verb: str
) -> None:
    submit = desk.request()
    case = desk.case(submit)
    message: object = submit if verb == "submit" else {"actor": ANA, "text": "Hello?"}
    assert await told(desk, WORKFLOW, case.id, given, verb, message) == code
    assert await code_of(case.handle) == code
    assert await case.submit(submit)


@pytest.mark.parametrize("verb", ["declare", "post_update"])
async def test_whoever_waits_on_a_bad_start_of_an_incident_is_told_its_code(desk: Desk, verb: str) -> None:
    incident = LiveIncident(desk, "MAIL")
    said = {"title": "No mail", "reference": incident.reference} if verb == "declare" else {}
    message = {"actor": ANA, "text": "We look into it.", **said}
    given = {"rules": 3, "turn_overs": 1}
    assert await told(desk, INCIDENT_WORKFLOW, incident.id, given, verb, message) == "Forbidden"
    assert await code_of(incident.handle) == "Forbidden"


async def told(desk: Desk, kind: str, identity: str, given: object, verb: str, message: object) -> str:
    start: Any = WithStartWorkflowOperation(
        kind,
        given,
        id=identity,
        task_queue=desk.queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    with desk.env.auto_time_skipping_disabled(), pytest.raises(WorkflowUpdateFailedError) as failed:
        await asyncio.wait_for(
            desk.client.execute_update_with_start_workflow(verb, message, start_workflow_operation=start),
            SOON,
        )
    assert isinstance(failed.value.cause, ApplicationError)
    return str(failed.value.cause.type)


async def test_a_linked_case_opens_from_the_request_it_is_started_with(desk: Desk) -> None:
    submit = desk.request()
    case: LiveCase = desk.case(submit)
    await case.start(new_case(submit))
    assert (await case.view()).phase == "received"
