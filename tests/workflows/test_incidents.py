"""A major incident and its cases on a real engine: each audience is told once, each case keeps its clocks."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import ActivityEnvironment

from domain.clocks import Clock
from domain.incidents.fan_out import Broadcast
from domain.incidents.record import Departure, IncidentPhase, incident_number
from domain.messages.case import Contact
from domain.messages.incident import IncidentNews
from domain.timeline import EntryKind
from starter.door import engine
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.live_incident import LiveIncident
from tests.people import ANA, KIM, KIMS_MAIL, P1, STAFF_MAIL
from workflows.incident_messages import IncidentFile

BEN = Contact(name="Ben", email="ben@eastern.example")
MOST_CAUSED = 5  # house rule: an update of an incident adds 8 events to a case, three of them its task


async def declared(desk: Desk, *cases: LiveCase) -> LiveIncident:
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA)
    if cases:
        await incident.say("join", ANA, cases=[case.id for case in cases])
    return incident


async def answered(desk: Desk, reference: str, **changes: Any) -> LiveCase:
    case = await desk.open(reference, **changes)
    await case.say("respond", ANA, text="I am on it.")
    return case


def notices(desk: Desk, address: str, word: str = "") -> list[str]:
    """The texts of the notices that came to an address."""
    texts = [mail.part("plain") for mail in desk.mails_to(address)]
    return [text for text in texts if "major incident" in text and word in text]


async def test_an_update_reaches_each_audience_once_in_the_thread_of_its_case(desk: Desk) -> None:
    kims = await answered(desk, "INC-1", **P1)
    bens = await answered(desk, "INC-2", tenant="Eastern Foods", contact=BEN, **P1)
    incident = await declared(desk, kims, bens)
    before = {case.id: len(await case.caused()) for case in (kims, bens)}

    receipt = await incident.say("post_update", ANA, text="It is the mail servers.", impact="No mail at all.")

    assert (receipt.notice, receipt.cases, receipt.waiting) == (2, 2, 1)
    for case, address in ((kims, KIMS_MAIL), (bens, "ben@eastern.example")):
        (text,) = notices(desk, address, "It is the mail servers.")
        assert "No mail at all." in text
        entry = (await case.entries(EntryKind.INCIDENT_NEWS))[-1]
        assert entry.text == "It is the mail servers.\nNo mail at all."
        mail = desk.mails_to(address)[-1].message
        assert mail["X-Sunrelay-Case"] == case.id
        assert mail["In-Reply-To"] == desk.mails_to(address)[-2].message["Message-ID"]
        assert len(await case.caused()) - before[case.id] <= MOST_CAUSED
        assert (await case.view()).incident.notice == 2  # type: ignore[union-attr]


async def test_one_customer_with_many_cases_is_told_once_and_each_case_says_where(desk: Desk) -> None:
    first, second, third = [await answered(desk, f"INC-{number}") for number in (1, 2, 3)]
    incident = await declared(desk, first, second, third)
    await incident.say("post_update", ANA, text="It is the mail servers.")

    (joined, update) = notices(desk, KIMS_MAIL)
    for text in (joined, update):
        assert (await second.view()).number in text
        assert (await third.view()).number in text
    number = (await first.view()).number
    for case in (second, third):
        assert [note.text for note in await case.entries(EntryKind.NOTED)] == [f"told with {number}"] * 2
        assert len(await case.entries(EntryKind.INCIDENT_NEWS)) == 2
        assert await case.told("incident_notice") == []
    await first.say("post_update", ANA, text="Something of this case alone.")
    mail = desk.mails_to(KIMS_MAIL)[-1].message
    assert mail["In-Reply-To"] is not None
    assert "incident_notice" in mail["In-Reply-To"]


async def test_a_late_case_hears_what_is_known_and_one_that_leaves_hears_no_more(desk: Desk) -> None:
    early = await answered(desk, "INC-1")
    late = await answered(desk, "INC-2", tenant="Eastern Foods", contact=BEN)
    incident = await declared(desk, early)
    await incident.say("post_update", ANA, text="It is the mail servers.")
    await incident.say("join", ANA, cases=[late.id])
    assert "It is the mail servers." in notices(desk, "ben@eastern.example")[0]

    await incident.say("leave", ANA, cases=[late.id], reason="It is your proxy.")
    await incident.say("post_update", ANA, text="They are back in an hour.")
    assert len(notices(desk, "ben@eastern.example")) == 2
    assert "It is your proxy." in notices(desk, "ben@eastern.example")[1]
    assert (await late.view()).incident is None
    assert len(notices(desk, KIMS_MAIL)) == 3
    children = await incident.children()
    assert children[late.id].left_because is Departure.ASKED
    assert children[early.id].heard == 5


async def test_resolving_offers_resolution_to_each_case_and_a_rejection_takes_one_back(desk: Desk) -> None:
    kims = await answered(desk, "INC-1", **P1)
    bens = await answered(desk, "INC-2", tenant="Eastern Foods", contact=BEN)
    incident = await declared(desk, kims, bens)
    await incident.say("resolve", ANA, text="The servers answer again.")
    for case, address in ((kims, KIMS_MAIL), (bens, "ben@eastern.example")):
        assert (await case.view()).phase == "resolved"
        assert [row.clock for row in await case.deadlines()] == [Clock.AUTO_CLOSE]
        assert "The servers answer again." in desk.mails_to(address)[-1].part("plain")
    await kims.say("reply", KIM, text="Not for us.", accepts=False)
    assert (await kims.view()).phase == "in_progress"
    await incident.say("close", ANA)
    assert (await bens.view()).phase == "resolved"
    outcome = await incident.handle.result()
    assert (outcome["number"], outcome["cases"], outcome["notices"]) == (incident_number(incident.id), 2, 2)


async def test_a_case_that_is_closed_or_was_never_opened_is_left_out_and_the_others_hear(desk: Desk) -> None:
    open_one = await answered(desk, "INC-1")
    closed = await answered(desk, "INC-2", tenant="Eastern Foods", contact=BEN)
    await closed.say("close", ANA, reason="no_further_troubleshooting")
    incident = await declared(desk)
    await incident.say("join", ANA, cases=[open_one.id, closed.id, "case-nobody-knows"])
    await incident.say("post_update", ANA, text="News.")
    children = await incident.children()
    assert children[closed.id].left_because is Departure.OVER
    assert children["case-nobody-knows"].left_because is Departure.OVER
    assert len(notices(desk, KIMS_MAIL)) == 2
    assert notices(desk, "ben@eastern.example") == []
    assert (await incident.view()).cases == 1


async def test_a_case_belongs_to_one_incident_at_a_time(desk: Desk) -> None:
    case = await answered(desk, "INC-1")
    first = await declared(desk, case)
    second = LiveIncident(desk, "WEB")
    await second.declare(ANA, title="No web")
    await second.say("join", ANA, cases=[case.id])
    assert (await second.children())[case.id].left_because is Departure.ELSEWHERE
    assert (await case.view()).incident.id == first.id  # type: ignore[union-attr]
    assert len(notices(desk, KIMS_MAIL)) == 1


async def test_the_clocks_of_a_case_run_on_while_the_incident_is_silent(desk: Desk) -> None:
    case = await desk.open("INC-1", **P1)
    await declared(desk, case)
    due_at = await case.due(Clock.UPDATE)
    await desk.until(due_at)
    view = await case.view()
    assert view.score.system == 1
    assert len(await case.told("status_update")) == 1
    assert await case.due(Clock.UPDATE) == due_at + timedelta(hours=1)


async def test_a_breach_is_booked_in_a_case_while_a_mail_of_its_incident_hangs(desk: Desk) -> None:
    """The case has not heard yet, for its customer is just being told; nothing of its own waits for that."""
    hanging = await answered(desk, "INC-1")
    incident = await declared(desk)
    unanswered = await desk.open("INC-2", tenant="Eastern Foods", contact=BEN, **P1)
    due_at = await unanswered.due(Clock.INITIAL_RESPONSE)
    await desk.until(due_at, seconds=-2)
    desk.mail.data_moods.append("hang")
    await incident.ask("join", {"actor": ANA, "cases": [hanging.id]})
    await desk.until(due_at, seconds=5)
    breaches = (await unanswered.view()).breaches
    assert [breach.clock for breach in breaches] == [Clock.INITIAL_RESPONSE]


async def test_what_a_mail_system_does_not_take_is_left_to_the_case_and_arrives_once(desk: Desk) -> None:
    case = await answered(desk, "INC-1")
    incident = await declared(desk, case)
    desk.mail.data_moods.append("451 not now")
    await incident.say("post_update", ANA, text="It is the mail servers.")
    assert (await incident.children())[case.id].heard == 2
    assert len(await case.entries(EntryKind.INCIDENT_NEWS)) == 2
    await desk.passes(minutes=1)
    assert len(notices(desk, KIMS_MAIL, "It is the mail servers.")) == 1


async def test_an_address_that_never_works_is_told_to_our_people_by_the_case(desk: Desk) -> None:
    case = await answered(desk, "INC-1")
    desk.mail.refusals[KIMS_MAIL] = ["550 5.1.1 unknown"]
    await declared(desk, case)
    assert len(await case.entries(EntryKind.INCIDENT_NEWS)) == 1
    assert len(await case.entries(EntryKind.DELIVERY_FAILED)) == 1
    assert "INCIDENT" in desk.mails_to(STAFF_MAIL)[-1].part("plain").upper()


async def test_a_fan_out_that_dies_in_the_middle_tells_and_enters_nothing_twice(desk: Desk) -> None:
    """The worst death: one customer was told, no case has heard, and nothing of the attempt is remembered."""
    contacts = [Contact(name="Kim", email=f"kim{number}@partner.example") for number in range(4)]
    cases = [await answered(desk, f"INC-{number}", contact=one) for number, one in enumerate(contacts)]
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA)
    news = IncidentNews.model_validate(
        {"actor": ANA, "request_id": f"{incident.id}/1", "incident": incident.id, "number": "MI-1"}
        | {"title": "No mail", "notice": 1, "kind": "joined", "text": "We look into it."}
        | {"received_at": await desk.now()}
    )
    broadcast = Broadcast(news=news, children=tuple(case.id for case in cases))
    desk.mail.data_moods += ["250 taken", "hang", "hang", "hang"]
    dying = asyncio.create_task(
        ActivityEnvironment(client=desk.client).run(desk.adapters.fan_out.fan_out, broadcast)
    )
    while not [row for case in cases for row in await case.told("incident_notice") if row.settled_at]:
        await asyncio.sleep(0.01)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying

    report = await ActivityEnvironment(client=desk.client).run(desk.adapters.fan_out.fan_out, broadcast)
    await desk.rest()
    again = await ActivityEnvironment(client=desk.client).run(desk.adapters.fan_out.fan_out, broadcast)
    await desk.rest()
    assert (report.over, again.over) == ((), ())
    for case, contact in zip(cases, contacts, strict=True):
        assert contact.email is not None
        assert len(notices(desk, contact.email)) == 1
        assert len(await case.entries(EntryKind.INCIDENT_NEWS)) == 1


async def test_a_notice_costs_the_incident_one_activity_however_many_cases_hear_it(desk: Desk) -> None:
    cases = [await answered(desk, f"INC-{number}") for number in range(5)]
    incident = await declared(desk, *cases)
    await desk.passes(minutes=1)  # within a second its timer may stay where it is: two events less
    before = len(await incident.caused())
    await incident.say("post_update", ANA, text="News.")
    added = (await incident.caused())[before:]
    assert added.count("ACTIVITY_TASK_SCHEDULED") == 1
    assert len(added) <= 7


async def test_a_reference_repeated_is_the_same_incident_and_a_request_repeated_changes_nothing(
    desk: Desk,
) -> None:
    case = await answered(desk, "INC-1")
    incident = await declared(desk, case)
    assert (await incident.declare(ANA)).repeated
    with pytest.raises(Fault) as refused:
        await incident.declare(ANA, text="Something else.")
    assert refused.value.code == "DuplicateRequestConflict"
    said = {"text": "News.", "request_id": "update-1"}
    await incident.say("post_update", ANA, **said)
    assert (await incident.say("post_update", ANA, **said)).repeated
    assert len(notices(desk, KIMS_MAIL, "News.")) == 1


async def test_other_words_under_a_used_request_id_are_refused_and_leave_nothing(desk: Desk) -> None:
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA, request_id="d-1")
    await incident.say("post_update", ANA, text="News.", request_id="update-1")
    before = await accepted(incident)
    for verb, said in (
        ("post_update", {"text": "Other news.", "request_id": "update-1"}),
        ("resolve", {"text": "News.", "request_id": "update-1"}),
        ("post_update", {"text": "News.", "request_id": "d-1"}),
    ):
        with pytest.raises(Fault) as refused:
            await incident.say(verb, ANA, **said)
        assert refused.value.code == "DuplicateRequestConflict"
    with pytest.raises(Fault) as refused:
        await incident.declare(ANA, text="Something else.", request_id="d-1")
    assert refused.value.code == "DuplicateRequestConflict"
    assert (await incident.declare(ANA, request_id="d-1")).repeated
    assert await accepted(incident) == before + 1
    assert (await incident.view()).notices == 1


async def test_a_message_repeated_answers_nobody_to_whom_incidents_are_closed(desk: Desk) -> None:
    incident = await declared(desk)
    await incident.say("post_update", ANA, text="News.", request_id="update-1")
    for repeated in (
        incident.say("post_update", KIM, text="News.", request_id="update-1"),
        incident.declare(KIM),
    ):
        with pytest.raises(Fault) as refused:
            await repeated
        assert refused.value.code == "RoleNotPermitted"
    assert (await incident.say("post_update", ANA, text="News.", request_id="update-1")).repeated


async def accepted(incident: LiveIncident) -> int:
    kinds = [event.event_type for event in (await incident.handle.fetch_history()).events]
    return kinds.count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED)


async def test_a_refusal_leaves_nothing_in_the_history_and_names_its_code(desk: Desk) -> None:
    incident = await declared(desk)
    before = await accepted(incident)
    for payload, code in (
        ({"actor": KIM, "text": "Where are you?"}, "RoleNotPermitted"),
        ({"actor": ANA}, "ValidationError"),
        ("what?", "ValidationError"),
    ):
        with pytest.raises(Fault) as refused:
            await incident.ask("post_update", payload)
        assert refused.value.code == code
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await incident.handle.execute_update(
            "post_update", args=[{"actor": ANA, "text": "x"}, {"actor": ANA}]
        )
    assert engine.refused(failed.value).code == "ValidationError"
    assert await accepted(incident) == before
    assert (await incident.view()).phase is IncidentPhase.DECLARED


async def test_a_declaration_that_is_refused_ends_the_run_and_may_be_made_again(desk: Desk) -> None:
    incident = LiveIncident(desk, "MAIL")
    with pytest.raises(Fault) as refused:
        await incident.declare(KIM)
    assert refused.value.code == "RoleNotPermitted"
    receipt = await incident.declare(ANA)
    assert (receipt.phase, receipt.cases) == (IncidentPhase.DECLARED, 0)


async def test_a_long_incident_moves_to_a_fresh_run_and_forgets_nothing(desk: Desk) -> None:
    case = await answered(desk, "INC-1")
    incident = await declared(desk, case)
    await incident.say("leave", ANA, cases=[case.id], reason="It is your proxy.")
    for number in range(100):  # five events each where nobody is to be told
        await incident.ask("post_update", {"actor": ANA, "text": "News.", "request_id": f"news-{number}"})
    await desk.rest()
    started = (await incident.handle.fetch_history()).events[0].workflow_execution_started_event_attributes
    file = IncidentFile.model_validate_json(started.input.payloads[0].data)
    assert file.turn_overs == 1
    again = {"actor": ANA, "text": "News.", "request_id": "news-7"}
    assert (await incident.ask("post_update", again)).repeated
    with pytest.raises(Fault) as conflict:
        await incident.ask("post_update", again | {"text": "Other news."})
    assert conflict.value.code == "DuplicateRequestConflict"
    receipt = await incident.say("join", ANA, cases=[case.id])
    assert (receipt.notice, receipt.cases) == (103, 1)
    assert len(notices(desk, KIMS_MAIL)) == 3
    assert (await incident.children())[case.id].heard == 103
