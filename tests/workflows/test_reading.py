"""What may be read from a case: queries, explanations, and what the Temporal UI shows."""

import json

import pytest
from temporalio.client import WorkflowQueryFailedError
from temporalio.common import RawValue

from domain.clocks import Clock
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, P1, P3
from workflows.messages import CASE_PHASE, CASE_POLICY, CASE_RANK, CASE_REGION, CASE_TENANT, new_case, opaque


async def metadata(case: LiveCase) -> dict[str, object]:
    """What the engine's UI reads of a workflow."""
    raw = await case.handle.query("__temporal_workflow_metadata", result_type=RawValue)
    found: dict[str, object] = json.loads(raw.payload.data)
    return found


@pytest.mark.parametrize("query", ["view", "customer_view", "deadlines"])
async def test_a_case_that_is_not_open_yet_says_so(desk: Desk, query: str) -> None:
    case = desk.case(desk.request())
    await case.start(new_case())
    with pytest.raises(WorkflowQueryFailedError, match="not open yet"):
        await case.handle.query(query)


async def test_staff_see_everything_of_the_case(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    view = await case.view()
    assert (view.tenant, view.policy, view.region, view.assignee) == (
        "Harbour Foods",
        "rhipe-csp@1",
        "sydney",
        "Ana Reyes",
    )
    assert view.contact is not None
    assert [entry.number for entry in view.timeline] == [1, 2]
    assert (view.entries, view.undelivered) == (2, 0)


async def test_the_customer_sees_no_warning_and_no_breach(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    await desk.until(due_at, minutes=1)
    await case.say("add_note", ANA, text="Nobody looked at it.")
    shown = (await case.customer_view()).model_dump_json()
    assert "Nobody looked" not in shown
    assert not {"warned", "breached"} & {entry.kind.value for entry in (await case.customer_view()).timeline}


async def test_a_due_instant_is_explained_with_the_days_that_were_skipped(desk: Desk) -> None:
    case = await desk.open(**P3)
    explanation = await case.explain("initial_response")
    assert explanation.due_at == await case.due(Clock.INITIAL_RESPONSE)
    assert (explanation.rule, explanation.arithmetic, explanation.zone) == (
        "1 business day",
        "business_days",
        "Australia/Sydney",
    )
    assert explanation.steps[0].startswith("It runs from ")
    quiet = await case.explain("auto_close")
    assert (quiet.running, len(quiet.steps)) == (False, 1)


async def test_an_unknown_clock_is_an_error_that_names_the_known_ones(desk: Desk) -> None:
    case = await desk.open()
    with pytest.raises(WorkflowQueryFailedError, match="known are initial_response"):
        await case.handle.query("explain", "cuckoo")


async def test_the_case_is_indexed_by_what_lists_need_and_never_by_a_name(desk: Desk) -> None:
    case = await desk.open(**P1)
    found = (await case.handle.describe()).typed_search_attributes
    assert found[CASE_TENANT] == opaque("Harbour Foods")
    assert "Harbour" not in str(found)
    assert (found[CASE_POLICY], found[CASE_RANK], found[CASE_PHASE], found[CASE_REGION]) == (
        "rhipe-csp",
        0,
        "received",
        "sydney",
    )
    await case.say("change_level", ANA, level="P2", reason="One user only.")
    await case.say("respond", ANA, text="I am on it.")
    found = (await case.handle.describe()).typed_search_attributes
    assert (found[CASE_RANK], found[CASE_PHASE]) == (1, "in_progress")


async def test_the_ui_tells_an_engineer_how_the_case_stands(desk: Desk) -> None:
    case = await desk.open(**P1)
    details = str((await metadata(case))["currentDetails"])
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    assert (await case.view()).number in details
    assert f"initial response: due {due_at:%Y-%m-%d %H:%M:%S} UTC (1 h)" in details


async def test_every_message_and_question_is_described(desk: Desk) -> None:
    case = await desk.open()
    definition = (await metadata(case))["definition"]
    assert isinstance(definition, dict)
    for kind in ("queryDefinitions", "signalDefinitions", "updateDefinitions"):
        named = [one for one in definition[kind] if not one.get("name", "").startswith("__")]
        assert named
        assert all(one.get("description") for one in named if one.get("name")), kind


async def test_the_timer_is_named_after_its_clock(desk: Desk) -> None:
    case = await desk.open(**P1)
    summaries = [
        event.user_metadata.summary.data.decode()
        for event in await case.events()
        if event.HasField("timer_started_event_attributes")
    ]
    assert summaries == ['"initial response: warning"']
    await case.say("reply", KIM, text="Please hurry.")
    kinds = [
        event.user_metadata.summary.data.decode()
        for event in await case.events()
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert kinds == ['"acknowledgement"', '"new case"', '"customer replied"']
