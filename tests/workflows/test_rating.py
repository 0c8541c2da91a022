"""How urgent a case is: the channel's default, triage, and changes of level with their clocks."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.live_case import LiveCase
from tests.people import ANA, KIM, KIMS_MAIL, P1, P3, STAFF_MAIL, TSS_MAIL

HOUR = timedelta(hours=1)
BY_MAIL = {"actor": KIM, "channel": "email", "impact": None, "urgency": None}


async def by_mail(desk: Desk, **changes: object) -> LiveCase:
    return await desk.open(**{**BY_MAIL, **changes})


@pytest.mark.covers("RHIPE-15")
async def test_a_request_by_mail_is_high_until_triage_which_may_lower_it(desk: Desk) -> None:
    case = await by_mail(desk)
    view = await case.view()
    assert (view.level, view.level_source) == ("P2", "channel_default")
    assert await case.due(Clock.TRIAGE) == view.received_at + 4 * HOUR
    with pytest.raises(Fault) as refused:
        await case.say("triage", KIM, **P1)
    assert refused.value.code == "PriorityNotPermitted"
    receipt = await case.say("triage", ANA, **P3)
    assert receipt.level == "P3"
    assert Clock.TRIAGE not in [row.clock for row in await case.deadlines()]
    with pytest.raises(Fault) as again:
        await case.say("triage", ANA, **P1)
    assert again.value.code == "ReasonRequired"


@pytest.mark.covers("GAP-19")
async def test_a_missed_triage_tells_the_tss_and_leaves_the_level(desk: Desk) -> None:
    case = await by_mail(desk)
    due_at = await case.due(Clock.TRIAGE)
    await case.say("respond", ANA, text="I am on it.")
    await desk.until(due_at)
    breached = await case.entries(EntryKind.BREACHED)
    assert [entry.about for entry in breached] == ["triage"]
    assert len(await case.told("breach_notice")) == 1
    assert (await case.view()).level == "P2"
    assert any("triage" in mail.message["Subject"].lower() for mail in desk.mails_to(TSS_MAIL))


@pytest.mark.covers("RHIPE-10")
async def test_who_claims_an_urgent_case_by_mail_is_told_to_call(desk: Desk) -> None:
    submit = desk.request(**{**BY_MAIL, **P1})
    receipt = await desk.case(submit).submit(submit)
    assert (receipt.level, receipt.warnings) == ("P2", ("UsePhoneForUrgent",))


@pytest.mark.covers("RHIPE-12", "GAP-13")
async def test_raising_the_level_brings_the_response_forward(desk: Desk) -> None:
    case = await desk.open(**P3)
    await desk.passes(minutes=30)
    with pytest.raises(Fault) as refused:
        await case.say("change_level", ANA, **P1)
    assert refused.value.code == "ReasonRequired"
    receipt = await case.say("change_level", ANA, reason="Everybody is down.", **P1)
    assert receipt.level == "P1"
    assert await case.due(Clock.INITIAL_RESPONSE) == receipt.at + HOUR
    assert "P1" in desk.mails_to(KIMS_MAIL)[-1].part("plain")
    wish = await case.say("change_level", KIM, reason="I think it is worse.", level="P2")
    assert (wish.outcome, wish.code, wish.level) == ("declined", "PriorityNotPermitted", "P1")
    assert len(desk.mails_to(STAFF_MAIL)) == 1 + 1


@pytest.mark.covers("GAP-13")
async def test_lowering_the_level_counts_from_the_receipt(desk: Desk) -> None:
    case = await desk.open(**P1)
    await desk.passes(minutes=30)
    await case.say("change_level", ANA, reason="One user only.", level="P2")
    assert await case.due(Clock.INITIAL_RESPONSE) == (await case.view()).received_at + 4 * HOUR


@pytest.mark.covers("GAP-13")
async def test_after_the_response_a_change_of_level_moves_the_cadence_only(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("respond", ANA, text="I am on it.")
    receipt = await case.say("change_level", ANA, reason="It calms down.", level="P2")
    assert [row.clock for row in await case.deadlines()] == [Clock.UPDATE]
    assert await case.due(Clock.UPDATE) == receipt.at + 2 * HOUR


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"level": "P2", "reason": "no"}, "NoChange"),
        ({"level": "A", "reason": "no"}, "SeverityUnknown"),
        ({"reason": "no"}, "ValidationError"),
    ],
)
async def test_a_change_that_is_none_is_refused(desk: Desk, fields: dict[str, str], code: str) -> None:
    case = await desk.open()
    with pytest.raises(Fault) as refused:
        await case.say("change_level", ANA, **fields)
    assert refused.value.code == code
