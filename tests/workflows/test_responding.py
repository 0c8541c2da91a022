"""The initial response: promised, warned of, given, missed, given late."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.people import ANA, KIM, KIMS_MAIL, P1, P3, ROBOT, STAFF_MAIL, TSS_MAIL

P4 = {"impact": "medium", "urgency": "low"}
P2 = {"impact": "high", "urgency": "medium"}


@pytest.mark.covers("RHIPE-38", "GAP-10")
@pytest.mark.parametrize(("level", "hours"), [(P1, 1), (P2, 2), (P3, 24), (P4, 72)])
async def test_the_response_ends_its_clock_and_starts_the_updates(
    desk: Desk, level: dict[str, str], hours: int
) -> None:
    case = await desk.open(**level)
    receipt = await case.say("respond", ANA, text="I am on it.")
    view = await case.view()
    assert (receipt.phase, receipt.owner) == ("in_progress", "Ana Reyes")
    assert receipt.at == view.responded_at
    assert [row.clock for row in view.deadlines] == [Clock.UPDATE]
    assert await case.due(Clock.UPDATE) == receipt.at + timedelta(hours=hours)
    assert "I am on it." in desk.mails_to(KIMS_MAIL)[-1].part("plain")


@pytest.mark.covers("RHIPE-14")
@pytest.mark.parametrize("somebody", [KIM, ROBOT])
async def test_only_a_person_of_ours_gives_the_response(desk: Desk, somebody: object) -> None:
    case = await desk.open()
    with pytest.raises(Fault) as refused:
        await case.ask("respond", {"actor": somebody, "text": "We have begun."})
    assert refused.value.code == "RoleNotPermitted"
    assert await case.due(Clock.INITIAL_RESPONSE)


async def test_a_second_response_goes_to_the_customer_as_news(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    receipt = await case.say("respond", ANA, text="Really, I am.")
    assert receipt.warnings == ("AlreadyResponded",)
    assert "Really" in ((await case.timeline())[-1].text or "")
    told = [row.kind for row in await case.told() if row.recipient == "customer"]
    assert told == ["acknowledgement", "first_response", "staff_update"]
    assert "Really, I am." in desk.mails_to(KIMS_MAIL)[-1].part("plain")


async def test_a_question_is_a_response_too(desk: Desk) -> None:
    case = await desk.open(**P1)
    await case.say("wait_for_customer", ANA, text="Which version?")
    view = await case.view()
    assert view.responded_at is not None
    assert [row.clock for row in view.deadlines] == [Clock.UPDATE]


async def test_one_warning_comes_before_the_response_is_due(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    await desk.until(due_at - timedelta(minutes=15), seconds=-5)
    assert len(desk.mails_to(STAFF_MAIL)) == 1  # the new case
    await desk.until(due_at - timedelta(minutes=15))
    await desk.until(due_at, seconds=-5)
    (warned,) = await case.entries(EntryKind.WARNED)
    assert (warned.at, warned.due_at) == (due_at - timedelta(minutes=15), due_at)
    assert len(desk.mails_to(STAFF_MAIL)) == 2


@pytest.mark.covers("GAP-07")
async def test_a_missed_response_is_one_breach_and_the_clock_waits_for_it(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    await desk.until(due_at, hours=6)
    (breached,) = await case.entries(EntryKind.BREACHED)
    assert (breached.at, breached.about, breached.count) == (due_at, "initial_response", 1)
    assert len(desk.mails_to(TSS_MAIL)) == 3  # the breach, then as it climbs
    (row,) = await case.deadlines()
    assert (row.clock, row.due_at, row.missed_at) == (Clock.INITIAL_RESPONSE, None, due_at)
    assert (await case.view()).phase == "received"


async def test_a_late_response_says_how_late_it_was(desk: Desk) -> None:
    case = await desk.open(**P1)
    due_at = await case.due(Clock.INITIAL_RESPONSE)
    await desk.until(due_at, minutes=25)
    receipt = await case.say("respond", ANA, text="Sorry for the delay.")
    late = int((receipt.at - due_at).total_seconds())
    (kept,) = await case.entries(EntryKind.KEPT_LATE)
    assert kept.late_seconds == late
    (breach,) = (await case.view()).breaches
    assert (breach.clock, breach.late_seconds) == (Clock.INITIAL_RESPONSE, late)
