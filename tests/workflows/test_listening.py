"""How a case listens: in what order, how often the same, how big, how wrong, and what it answers."""

import asyncio
import unicodedata
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door import engine
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, P1, STRANGER
from workflows.messages import Receipt

ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
HOSTILE = ("line\nbreak", "nul\x00byte", "right\u202eleft", "para\u2029graph")
UNKNOWN = ("gossip", "respond ", *HOSTILE, "x" * 500, "<b>bold</b>", "'; --")
SHAPES: tuple[object, ...] = (
    {"actor": {"kind": "staff"}},
    {"a": 1},
    [1, 2],
    "text",
    7,
    None,
    {"text": 1, "actor": []},
)
FOREIGN: dict[str, dict[str, str]] = {
    "reply": {"text": "Hello?"},
    "add_note": {"text": "Hello?"},
    "close": {"reason": "requested"},
    "reopen": {"reason": "It is back."},
    "change_level": {"level": "P1", "reason": "It is bad."},
}


async def unread(case: LiveCase) -> str:
    """Why the last message could not be taken, as the timeline has it; it never shows the customer."""
    entry = (await case.entries(EntryKind.NOT_UNDERSTOOD))[-1]
    assert entry.internal
    assert entry.kind not in [shown.kind for shown in (await case.customer_view()).timeline]
    assert entry.text is not None
    assert not [char for char in entry.text if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")]
    return entry.text


async def still_answers(case: LiveCase) -> None:
    receipt = await case.say("respond", ANA, text="I am on it.")
    assert receipt.phase == "in_progress"


# --- in what order -------------------------------------------------------------------------------------


@pytest.mark.worker_goes
async def test_updates_and_signals_that_waited_together_are_taken_in_the_order_of_their_receipt(
    desk: Desk,
) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    start = await desk.now()

    def at(minute: int) -> str:
        return (start + timedelta(minutes=minute)).isoformat()

    async with desk.with_the_worker_away():
        await desk.passes(minutes=30)
        yes = {"actor": KIM, "text": "It works.", "accepts": True, "received_at": at(20)}
        solved = {"actor": ANA, "kind": "resolution", "text": "Cache.", "received_at": at(10)}
        answers = [asyncio.create_task(case.ask("reply", yes))]
        await asyncio.sleep(0.2)
        await case.send("add_note", {"actor": ANA, "text": "Nearly.", "received_at": at(5)})
        answers.append(asyncio.create_task(case.ask("resolve", solved)))
        await asyncio.sleep(0.2)
    closed, resolved = await asyncio.gather(*answers)
    assert (resolved.phase, closed.phase) == ("resolved", "closed")
    kinds = [entry.kind for entry in await case.timeline()][2:]
    assert kinds == [EntryKind.NOTED, EntryKind.RESOLVED, EntryKind.REPLIED, EntryKind.CLOSED]


@pytest.mark.worker_goes
@pytest.mark.covers("GAP-16")
async def test_an_answer_received_at_the_due_instant_is_in_time_though_handled_after_it(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    async with desk.with_the_worker_away():
        await desk.passes(hours=3)
        on_time = {"actor": ANA, "text": "I am on it.", "received_at": due_at.isoformat()}
        await case.send("respond", on_time)
    view = await case.view()
    assert view.responded_at == due_at
    assert Clock.INITIAL_RESPONSE not in [breach.clock for breach in view.breaches]


@pytest.mark.worker_goes
async def test_a_message_received_after_the_due_instant_comes_after_the_breach(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    async with desk.with_the_worker_away():
        await desk.until(due_at, minutes=40)
        late = (due_at + timedelta(minutes=10)).isoformat()
        await case.send("respond", {"actor": ANA, "text": "Sorry.", "received_at": late})
    kinds = [entry.kind for entry in await case.timeline()][1:]
    assert kinds == [EntryKind.BREACHED, EntryKind.KEPT_LATE, EntryKind.RESPONDED]
    assert (await case.view()).breaches[0].late_seconds == 600


async def test_a_message_counts_for_no_earlier_than_what_was_settled_already(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    await desk.until(due_at, minutes=5)
    receipt = await case.say("respond", ANA, text="I was in time!", received_at=due_at - timedelta(minutes=9))
    assert receipt.at == due_at
    assert (await case.view()).breach_count == 1


async def test_a_message_stamped_ahead_of_us_is_taken_as_received_now_by_update_and_by_signal(
    desk: Desk,
) -> None:
    case = await desk.open()
    ahead = (await desk.now() + timedelta(minutes=5)).isoformat()
    receipt = await case.say("respond", ANA, text="I am on it.", received_at=ahead)
    assert receipt.warnings == ("ClockAhead",)
    assert receipt.at < await desk.now() + timedelta(minutes=1)
    await case.tell("reply", KIM, text="Nobody can sign in", received_at=ahead)
    timeline = await case.timeline()
    assert [entry.text for entry in timeline if entry.kind is EntryKind.REPLIED] == ["Nobody can sign in"]
    assert [entry.internal for entry in timeline if entry.about == "ClockAhead"] == [True, True]
    soon = await desk.now() + timedelta(seconds=40)
    assert (await case.say("post_update", ANA, text="News.", received_at=soon.isoformat())).warnings == ()


async def test_a_signal_is_not_dropped_for_a_stamp_that_is_no_instant(desk: Desk) -> None:
    case = await desk.open()
    await case.tell("respond", ANA, text="I am on it.", received_at="2027-02-30T25:00")
    timeline = await case.timeline()
    assert EntryKind.RESPONDED in {entry.kind for entry in timeline}
    assert [entry.internal for entry in timeline if entry.about == "StampUnread"] == [True]


async def test_two_updates_at_once_are_both_answered(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    answers = await asyncio.gather(
        case.ask("resolve", {"actor": ANA, "kind": "resolution", "text": "Done."}),
        case.ask("close", {"actor": KIM, "reason": "requested"}),
        return_exceptions=True,
    )
    await desk.rest()
    assert (await case.view()).phase == "closed"
    assert isinstance(answers[1], Receipt)
    assert isinstance(answers[0], Receipt) or (
        isinstance(answers[0], Fault) and answers[0].code == "InvalidTransition"
    )


# --- how often the same --------------------------------------------------------------------------------


async def test_a_request_id_repeated_does_nothing_again(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.", request_id="r-1")
    again = await case.say("respond", ANA, text="I am on it.", request_id="r-1")
    assert again.repeated
    await case.tell("respond", ANA, text="I am on it.", request_id="r-1")
    assert [entry.kind for entry in await case.timeline()] == [EntryKind.SUBMITTED, EntryKind.RESPONDED]
    assert len(desk.mails_to(KIMS_MAIL)) == 2


async def test_another_message_under_a_request_id_taken_before_is_refused(desk: Desk) -> None:
    case = await desk.open()
    await case.say("add_note", ANA, text="one", request_id="r-1")
    for verb, text in (("add_note", "two"), ("post_update", "one")):
        with pytest.raises(Fault) as refused:
            await case.say(verb, ANA, text=text, request_id="r-1")
        assert refused.value.code == "DuplicateRequestConflict"
    assert [entry.kind for entry in await case.timeline()] == [EntryKind.SUBMITTED, EntryKind.NOTED]


async def test_an_update_asked_again_by_its_id_has_the_same_answer(desk: Desk) -> None:
    case = await desk.open()
    first = await case.say("respond", ANA, text="I am on it.", update_id="u-1")
    again = await case.say("respond", ANA, text="I am on it.", update_id="u-1")
    assert again == first
    assert len(await case.events(ACCEPTED)) == 2


# --- what is refused -----------------------------------------------------------------------------------


async def test_a_refused_update_leaves_nothing_in_the_case(desk: Desk) -> None:
    case = await desk.open()
    before = await case.view()
    with pytest.raises(Fault) as refused:
        await case.say("reopen", KIM, reason="It is back.")
    assert (refused.value.code, refused.value.remedy) == (
        "CaseNotClosed",
        "reply to it, or post an update",
    )
    assert await case.view() == before
    assert len(await case.events(ACCEPTED)) == 1


@pytest.mark.covers("DED-09")
async def test_another_tenants_people_are_turned_away(desk: Desk, subtests: pytest.Subtests) -> None:
    case = await desk.open()
    for verb, fields in FOREIGN.items():
        with subtests.test(verb):
            with pytest.raises(Fault) as refused:
                await case.say(verb, STRANGER, **fields)
            assert refused.value.code == "Forbidden"
    assert len(await case.timeline()) == 1


async def test_texts_that_hide_something_are_refused(desk: Desk, subtests: pytest.Subtests) -> None:
    case = await desk.open()
    for text in HOSTILE[1:]:
        with subtests.test(text.encode("unicode_escape").decode()):
            with pytest.raises(Fault) as refused:
                await case.say("respond", ANA, text=text)
            assert (refused.value.code, refused.value.missing) == ("ValidationError", ("text",))
            await case.tell("respond", ANA, text=text)
            assert "ValidationError: text" in await unread(case)
    assert len(await case.timeline()) == len(HOSTILE)
    await still_answers(case)


async def test_markup_and_quotes_in_a_text_are_only_text(desk: Desk) -> None:
    case = await desk.open()
    text = "<script>alert('1')</script> {{ 7*7 }} \"; DROP TABLE cases; --"
    await case.say("respond", ANA, text=text)
    assert (await case.timeline())[-1].text == text
    mail = desk.mails_to(KIMS_MAIL)[-1]
    assert text in mail.part("plain").replace("\n", " ")
    assert "<script>" not in mail.part("html")


async def test_a_message_of_the_wrong_shape_stops_nothing(desk: Desk, subtests: pytest.Subtests) -> None:
    case = await desk.open()
    for payload in SHAPES:
        with subtests.test(str(payload)):
            await case.send("respond", payload)
            await desk.rest()
            assert (await unread(case)).startswith("message 'respond'")
            with pytest.raises(Fault) as refused:
                await case.ask("respond", payload)
            assert refused.value.code == "ValidationError"
    assert len(await case.timeline()) == 1 + len(SHAPES)
    await still_answers(case)


async def test_no_payload_or_several_stop_nothing(desk: Desk) -> None:
    case = await desk.open()
    for payloads in (), ({"a": 1}, {"b": 2}):
        await case.handle.signal("respond", args=payloads)
        await desk.rest()
        assert f"{len(payloads)} payloads" in await unread(case)
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await case.handle.execute_update("respond", args=payloads)
        assert engine.refused(failed.value).code == "ValidationError"
    await still_answers(case)


async def test_a_message_too_large_is_refused_with_its_size(desk: Desk) -> None:
    case = await desk.open()
    for size in (9 * 1024, 100 * 1024):
        message = {"actor": ANA, "text": "x" * size}
        with pytest.raises(Fault) as refused:
            await case.ask("add_note", message)
        assert refused.value.code == "ValidationError"
        await case.send("add_note", message)
        await desk.rest()
        assert "message 'add_note'" in await unread(case)
    await still_answers(case)


async def test_a_signal_nobody_knows_is_recorded_and_nothing_else(
    desk: Desk, subtests: pytest.Subtests
) -> None:
    case = await desk.open()
    for name in UNKNOWN:
        with subtests.test(name.encode("unicode_escape").decode()):
            await case.send(name, {"of": "the day"})
            await desk.rest()
            assert "there is no such message" in await unread(case)
    assert len(await case.timeline()) == 1 + len(UNKNOWN)
    await still_answers(case)


async def test_names_of_fields_cannot_smuggle_anything_into_the_timeline(desk: Desk) -> None:
    case = await desk.open()
    await case.send("respond", {"actor": ANA, "text": "x", "nul\x00 and\u202e this": 1})
    await desk.rest()
    assert "ValidationError" in await unread(case)
    await still_answers(case)


async def test_an_update_nobody_knows_is_an_error_of_its_caller(desk: Desk) -> None:
    case = await desk.open()
    with pytest.raises(WorkflowUpdateFailedError):
        await case.handle.execute_update("gossip", {"of": "the day"})
    await still_answers(case)


# --- what it answers -----------------------------------------------------------------------------------


async def test_a_receipt_is_at_most_two_kib_whatever_is_in_the_case(desk: Desk) -> None:
    long = "\U0001f6e0" * 200
    case = await desk.open(title=long, contact=None, tenant_domain=None, affected_users=None)
    loud = ANA.model_copy(update={"name": long})
    receipt = await case.say("respond", loud, text="é" * 4000, assignee=long)
    assert receipt.owner == long
    with pytest.raises(Fault):
        await case.say("resolve", ANA, kind=long, text="x")
    (completed, *_) = [
        event.workflow_execution_update_completed_event_attributes.outcome.success.payloads[0].data
        for event in reversed(await case.events())
        if event.HasField("workflow_execution_update_completed_event_attributes")
    ]
    assert len(completed) <= 2048
