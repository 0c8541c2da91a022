"""An outage from its declaration to its end, as mails arrive and clocks run on the real engine."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.activities.mail_system import Mail
from tests.desk import Desk
from tests.guides import INCIDENTS, asker, kinds_told, listed, mail_of, records_under, said, taken
from tests.live_case import LiveCase
from tests.people import ANA, TSS_MAIL

DEDICATED = "o365-dedicated"
SAM = asker(DEDICATED)
CONTACT = mail_of(DEDICATED)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BOARD, OPERATIONS, SITE = "board@customer.example", "ops@customer.example", "site@customer.example"
LISTS = {"stakeholders": (BOARD,), "operations": (OPERATIONS,), "outage_audience": (SITE,)}
DECLARED: dict[str, Any] = {
    "level": "1",
    "reason": "Several customers are down.",
    "business_impact": "No mail at all.",
    "outage": True,
}
CALL = {"phone_number": "+44 20 7946 0100", "participant_code": "4711#"}


async def declared(desk: Desk, **lists: tuple[str, ...]) -> LiveCase:
    """An answered case of which the vendor has just declared an outage."""
    await listed(desk, records_under(DEDICATED, audiences=lists))
    case = await taken(desk, DEDICATED, severity="A")
    await case.say("respond", ANA, text="I am on it.")
    await case.say("change_level", INCIDENTS, **DECLARED)
    return case


async def notified(desk: Desk, case: LiveCase, **changes: Any) -> datetime:
    """A notice goes out; when it did."""
    expected = (await desk.now() + 4 * HOUR).isoformat()
    notice = {"incident_details": "Transport is down.", "impact": "No mail.", **changes}
    receipt = await case.say(
        "outage_notification", INCIDENTS, **{"expected_resolution_at": expected, **notice}
    )
    return receipt.at


def about(mails: list[Mail], topic: str) -> list[Mail]:
    return [mail for mail in mails if f"] {topic}: " in str(mail.message["Subject"])]


@pytest.mark.covers("DED-29", "DED-30", "GAP-27")
async def test_our_lists_hear_of_an_outage_at_once_and_the_customers_audience_by_the_notice(
    desk: Desk,
) -> None:
    case = await declared(desk, **LISTS)
    inside = about(desk.mail.taken, "Outage declared")
    assert sorted(one for mail in inside for one in mail.recipients) == [BOARD, OPERATIONS]
    assert "Several customers are down." in said(inside[0])
    assert desk.mails_to(SITE) == []
    (missing,) = await case.entries(EntryKind.AUDIENCE_MISSING)
    assert missing.about == "technology_contacts"
    due = await case.due(Clock.OUTAGE_NOTIFICATION)
    at = await notified(desk, case)
    assert at < due
    (mail,) = desk.mails_to(SITE)
    assert "Incident management writes: Transport is down. The impact: No mail." in said(mail)
    assert await case.due(Clock.UPDATE) == at + HOUR
    assert Clock.OUTAGE_NOTIFICATION not in [row.clock for row in await case.deadlines()]
    state = (await case.handle.fetch_history()).to_json()
    assert BOARD not in state  # who is on a list stays in the directory
    assert SITE not in state


@pytest.mark.covers("DED-30")
async def test_an_incomplete_notice_or_one_from_the_past_is_refused_and_nothing_is_told(desk: Desk) -> None:
    case = await declared(desk, **LISTS)
    before = await case.view()
    with pytest.raises(Fault) as incomplete:
        await case.say("outage_notification", INCIDENTS, incident_details="Transport is down.")
    assert incomplete.value.code == "OutageNotificationIncomplete"
    assert incomplete.value.missing == ("impact", "expected_resolution_at")
    past = (await desk.now() - MINUTE).isoformat()
    with pytest.raises(Fault) as late:
        await notified(desk, case, expected_resolution_at=past)
    assert late.value.code == "ValidationError"
    assert await case.view() == before
    assert desk.mails_to(SITE) == []


@pytest.mark.covers("DED-30", "GAP-03")
async def test_a_notice_nobody_sent_within_the_hour_is_a_breach_and_the_tss_is_told(desk: Desk) -> None:
    case = await declared(desk, **LISTS)
    due = await case.due(Clock.OUTAGE_NOTIFICATION)
    await desk.until(due)
    breaches = [one for one in (await case.view()).breaches if one.clock is Clock.OUTAGE_NOTIFICATION]
    assert [one.due_at for one in breaches] == [due]
    assert len(about(desk.mails_to(TSS_MAIL), "Missed, outage notification")) == 1


@pytest.mark.covers("DED-30", "GAP-29")
@pytest.mark.parametrize("lists", [{}, {"outage_audience": (SITE,)}])
async def test_without_an_audience_the_contact_hears_the_notice(
    desk: Desk, lists: dict[str, tuple[str, ...]]
) -> None:
    case = await declared(desk, **lists)
    await listed(desk, records_under(DEDICATED))  # by now nobody is on any list
    await notified(desk, case)
    notices = about(desk.mails_to(CONTACT), "Outage")
    assert len(notices) == 1
    assert "Transport is down." in said(notices[0])
    missing = [entry.about for entry in await case.entries(EntryKind.AUDIENCE_MISSING)]
    assert missing[-1] == "outage_audience"


@pytest.mark.covers("DED-31")
async def test_the_audience_hears_again_with_each_update_and_a_notice_in_between_restarts_that(
    desk: Desk,
) -> None:
    case = await declared(desk, **LISTS)
    first = await notified(desk, case, audience=["one@customer.example"])
    await desk.until(first + HOUR)
    repeated = about(desk.mails_to("one@customer.example"), "Outage")[-1]
    assert "Our system automatically repeats what we know: Transport is down." in said(repeated)
    await desk.until(first + 90 * MINUTE)
    again = await notified(desk, case)
    assert await case.due(Clock.UPDATE) == again + HOUR
    assert len(desk.mails_to("one@customer.example")) == 3
    assert desk.mails_to(SITE) == []


@pytest.mark.covers("DED-33", "DED-34")
async def test_the_customer_is_invited_to_a_call_with_all_it_takes_to_join(desk: Desk) -> None:
    case = await declared(desk, **LISTS)
    with pytest.raises(Fault) as refused:
        await case.say("start_bridge", INCIDENTS, phone_number=CALL["phone_number"])
    assert refused.value.code == "BridgeInfoIncomplete"
    await case.say("start_bridge", INCIDENTS, **CALL, to_validate=True)
    (mail,) = about(desk.mails_to(CONTACT), "Please join a call")
    assert "call +44 20 7946 0100 and enter the participant code 4711#" in said(mail)
    assert (await case.view()).phase == "validating_resolution"
    assert CALL["participant_code"] not in (await case.view()).model_dump_json()


@pytest.mark.covers("DED-35", "DED-32", "DED-28")
async def test_validated_then_told_then_resolved_and_measured(desk: Desk) -> None:
    case = await declared(desk, **LISTS)
    began = (await case.view()).outage
    assert began is not None
    await notified(desk, case)
    for verb, fields in (
        ("outage_resolution_notification", {"text": "Mail flows."}),
        ("resolve", {"kind": "workaround", "text": "Mail flows."}),
    ):
        with pytest.raises(Fault) as refused:
            await case.say(verb, ANA, **fields)
        assert refused.value.code == "ResolutionNotValidated"
    with pytest.raises(Fault) as kindless:
        await case.say("resolve", ANA, text="Mail flows.")
    assert kindless.value.code == "ResolutionKindRequired"
    await desk.until(began.began_at + 29 * MINUTE, seconds=30)
    await case.say("validate_resolution", ANA, text="They can send.", validated=True)
    await desk.passes(minutes=10)
    await case.say("resolve", ANA, kind="workaround", text="Mail flows over the other site.")
    outage = (await case.view()).outage
    assert outage is not None
    assert (outage.ended_by, outage.minutes, outage.ended_at) == (
        "restored",
        30,
        (await case.view()).validated_at,
    )
    assert (await case.customer_view()).outage == outage.span
    for address in (BOARD, OPERATIONS, SITE):
        assert "It lasted 30 min" in said(about(desk.mails_to(address), "Outage resolved")[0])
    kinds = [entry.kind for entry in await case.timeline()]
    order = [EntryKind.VALIDATED, EntryKind.OUTAGE_RESOLVED, EntryKind.RESOLVED]
    assert sorted(order, key=kinds.index) == order
    assert (await kinds_told(case))[-1] == "case_resolved"


@pytest.mark.covers("DED-28")
async def test_an_outage_that_was_none_is_withdrawn_and_whoever_heard_of_it_hears_that(desk: Desk) -> None:
    case = await declared(desk, **LISTS)
    await notified(desk, case)
    with pytest.raises(Fault) as refused:
        await case.say("withdraw_outage", INCIDENTS)
    assert refused.value.code == "ReasonRequired"
    await case.say("withdraw_outage", INCIDENTS, reason="A monitor was wrong.")
    for address in (BOARD, OPERATIONS, SITE):
        assert "has been withdrawn" in said(about(desk.mails_to(address), "Outage ended")[0])
    view = await case.view()
    assert view.outage is not None
    assert (view.outage.counted_minutes, view.level) == (0, "1")
