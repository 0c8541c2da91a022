"""Resolving and closing: by whom, by silence, and what the customer's answer changes."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, P1, STAFF_MAIL


async def resolved(desk: Desk, **changes: object) -> LiveCase:
    case = await desk.open(**changes)
    await case.say("respond", ANA, text="I am on it.")
    await case.say("resolve", ANA, kind="resolution", text="The cache was full.")
    return case


@pytest.mark.covers("DED-32")
async def test_a_resolution_says_of_which_kind_it_is(desk: Desk) -> None:
    case = await desk.open()
    with pytest.raises(Fault) as refused:
        await case.say("resolve", ANA, text="Done.")
    assert refused.value.code == "ResolutionKindRequired"
    receipt = await case.say("resolve", ANA, kind="workaround", text="Use the web client.")
    assert receipt.phase == "resolved"
    assert [row.clock for row in await case.deadlines()] == [Clock.AUTO_CLOSE]
    assert "Use the web client." in desk.mails_to(KIMS_MAIL)[-1].part("plain")


@pytest.mark.covers("RHIPE-35")
async def test_silence_closes_a_resolved_case_at_the_promised_instant(desk: Desk) -> None:
    case = await resolved(desk)
    due_at = await case.due(Clock.AUTO_CLOSE)
    await desk.until(due_at, seconds=-5)
    assert (await case.view()).phase == "resolved"
    await desk.until(due_at)
    view = await case.view()
    assert (view.phase, view.close_reason, view.closed_at) == ("closed", "auto_close", due_at)
    assert [row.kind for row in await case.told()][-2:] == ["case_closed", "csat_survey"]
    with pytest.raises(Fault) as refused:
        await case.say("resolve", ANA, kind="resolution", text="Once more.")
    assert refused.value.code == "InvalidTransition"


async def test_another_resolution_runs_auto_close_anew(desk: Desk) -> None:
    case = await resolved(desk)
    await desk.passes(days=1)
    first = await case.due(Clock.AUTO_CLOSE)
    await case.say("resolve", ANA, kind="resolution", text="Properly this time.")
    assert await case.due(Clock.AUTO_CLOSE) > first


async def test_a_customer_who_accepts_closes_the_case(desk: Desk) -> None:
    case = await resolved(desk)
    receipt = await case.say("reply", KIM, text="Thank you, it works.", accepts=True)
    view = await case.view()
    assert (receipt.phase, view.close_reason) == ("closed", "customer_confirmed")


async def test_a_customer_who_rejects_takes_the_case_back_to_work(desk: Desk) -> None:
    case = await resolved(desk, **P1)
    receipt = await case.say("reply", KIM, text="It does not work.", accepts=False)
    assert receipt.phase == "in_progress"
    assert [row.clock for row in await case.deadlines()] == [Clock.UPDATE]
    assert await case.due(Clock.UPDATE) == receipt.at + timedelta(hours=1)


async def test_a_reply_that_says_neither_stops_auto_close_and_asks_the_engineer(desk: Desk) -> None:
    case = await resolved(desk)
    first = await case.due(Clock.AUTO_CLOSE)
    await desk.until(first - timedelta(hours=1))
    receipt = await case.say("reply", KIM, text="Let me look at it.")
    assert receipt.phase == "resolved"
    assert [row.clock for row in await case.deadlines()] == [Clock.UPDATE]
    assert (await case.view()).answer_owed_since == receipt.at
    assert "Let me look at it." in desk.mails_to(STAFF_MAIL)[-1].part("plain")


@pytest.mark.covers("RHIPE-34")
async def test_closing_needs_a_reason_of_the_guide(desk: Desk) -> None:
    case = await desk.open()
    for fields, code in (
        ({}, "ReasonRequired"),
        ({"reason": "bored"}, "ValidationError"),
        ({"reason": "resolved"}, "InvalidTransition"),
    ):
        with pytest.raises(Fault) as refused:
            await case.say("close", ANA, **fields)
        assert refused.value.code == code
    receipt = await case.say("close", ANA, reason="no_further_troubleshooting", text="The vendor says no.")
    assert (receipt.phase, (await case.view()).close_reason) == ("closed", "no_further_troubleshooting")


async def test_a_requester_may_only_give_his_own_request_up(desk: Desk) -> None:
    case = await desk.open()
    with pytest.raises(Fault) as refused:
        await case.say("close", KIM, reason="no_further_troubleshooting")
    assert refused.value.code == "RoleNotPermitted"
    receipt = await case.say("close", KIM, reason="requested")
    assert receipt.phase == "closed"
    assert [row.clock for row in await case.deadlines()] == [Clock.REOPEN_WINDOW]


async def test_what_comes_to_a_closed_case_is_refused_or_kept(desk: Desk) -> None:
    case = await resolved(desk)
    await case.say("close", ANA, reason="resolved")
    with pytest.raises(Fault) as refused:
        await case.say("post_update", ANA, text="One more thing.")
    assert refused.value.code == "CaseClosed"
    receipt = await case.say("reply", KIM, text="Thank you all.")
    assert receipt.phase == "closed"
    assert (await case.timeline())[-1].kind is EntryKind.REPLIED
