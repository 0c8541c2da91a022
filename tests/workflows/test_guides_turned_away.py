"""Requests that do not become work of ours: closed with one explanation, or referred to who can help.

Each is a case all the same, that can be looked up; no clock of ours ever runs on it, and it is archived.
"""

import pytest

from domain.actor import Actor
from domain.clocks import Clock
from domain.policy import LicenceSource
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import asked, asker, kinds_told, listed, mails_about, records_under, taken
from tests.live_case import LiveCase
from tests.people import ANA
from workflows.messages import Receipt

OURS = (Clock.INITIAL_RESPONSE, Clock.TRIAGE, Clock.UPDATE, Clock.CUSTOMER_UPDATE)


async def sent(desk: Desk, policy: str, **changes: object) -> tuple[LiveCase, Receipt]:
    """A request, and its answer; nobody is put into the directory for it."""
    case, submit = asked(desk, policy, **changes)
    receipt = await case.submit(submit)
    await desk.rest()
    return case, receipt


async def ends_untouched(desk: Desk, case: LiveCase, policy: str) -> str:
    """The one mail it caused. No clock of ours ran, it is archived, and nothing else arrives."""
    view = await case.view()
    assert [row.clock for row in view.deadlines] == [Clock.REOPEN_WINDOW]
    assert (view.responded_at, view.warning_count, view.breach_count) == (None, 0, 0)
    for clock in OURS:
        assert not (await case.explain(clock)).running
    await desk.passes(minutes=6)
    assert (await case.outcome()).close_reason == view.close_reason
    kinds = [entry.kind for entry in await case.timeline()]
    assert kinds[-2:] == [EntryKind.CLOSED, EntryKind.ARCHIVED]
    await desk.passes(days=10)
    assert len(desk.mail.taken) == 1
    (mail,) = await mails_about(desk, case, policy)
    return mail


@pytest.mark.covers("CSS-02", "CSS-04")
@pytest.mark.parametrize(
    "known", [None, {"entitled": False}, {"requesters": ("Somebody Else",)}], ids=["unlisted", "no", "others"]
)
async def test_a_stranger_is_closed_with_one_explanation(desk: Desk, known: dict[str, object] | None) -> None:
    if known is not None:
        await listed(desk, records_under("distributor-css", **known))
    case, receipt = await sent(desk, "distributor-css")
    assert (receipt.outcome, receipt.phase, receipt.warnings) == (
        "accepted",
        "closed",
        ("RequesterNotEntitled",),
    )
    with pytest.raises(Fault) as refused:
        await case.say("reopen", asker("distributor-css"), reason="We do have a contract.")
    assert refused.value.code == "ReopenNotPermitted"
    mail = await ends_untouched(desk, case, "distributor-css")
    assert (await case.outcome()).close_reason == "not_entitled"
    assert "You are not among those entitled to our support." in mail
    assert "somebody who is entitled to support can send a new request. This one stays closed." in mail


@pytest.mark.covers("CSS-03", "CSS-04")
async def test_an_incomplete_request_is_closed_with_everything_that_is_missing(desk: Desk) -> None:
    await listed(desk, records_under("distributor-css"))
    lacking = {"end_user_company": None, "priority": None, "onmicrosoft_domain": "enduser.example"}
    case, receipt = await sent(desk, "distributor-css", **lacking)
    assert (receipt.phase, receipt.warnings) == ("closed", ("ValidationError",))
    assert receipt.missing == ("end_user_company", "onmicrosoft_domain", "priority")
    mail = await ends_untouched(desk, case, "distributor-css")
    assert (await case.outcome()).close_reason == "missing_information"
    assert "What is missing or wrong: end user company, onmicrosoft domain, priority." in mail
    assert "enduser.example is not a domain of the form tenant.onmicrosoft.com" in mail


@pytest.mark.covers("CSS-04")
async def test_a_stranger_with_an_incomplete_request_has_one_mail_with_both_reasons(desk: Desk) -> None:
    case, receipt = await sent(desk, "distributor-css", scope=None)
    assert receipt.warnings == ("ValidationError", "RequesterNotEntitled")
    mail = await ends_untouched(desk, case, "distributor-css")
    assert "The request lacks what we need to help" in mail
    assert "You are not among those entitled" in mail


@pytest.mark.covers("O365-09")
async def test_somebody_who_is_no_administrator_is_closed_with_whom_to_ask(desk: Desk) -> None:
    user: Actor = asker("o365-overview", "customer")
    changes = {"actor": user, "plan": "standard", "channel": "portal", "access_id": None}
    case, receipt = await sent(desk, "o365-overview", **changes)
    assert receipt.warnings == ("RequesterNotEntitled",)
    mail = await ends_untouched(desk, case, "o365-overview")
    assert "Who can help instead: account administrator." in mail


@pytest.mark.covers("DED-04")
async def test_an_end_user_of_a_dedicated_customer_is_sent_back_to_his_desk(desk: Desk) -> None:
    case, submit = asked(desk, "o365-dedicated", actor=asker("o365-dedicated", "customer"))
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert (refused.value.code, refused.value.remedy) == (
        "RequesterNotEntitled",
        "ask the service desk",
    )
    assert desk.mail.taken == []


@pytest.mark.covers("DED-11", "DED-36")
@pytest.mark.parametrize(
    ("category", "kind", "says"),
    [
        ("customer_network", "cannot_support", "Your own network is for you to look after."),
        ("how_to", "referral", "Somebody else has to help you with it: service desk."),
        ("colocated_equipment", "referral", "asks for remote hands, or for access to the site"),
    ],
)
async def test_what_a_dedicated_customer_looks_after_himself_is_closed_with_the_reason(
    desk: Desk, category: str, kind: str, says: str
) -> None:
    case, receipt = await sent(desk, "o365-dedicated", category=category)
    assert (receipt.phase, receipt.warnings) == ("closed", ("OutOfScope",))
    assert await kinds_told(case) == [kind]
    assert says in await ends_untouched(desk, case, "o365-dedicated")


@pytest.mark.covers("WEST-02")
async def test_licences_bought_elsewhere_are_declined(desk: Desk) -> None:
    await listed(desk, records_under("westcoast", licence_source=LicenceSource.ELSEWHERE))
    case, receipt = await sent(desk, "westcoast")
    assert (receipt.phase, receipt.warnings) == ("closed", ("OutOfScope",))
    scope = (await case.view()).scope
    assert scope is not None
    assert scope.rule == "licence_source"
    mail = await ends_untouched(desk, case, "westcoast")
    assert "The licences were not bought through us" in mail


@pytest.mark.covers("WEST-09", "WEST-17")
async def test_a_referral_names_who_helps_and_how_to_get_there(desk: Desk) -> None:
    case, receipt = await sent(desk, "westcoast", category="mpn")
    assert receipt.warnings == ("OutOfScope",)
    mail = await ends_untouched(desk, case, "westcoast")
    assert "microsoft phone option 4" in mail
    assert "How to get there: Call Microsoft on 0344 800 6006 and choose option 4." in mail


@pytest.mark.covers("WEST-13", "WEST-16")
async def test_a_request_logged_on_behalf_stays_open_without_any_promise(desk: Desk) -> None:
    case = await taken(desk, "westcoast", category="csp_refund", partner_centre_account=False)
    view = await case.view()
    assert (view.phase, view.has_sla, view.main_contact) == ("received", False, "reseller")
    (decided,) = await case.entries(EntryKind.SCOPE_DECIDED)
    assert decided.about == "log_on_behalf partner_centre_ticket"
    (mail,) = await mails_about(desk, case, "westcoast")
    assert "We open the ticket in the Partner Centre and name you as its main contact." in mail
    assert "we cannot promise when you will hear from us" in mail
    await case.say("track_elsewhere", ANA, system="Partner Centre", external_ref="PC-1")
    await case.say("respond", ANA, text="It is logged.")
    assert await case.deadlines() == ()


@pytest.mark.covers("WEST-16")
async def test_nothing_is_logged_on_behalf_of_somebody_without_a_contact(desk: Desk) -> None:
    changes = {"category": "csp_refund", "partner_centre_account": False, "contact": None}
    case, submit = asked(desk, "westcoast", **changes)
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert (refused.value.code, refused.value.missing) == ("ContactRequired", ("contact",))


@pytest.mark.covers("WEST-15")
async def test_who_has_a_partner_centre_account_logs_it_himself(desk: Desk) -> None:
    case, _ = await sent(desk, "westcoast", category="licence_sku")
    mail = await ends_untouched(desk, case, "westcoast")
    assert "Open a ticket in the Partner Centre with your account." in mail
