"""How a case comes into being, by each of its doors, and how it is refused."""

import asyncio

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from domain.actor import ActorKind
from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, P1, P5, ROBOT, STAFF_MAIL
from workflows.messages import new_case

HOURS = 3600.0


async def seconds_to(case: LiveCase, clock: Clock) -> float:
    return ((await case.due(clock)) - (await case.view()).received_at).total_seconds()


@pytest.mark.covers("RHIPE-13")
async def test_a_submission_is_answered_with_the_number_and_the_promise(desk: Desk) -> None:
    submit = desk.request(**P1)
    case = desk.case(submit)
    receipt = await case.submit(submit)
    view = await case.view()
    assert (receipt.outcome, receipt.phase, receipt.level, receipt.owner) == (
        "accepted",
        "received",
        "P1",
        "sydney",
    )
    assert receipt.number == view.number
    assert receipt.next_deadline is not None
    assert (receipt.next_deadline.clock, receipt.next_deadline.due_at) == (
        "initial_response",
        await case.due(Clock.INITIAL_RESPONSE),
    )
    assert await seconds_to(case, Clock.INITIAL_RESPONSE) == 1 * HOURS


async def test_the_customer_is_sent_an_acknowledgement_that_is_no_response(desk: Desk) -> None:
    case = await desk.open(**P1)
    (mail,) = desk.mails_to(KIMS_MAIL)
    assert (await case.view()).number in mail.message["Subject"]
    assert (await case.view()).responded_at is None
    assert await case.due(Clock.INITIAL_RESPONSE)


async def test_a_signal_opens_the_same_case_as_an_update(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    await case.hand_in(submit)
    assert (await case.view()).phase == "received"
    assert [entry.kind for entry in await case.timeline()] == [EntryKind.SUBMITTED]


async def test_a_request_in_the_start_argument_opens_the_case(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    await case.start(new_case(submit))
    assert (await case.view()).reference == submit.reference


@pytest.mark.covers("RHIPE-11")
async def test_a_refused_opening_fails_the_run_with_its_code_and_may_be_tried_again(desk: Desk) -> None:
    wrong = desk.request(impact="enormous")
    case = desk.case(wrong)
    with pytest.raises(Fault) as refused:
        await case.submit(wrong)
    assert refused.value.code == "ValidationError"
    assert refused.value.missing == ("impact",)
    with pytest.raises(Fault, match="impact") as failed:
        await case.outcome()
    assert failed.value.code == "ValidationError"
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.FAILED
    await case.submit(desk.request())
    assert (await case.view()).phase == "received"
    await desk.rest()
    assert len(desk.mails_to(KIMS_MAIL)) == 1


@pytest.mark.covers("RHIPE-05", "RHIPE-22")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"plan": "gold"}, "PlanUnknown"),
        ({"region": "atlantis"}, "RegionUnknown"),
        ({"policy": "nobodys"}, "PolicyValueUnknown"),
        ({"actor": ROBOT.model_copy(update={"kind": ActorKind.VENDOR})}, "RoleNotPermitted"),
        ({"actor": KIM, "tenant": "Other Foods"}, "Forbidden"),
    ],
)
async def test_what_the_policy_does_not_know_is_refused_by_its_own_code(
    desk: Desk, wrong: dict[str, object], code: str
) -> None:
    submit = desk.request(**wrong)
    with pytest.raises(Fault) as refused:
        await desk.case(submit).submit(submit)
    assert refused.value.code == code


async def test_an_unreadable_submission_is_refused_and_leaves_no_case_behind(desk: Desk) -> None:
    case = desk.case(desk.request())
    with pytest.raises(Fault) as refused:
        await case.submit({"actor": {"kind": "staff"}, "reference": "x\u202ey"})
    assert refused.value.code == "ValidationError"
    assert {"tenant", "reference"} <= set(refused.value.missing)
    with pytest.raises(Fault):
        await case.outcome()


async def test_the_same_request_again_is_the_same_case(desk: Desk) -> None:
    submit = desk.request()
    case = await desk.open()
    again = await case.submit(submit)
    assert again.repeated
    await desk.rest()
    assert [entry.kind for entry in await case.timeline()] == [EntryKind.SUBMITTED]
    assert len(desk.mails_to(KIMS_MAIL)) == 1


@pytest.mark.covers("DED-14")
async def test_the_same_reference_with_other_content_is_a_conflict(desk: Desk) -> None:
    case = await desk.open()
    other = desk.request(explanation="Something else.")
    with pytest.raises(Fault) as refused:
        await case.submit(other)
    assert refused.value.code == "DuplicateRequestConflict"
    assert len(await case.events(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED)) == 1
    await case.hand_in(other)
    (unread,) = await case.entries(EntryKind.NOT_UNDERSTOOD)
    assert "DuplicateRequestConflict" in (unread.text or "")


async def test_two_tenants_with_one_reference_have_two_cases(desk: Desk) -> None:
    ours = await desk.open()
    theirs = await desk.open(tenant="Other Foods")
    assert ours.id != theirs.id


async def test_two_submissions_at_once_make_one_case(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    first, second = await asyncio.gather(case.submit(submit), case.submit(submit))
    assert sorted((first.repeated, second.repeated)) == [False, True]
    await desk.rest()
    assert len(desk.mails_to(KIMS_MAIL)) == 1


@pytest.mark.covers("RHIPE-46")
async def test_an_incomplete_request_is_a_case_that_asks_for_what_is_missing(desk: Desk) -> None:
    submit = desk.request(troubleshooting_steps=None, tenant_domain=None)
    case = desk.case(submit)
    receipt = await case.submit(submit)
    assert (receipt.phase, receipt.warnings) == ("awaiting_information", ("IntakeIncomplete",))
    assert receipt.missing == ("tenant_domain", "troubleshooting_steps")
    for fields, code in (
        ({"tenant_domain": "not a domain"}, "ValidationError"),
        ({"screenshots": ["all.docx"]}, "AttachmentTypeNotPermitted"),
    ):
        with pytest.raises(Fault) as refused:
            await case.say("provide_information", KIM, **fields)
        assert refused.value.code == code
    steps = ["restarted"]
    complete = await case.say(
        "provide_information", KIM, tenant_domain="t.example", troubleshooting_steps=steps
    )
    assert (complete.phase, complete.missing) == ("received", ())


@pytest.mark.covers("RHIPE-45")
async def test_a_request_without_any_troubleshooting_is_refused(desk: Desk) -> None:
    submit = desk.request(troubleshooting_steps=())
    with pytest.raises(Fault) as refused:
        await desk.case(submit).submit(submit)
    assert refused.value.code == "TroubleshootingRequired"


@pytest.mark.covers("RHIPE-64")
async def test_a_request_by_the_back_door_is_taken_without_a_promise(desk: Desk) -> None:
    submit = desk.request(channel="account_manager")
    receipt = await desk.case(submit).submit(submit)
    assert "SlaNotApplicable" in receipt.warnings
    assert receipt.next_deadline is None


async def test_a_question_without_impact_has_no_response_clock(desk: Desk) -> None:
    case = await desk.open(**P5)
    assert await case.deadlines() == ()
    receipt = await case.say("respond", ANA, text="It is in the price list.")
    assert receipt.next_deadline is None


async def test_a_partners_own_request_is_announced_to_the_staff(desk: Desk) -> None:
    await desk.open(actor=KIM, channel="portal")
    assert len(desk.mails_to(KIMS_MAIL)) == 1
    assert len(desk.mails_to(STAFF_MAIL)) == 1


async def test_messages_before_the_opening_wait_for_it(desk: Desk) -> None:
    submit = desk.request()
    case = desk.case(submit)
    await case.start(new_case())
    answer = asyncio.create_task(case.ask("respond", {"actor": ANA, "text": "We have begun."}))
    await case.send("gossip", {"of": "the day"})
    await case.send("submit", submit)
    assert (await answer).phase == "in_progress"
    await desk.rest()
    kinds = [entry.kind for entry in await case.timeline()]
    assert kinds[0] is EntryKind.SUBMITTED
    assert sorted(kinds[1:]) == [EntryKind.NOT_UNDERSTOOD, EntryKind.RESPONDED]


async def test_messages_that_waited_for_a_refused_opening_are_refused_with_it(desk: Desk) -> None:
    submit = desk.request(urgency="enormous")
    case = desk.case(submit)
    await case.start(new_case())
    answer = asyncio.create_task(case.ask("respond", {"actor": ANA, "text": "We have begun."}))
    await case.send("submit", submit)
    with pytest.raises(Fault) as refused:
        await answer
    assert refused.value.code == "ValidationError"


async def test_a_case_nobody_submits_anything_to_ends_after_an_hour(desk: Desk) -> None:
    case = desk.case(desk.request())
    await case.start(new_case())
    await desk.passes(hours=1, seconds=5)
    with pytest.raises(Fault, match="no request came"):
        await case.outcome()


@pytest.mark.worker_goes
async def test_a_request_counts_from_its_receipt_however_late_it_is_handled(desk: Desk) -> None:
    received = await desk.now()
    submit = desk.request(received_at=received, **P1)
    case = desk.case(submit)
    async with desk.with_the_worker_away():
        await case.hand_in(submit)
        await desk.passes(minutes=50)
    view = await case.view()
    assert view.received_at == received.replace(microsecond=0)
    assert await seconds_to(case, Clock.INITIAL_RESPONSE) == 1 * HOURS


async def test_a_request_from_ahead_of_us_is_a_case_received_now(desk: Desk) -> None:
    later = (await desk.now()).replace(year=2050)
    submit = desk.request(received_at=later)
    receipt = await desk.case(submit).submit(submit)
    assert receipt.warnings == ("ClockAhead",)
    assert receipt.at.year < 2050
