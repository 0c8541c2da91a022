"""How cases end and come back under the guides: confirmation, validation, reopening after weeks."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import INCIDENTS, asker, kinds_told, listed, mails_about, records_under, said, taken
from tests.live_case import LiveCase
from tests.people import ANA, STAFF_MAIL

ALEX = asker("distributor-css")
ROBIN = asker("o365-overview")
SAM = asker("o365-dedicated")
SOLVED = {"kind": "resolution", "text": "The store is mounted again."}


async def refusal(case: LiveCase, verb: str, **fields: object) -> str:
    """The code with which our engineer is refused; the case is unmoved."""
    before = await case.view()
    with pytest.raises(Fault) as refused:
        await case.say(verb, ANA, **fields)
    assert await case.view() == before
    return refused.value.code


async def test_a_word_that_settles_nothing_leaves_a_case_open_that_wants_confirmation(desk: Desk) -> None:
    case = await taken(desk, "distributor-css")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("resolve", ANA, **SOLVED)
    await case.say("reply", ALEX, text="I look at it tomorrow.")
    await desk.passes(days=400)
    assert (await case.view()).phase == "resolved"
    assert (await kinds_told(case))[-1] == "confirm_resolution"


@pytest.mark.covers("DED-33", "DED-35")
async def test_the_most_urgent_levels_are_resolved_only_once_the_solution_is_validated(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated", severity="A")
    await case.say("respond", ANA, text="I am on it.")
    for verb, fields in (("resolve", SOLVED), ("close", {"reason": "restored"})):
        assert await refusal(case, verb, **fields) == "ResolutionNotValidated"
    receipt = await case.say("validate_resolution", ANA, text="Please try to send a mail.")
    assert receipt.phase == "validating_resolution"
    receipt = await case.say("reply", SAM, text="It hangs.", accepts=False)
    assert receipt.phase == "in_progress"
    assert await refusal(case, "resolve", **SOLVED) == "ResolutionNotValidated"
    await case.say("validate_resolution", ANA, text="And now?")
    await desk.until(await case.due(Clock.UPDATE))
    mails = await mails_about(desk, case, "o365-dedicated")
    assert [mail for mail in mails if "waiting for you to tell us whether it works" in mail]
    receipt = await case.say("reply", SAM, text="It leaves.", accepts=True)
    assert (receipt.phase, (await case.view()).validated_at) == ("in_progress", receipt.at)
    assert (await case.say("resolve", ANA, **SOLVED)).phase == "resolved"
    by_the_clock = (EntryKind.CUSTOMER_UPDATE_LAPSED, EntryKind.STATUS_SENT, EntryKind.WARNED)
    kinds = [entry.kind for entry in await case.timeline() if entry.kind not in by_the_clock]
    assert kinds[2:] == [
        "validation_asked",
        "replied",
        "validation_asked",
        "replied",
        "validated",
        "resolved",
    ]


@pytest.mark.covers("DED-35")
async def test_a_solution_that_was_rejected_is_validated_anew_before_the_case_is_closed(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated", severity="A")
    await case.say("validate_resolution", ANA, text="He says it works.", validated=True)
    await case.say("resolve", ANA, **SOLVED)
    await case.say("reply", SAM, text="It is down again.", accepts=False)
    for verb, fields in (("resolve", SOLVED), ("close", {"reason": "restored"})):
        assert await refusal(case, verb, **fields) == "ResolutionNotValidated"
    await case.say("validate_resolution", ANA, text="He says it is back.", validated=True)
    assert (await case.say("close", ANA, reason="restored")).phase == "closed"


@pytest.mark.covers("DED-35")
async def test_a_validation_on_a_call_counts_and_mails_nobody(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated", actor=INCIDENTS, severity="1")
    await case.say("respond", ANA, text="I am on it.")
    before = len(desk.mail.taken)
    await case.say("validate_resolution", ANA, text="He says so on the bridge.", validated=True)
    assert len(desk.mail.taken) == before
    assert (await case.say("resolve", ANA, **SOLVED)).phase == "resolved"


@pytest.mark.covers("O365-23")
async def test_a_case_reopened_after_weeks_keeps_its_number_and_its_whole_timeline(desk: Desk) -> None:
    case = await taken(desk, "o365-overview")
    before = await case.view()
    await case.say("respond", ANA, text="I am on it.")
    with pytest.raises(Fault) as refused:
        await case.say("reopen", ROBIN, reason="It is back.")
    assert refused.value.code == "CaseNotClosed"
    await case.say("resolve", ANA, **SOLVED)
    await case.say("close", ANA, reason="resolved")
    told = await case.timeline()
    await desk.passes(weeks=7)
    receipt = await case.say("reopen", ROBIN, reason="It is back.")
    view = await case.view()
    assert (receipt.outcome, receipt.number, view.reopens) == ("accepted", before.number, 1)
    assert (await case.timeline())[: len(told)] == told
    assert (await case.timeline())[-1].kind is EntryKind.REOPENED
    assert await case.due(Clock.INITIAL_RESPONSE) == receipt.at + timedelta(hours=2)
    assert "It is back." in said(desk.mails_to(STAFF_MAIL)[-1])


async def test_the_linked_case_of_a_billing_question_is_taken_although_its_verification_is_gone(
    desk: Desk,
) -> None:
    items = {
        "admin_name": "Quentin Ashgrove",
        "company_name": "Larchfield Holdings",
        "company_address": "9 Thistle Row, Crewe",
        "alternate_email": "q.ashgrove@elsewhere.example",
    }
    await listed(desk, records_under("o365-overview", plan="standard", verification=items))
    changes = {"channel": "portal", "access_id": None, "support_type": "billing"}
    changes |= {"category": "bill_clarification", "verification": items}
    admin = asker("o365-overview", "administrator")
    case = await taken(desk, "o365-overview", actor=admin, **changes)
    await case.say("respond", ANA, text="I am on it.")
    await case.say("close", ANA, reason="resolved")
    await desk.until(await case.due(Clock.REOPEN_WINDOW), minutes=1)
    receipt = await case.say("reopen", admin, reason="The next bill is wrong too.")
    assert (receipt.code, receipt.phase) == ("ReopenWindowExpired", "closed")
    assert receipt.linked_case is not None
    linked = LiveCase(desk, receipt.linked_case)
    desk.cases.append(linked)
    await desk.rest()
    view = await linked.view()
    assert (view.phase, view.parent, view.missing) == ("received", case.id, ())
    assert (view.verified, view.verified_at) == (None, None)
    assert f"It follows your case {(await case.view()).number}" in said(
        desk.mails_to("robin.hale@customer.example")[-1]
    )


async def test_a_closed_dedicated_case_is_never_reopened_but_followed_by_a_linked_one(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("close", ANA, reason="resolved")
    receipt = await case.say("reopen", SAM, reason="It is back.")
    assert receipt.code == "ReopenWindowExpired"
    assert receipt.linked_case is not None
    linked = LiveCase(desk, receipt.linked_case)
    desk.cases.append(linked)
    await desk.rest()
    assert (await linked.view()).level == "C"
    await desk.passes(minutes=6)
    assert (await case.outcome()).linked_cases == (linked.id,)


async def test_mails_of_a_validated_case_are_all_of_that_case(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated", severity="A")
    await case.say("validate_resolution", ANA, text="Please try it.")
    mails = await mails_about(desk, case, "o365-dedicated")
    assert await kinds_told(case) == ["acknowledgement", "validation_request"]
    assert "Please try it. What happens next: please try it and tell us whether it works." in mails[1]
