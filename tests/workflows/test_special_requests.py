"""Remote sessions, planned work, diagnoses, root causes and visits, as the workflow carries them out."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import asked, asker, kinds_told, listed, mail_of, mails_about, records_under, said, taken
from tests.people import ANA, KIMS_MAIL, P3
from tests.replay.lives.special import BARE, at_the_door, visit

HOUR = timedelta(hours=1)
JO, SAM = asker("westcoast"), asker("o365-dedicated")


@pytest.mark.covers("CSS-07")
async def test_both_sides_are_reminded_of_a_session_by_the_clock_it_was_agreed_in(desk: Desk) -> None:
    case = await desk.open(**P3)
    begins_at = await desk.now() + 6 * HOUR
    when = {"start": begins_at, "end": begins_at + HOUR}
    with pytest.raises(Fault) as refused:
        await case.say("schedule_session", ANA, **when)
    assert (refused.value.code, refused.value.missing) == ("ValidationError", ("zone",))
    await case.say("schedule_session", ANA, **when, zone="Asia/Tokyo", mode="view")
    await desk.until(begins_at - HOUR, seconds=1)
    for to in ("customer", "assignee"):
        assert (await kinds_told(case, to)).count("session_reminder") == 1
    last = desk.mails_to(KIMS_MAIL)[-1]
    assert "(Tokyo, UTC+09:00)" in said(last)
    assert "Remote session starts soon" in last.message["Subject"]
    view = await case.view()
    assert view.session is not None
    assert Clock.SESSION_REMINDER not in {row.clock for row in view.deadlines}


@pytest.mark.covers("RHIPE-26")
async def test_a_session_without_consent_leaves_nothing_in_the_history(desk: Desk) -> None:
    case = await desk.open(**P3)
    before = await case.view()
    with pytest.raises(Fault) as refused:
        await case.say("start_session", ANA, mode="control")
    assert refused.value.code == "ConsentRequired"
    assert await case.view() == before
    await case.say("start_session", ANA, mode="control", consent=True)
    await desk.passes(minutes=12)
    receipt = await case.say("end_session", ANA, text="Cleared the cache.")
    session = (await case.view()).session
    assert session is not None
    assert session.consent
    assert (session.mode, session.ended_at) == ("control", receipt.at)


@pytest.mark.covers("WEST-03")
async def test_a_diagnosis_of_dns_refers_the_case_with_the_steps(desk: Desk) -> None:
    case = await taken(desk, "westcoast", category="office_365")
    await case.say("respond", ANA, text="I look into it.")
    receipt = await case.say("diagnose", ANA, finding="dns", text="The MX record is missing.")
    assert (receipt.outcome, receipt.phase, receipt.warnings) == ("accepted", "closed", ("OutOfScope",))
    mail = (await mails_about(desk, case, "westcoast"))[-1]
    assert "Somebody else has to help you with it: dns host" in mail
    assert "The MX record is missing." in mail
    assert "1. Compare each record" in mail
    await desk.passes(minutes=6)
    assert (await case.outcome()).close_reason == "referred"


@pytest.mark.covers("WEST-10")
async def test_planned_work_finds_its_engineer_an_hour_before_it_begins(desk: Desk) -> None:
    start_at = await desk.now() + 30 * HOUR
    await desk.centre_comes("uk")
    case = await taken(
        desk, "westcoast", category="migration", start_at=start_at.isoformat(), start_zone="Europe/London"
    )
    await desk.until(start_at - HOUR, seconds=1)
    assert await kinds_told(case, "region") == ["planned_request_due"]
    kinds = [entry.kind for entry in await case.timeline()]
    assert EntryKind.PLANNED_START in kinds
    assert not (await case.view()).is_looking
    late, submit = asked(desk, "westcoast", "late", start_at=(start_at - 40 * HOUR).isoformat())
    with pytest.raises(Fault) as refused:
        await late.submit(submit)
    assert refused.value.code == "ValidationError"
    urgent, submit = asked(desk, "westcoast", "urgent", category="migration", priority="high")
    with pytest.raises(Fault) as refused:
        await urgent.submit(submit)
    assert refused.value.code == "PriorityNotPermitted"


@pytest.mark.covers("WEST-11")
async def test_an_analysis_of_the_root_cause_takes_an_accepted_charge(desk: Desk) -> None:
    case = await taken(desk, "westcoast", category="office_365")
    await case.say("resolve", ANA, kind="resolution", text="It works.", root_cause="A full disk.")
    assert "What caused it: A full disk." in said(desk.mails_to(mail_of("westcoast"))[-1])
    with pytest.raises(Fault) as refused:
        await case.say("request_root_cause", JO)
    assert refused.value.code == "ChargeApprovalRequired"
    await case.say("request_root_cause", JO, charge_accepted=True, quote_ref="Q-17")
    assert (await kinds_told(case, "assignee"))[-1] == "root_cause_requested"
    found = (await case.view()).root_cause
    assert found is not None
    assert (found.found, found.quote_ref) == ("A full disk.", "Q-17")


@pytest.mark.covers("DED-37", "DED-38")
async def test_hands_are_for_authorised_contacts_and_for_simple_tasks(desk: Desk) -> None:
    hands = {"kind": "remote_hands", "equipment": "Rack 7", "task": "power_cycle"}
    await desk.centre_comes("central")
    await listed(desk, records_under("o365-dedicated", authorised_contacts=("Somebody Else",)))
    case, submit = asked(desk, "o365-dedicated", **BARE, access=hands)
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert refused.value.code == "RequesterNotEntitled"
    await listed(desk, records_under("o365-dedicated", authorised_contacts=(mail_of("o365-dedicated"),)))
    case, submit = asked(desk, "o365-dedicated", "log-in", **BARE, access={**hands, "task": "log_in"})
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert (refused.value.code, refused.value.remedy) == (
        "RemoteHandsNotPermitted",
        "use site_access",
    )
    case = await taken(desk, "o365-dedicated", "hands", **BARE, access=hands)
    assert "access_requested" in await kinds_told(case, "region")


@pytest.mark.covers("DED-39")
async def test_a_visitor_who_comes_too_early_is_declined_and_recorded(desk: Desk) -> None:
    opens_at = await desk.now() + 2 * HOUR
    await desk.centre_comes("central")
    case = await at_the_door(desk, **visit(opens_at))
    receipt = await case.say("visitor_checked_in", ANA, id_valid=True)
    assert (receipt.outcome, receipt.code) == ("declined", "AccessDenied")
    assert (await mails_about(desk, case, "o365-dedicated"))[-1].startswith("A visitor was not admitted")
    await desk.until(opens_at)
    assert (await case.say("visitor_checked_in", ANA, id_valid=True)).outcome == "accepted"
    kinds = [entry.kind for entry in await case.timeline()]
    assert (EntryKind.ACCESS_DENIED in kinds, EntryKind.VISITOR_ADMITTED in kinds) == (True, True)
