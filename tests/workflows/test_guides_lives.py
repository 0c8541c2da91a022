"""A whole life under each of the five guides: acknowledged, answered, informed, resolved, ended, archived.

Each ends as its guide has it, and afterwards nothing else arrives.
"""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.desk import Desk
from tests.guides import asker, kinds_told, mails_about, taken
from tests.live_case import LiveCase
from tests.people import ANA, P1, STAFF_MAIL, TSS_MAIL

HOUR = timedelta(hours=1)
ARCHIVED_AFTER = timedelta(minutes=6)  # the margin of five minutes, and one more


async def archived(desk: Desk, case: LiveCase) -> list[str]:
    """The case is left alone until its workflow ends; returns its timeline, and nothing arrives after it."""
    await desk.until(await case.due(Clock.REOPEN_WINDOW) + ARCHIVED_AFTER)
    await case.outcome()
    before = len(desk.mail.taken)
    await desk.passes(days=10)
    assert len(desk.mail.taken) == before
    assert all("stale_notice" in mail.message["Message-ID"] for mail in desk.mails_to(TSS_MAIL))
    return [entry.kind.value for entry in await case.timeline()]


@pytest.mark.covers("RHIPE-35", "RHIPE-36")
async def test_a_life_under_rhipe_csp_ends_by_silence(desk: Desk) -> None:
    case = await taken(desk, "rhipe-csp")
    await case.say("triage", ANA, **P1)
    await case.say("respond", ANA, text="I am on it.")
    await desk.until(await case.due(Clock.UPDATE))
    await case.say("post_update", ANA, text="The log shows something.")
    await case.say("resolve", ANA, kind="resolution", text="The cache was emptied.")
    await desk.until(await case.due(Clock.AUTO_CLOSE))
    assert (await case.view()).close_reason == "auto_close"
    timeline = await archived(desk, case)
    assert timeline == [
        "submitted",
        "triaged",
        "responded",
        "warned",
        "status_sent",
        "updated",
        "resolved",
        "closed",
        "archived",
    ]
    mails = await mails_about(desk, case, "rhipe-csp")
    assert await kinds_told(case) == [
        *("acknowledgement", "level_changed", "first_response", "status_update", "staff_update"),
        *("case_resolved", "case_closed", "csat_survey"),
    ]
    assert "We have heard nothing from you since it was resolved." in mails[6]


@pytest.mark.covers("O365-13", "O365-18")
async def test_a_life_under_o365_overview_ends_by_the_engineer_and_can_be_taken_up_for_half_a_year(
    desk: Desk,
) -> None:
    case = await taken(desk, "o365-overview")
    view = await case.view()
    assert (view.plan, view.level, view.route) == ("premier-o365", "B", "mpo_portal: technical")
    assert await case.due(Clock.INITIAL_RESPONSE) == view.received_at + 2 * HOUR
    await case.say("respond", ANA, text="I am on it.")
    assert await case.deadlines() == ()
    await desk.passes(days=3)
    await case.say("post_update", ANA, text="The log shows something.")
    await case.say("resolve", ANA, kind="resolution", text="The connector was renewed.")
    receipt = await case.say("close", ANA, reason="resolved")
    assert await case.due(Clock.REOPEN_WINDOW) == receipt.at + timedelta(days=180)
    assert await archived(desk, case) == [
        "submitted",
        "responded",
        "updated",
        "resolved",
        "closed",
        "archived",
    ]
    mails = await mails_about(desk, case, "o365-overview")
    assert await kinds_told(case) == [
        "acknowledgement",
        "first_response",
        "staff_update",
        "case_resolved",
        "case_closed",
    ]
    assert "Office 365 community" in mails[0]
    assert "there is nothing you need to do. If the problem comes back, tell us by" in mails[-1]


@pytest.mark.covers("DED-02", "DED-26")
async def test_a_life_under_o365_dedicated_is_told_every_three_days_until_the_service_is_restored(
    desk: Desk,
) -> None:
    case = await taken(desk, "o365-dedicated")
    assert await case.due(Clock.INITIAL_RESPONSE) == (await case.view()).received_at + HOUR
    receipt = await case.say("respond", ANA, text="I am on it.")
    assert await case.due(Clock.UPDATE) == receipt.at + 72 * HOUR
    await desk.until(receipt.at + 73 * HOUR)
    receipt = await case.say("close", ANA, reason="restored", text="The store is mounted again.")
    assert (receipt.phase, (await case.view()).close_reason) == ("closed", "restored")
    assert await archived(desk, case) == [
        "submitted",
        "responded",
        "warned",
        "status_sent",
        "closed",
        "archived",
    ]
    mails = await mails_about(desk, case, "o365-dedicated")
    assert await kinds_told(case) == ["acknowledgement", "first_response", "status_update", "case_closed"]
    assert "none of our engineers has written news" in mails[2]
    assert "The service works again. The store is mounted again." in mails[-1]
    assert "please open a new case" in mails[-1]


@pytest.mark.covers("CSS-05", "CSS-06")
async def test_a_life_under_distributor_css_ends_by_the_requesters_word_alone(desk: Desk) -> None:
    alex = asker("distributor-css")
    case = await taken(desk, "distributor-css")
    assert await case.deadlines() == ()
    await case.say("wait_for_customer", ANA, text="Since when?")
    await case.say("reply", alex, text="Since Monday.")
    await case.say("post_update", ANA, text="It is the permissions.")
    await case.say("resolve", ANA, kind="workaround", text="Open it in the browser.")
    await desk.passes(days=60)
    assert (await case.view()).phase == "resolved"
    await case.say("reply", alex, text="That will do.", accepts=True)
    assert (await case.view()).close_reason == "customer_confirmed"
    lived = await archived(desk, case)
    assert lived.count("confirmation_asked") == 8  # each week, until the word has come (GAP-08)
    assert [kind for kind in lived if kind != "confirmation_asked"] == [
        "submitted",
        "question_asked",
        "replied",
        "updated",
        "resolved",
        "replied",
        "closed",
        "archived",
    ]
    mails = await mails_about(desk, case, "distributor-css")
    assert await kinds_told(case) == [
        "acknowledgement",
        "question",
        "staff_update",
        *["confirm_resolution"] * 9,
        "case_closed",
    ]
    assert "We do not promise a response time for it." in mails[0]
    assert "We will keep the case open until you confirm." in mails[3]
    assert [row.kind for row in await case.told() if row.recipient == "assignee"] == [
        "new_case",
        "customer_replied",
        "customer_changed",
    ]


@pytest.mark.covers("WEST-01")
async def test_a_life_under_westcoast_begins_with_somebody_who_looks_whether_it_is_ours(desk: Desk) -> None:
    case = await taken(desk, "westcoast", category="something_else")
    scope = (await case.view()).scope
    assert scope is not None
    assert (scope.rule, scope.disposition) == (None, "triage")
    (looked_at,) = await case.entries(EntryKind.SCOPE_DECIDED)
    assert (looked_at.about, looked_at.internal) == ("triage", True)
    await case.say("respond", ANA, text="It is ours after all.")
    await case.say("resolve", ANA, kind="resolution", text="The licence was assigned anew.")
    await case.say("reply", asker("westcoast"), text="It works.", accepts=True)
    assert await archived(desk, case) == [
        "submitted",
        "scope_decided",
        "responded",
        "resolved",
        "replied",
        "closed",
        "archived",
    ]
    assert await kinds_told(case) == [
        "acknowledgement",
        "first_response",
        "confirm_resolution",
        "case_closed",
    ]
    await mails_about(desk, case, "westcoast")
    new_case, confirmed = desk.mails_to(STAFF_MAIL)
    assert "The customer confirms" in confirmed.message["Subject"]
    assert "New case, is it ours?" in new_case.message["Subject"]
