"""Cases on their way to the vendor, on the real server: what is told to whom, and when."""

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import kinds_told, listed, records_under, said, taken
from tests.people import ANA, KIM, KIMS_MAIL, TSS_MAIL
from tests.replay.lives.vendor import AFTER_A_FIRST_LOOK, ESCALATION, LINA, VERA


@pytest.mark.covers("RHIPE-55", "RHIPE-56")
async def test_a_handover_is_told_with_the_vendors_number_and_the_contact_is_asked_a_day_later(
    desk: Desk,
) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    receipt = await case.say("escalate_to_vendor", LINA, **ESCALATION)
    assert (receipt.phase, (await case.view()).close_reason) == ("closed", "handed_over")
    told = [text for text in map(said, desk.mails_to(KIMS_MAIL)) if "closed as handed over" in text]
    assert ["under the number 2704030040001234" in text for text in told] == [True]
    await desk.passes(hours=23)
    assert "contact_check" not in await kinds_told(case)
    await desk.passes(hours=2)
    assert len(desk.mails_to("kim.ng@partner.example")) == 1
    assert any("technical contact" in said(mail) for mail in desk.mails_to(TSS_MAIL))
    receipt = await case.say("vendor_contacted", KIM)
    assert receipt.outcome == "accepted"


async def test_a_refused_escalation_leaves_the_case_and_its_history_as_they_were(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    before = await case.view()
    with pytest.raises(Fault) as refused:
        await case.say("escalate_to_vendor", ANA, **ESCALATION)
    assert refused.value.code == "TierNotPermitted"
    assert await case.view() == before


@pytest.mark.covers("CSS-09", "CSS-10")
async def test_the_vendor_is_asked_each_day_and_his_answer_starts_the_day_anew(desk: Desk) -> None:
    case = await taken(desk, "distributor-css")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("escalate_to_vendor", ANA, **AFTER_A_FIRST_LOOK, vendor_reference="T-9")
    first = await case.due(Clock.VENDOR_FOLLOW_UP)
    await desk.passes(hours=49)
    assert len(await case.entries(EntryKind.VENDOR_FOLLOWED_UP)) == 2
    receipt = await case.say("vendor_update", VERA, text="We are at it.", severity="B")
    assert receipt.phase == "vendor_escalated"
    assert (await case.due(Clock.VENDOR_FOLLOW_UP)) > first
    view = await case.view()
    assert view.vendor is not None
    assert (view.vendor.severity, view.vendor.unanswered) == ("B", 0)
    assert (await kinds_told(case)).count("vendor_update") == 1


@pytest.mark.covers("CSS-11", "CSS-12")
async def test_a_cause_on_the_premises_ends_a_case_without_the_addon(desk: Desk) -> None:
    case = await taken(desk, "distributor-css")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("escalate_to_vendor", ANA, **AFTER_A_FIRST_LOOK, vendor_reference="T-9")
    await listed(desk, records_under("distributor-css", addons=("on_premise",)))
    await case.say("vendor_finding", VERA, boundary="on_premises")
    await desk.rest()
    assert (await case.view()).phase == "vendor_escalated"
    await listed(desk, records_under("distributor-css"))
    receipt = await case.say("vendor_finding", VERA, boundary="on_premises")
    assert (receipt.phase, receipt.warnings) == ("vendor_escalated", ("AddonAsked",))
    await desk.rest()
    assert (await case.view()).close_reason == "on_premises_without_addon"
    assert (await kinds_told(case))[-1] == "cannot_support"
    await desk.passes(hours=49)
    assert await case.entries(EntryKind.VENDOR_FOLLOWED_UP) == []
