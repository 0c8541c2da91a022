"""Who may ask under o365-overview: billing questions are verified, premier ones carry an access id.

Of a verification only its result and its time are kept; the items themselves are nowhere to be found.
"""

import sqlite3
from contextlib import closing

import pytest

from domain.clocks import Clock
from domain.tenants import NamedContact
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import asked, asker, listed, mail_of, records_under, taken
from tests.live_case import LiveCase
from tests.people import ANA

ITEMS = {
    "admin_name": "Quentin Ashgrove",
    "company_name": "Larchfield Holdings",
    "company_address": "9 Thistle Row, Crewe",
    "alternate_email": "q.ashgrove@elsewhere.example",
}
BILLING = {
    "actor": asker("o365-overview", "administrator"),
    "channel": "portal",
    "access_id": None,
    "support_type": "billing",
    "category": "bill_clarification",
}


async def directory(desk: Desk) -> None:
    """The tenant has ordinary support, and his four items are on record."""
    await listed(desk, records_under("o365-overview", plan="standard", verification=ITEMS))


async def refused(desk: Desk, **changes: object) -> Fault:
    """Why a request was refused; nothing of the items is in the answer, and no mail left."""
    case, submit = asked(desk, "o365-overview", **changes)
    with pytest.raises(Fault) as error:
        await case.submit(submit)
    fault = error.value
    assert not [item for item in ITEMS.values() if item in answer(fault)]
    assert desk.mail.taken == []
    return fault


def answer(fault: Fault) -> str:
    """All that a door is told of a refusal."""
    return f"{fault.code} {fault.reason} {fault.remedy} {fault.missing} {fault.values}"


async def everything_readable(desk: Desk, case: LiveCase) -> str:
    """All that can be read of a case: queries, timeline, every row of our own store, every mail."""
    texts = [(await case.view()).model_dump_json(), (await case.customer_view()).model_dump_json()]
    texts += [(await case.explain(clock)).model_dump_json() for clock in Clock]
    texts += [entry.model_dump_json() for entry in await case.timeline()]
    texts += [row.model_dump_json() for row in await case.deadlines()]
    with closing(sqlite3.connect(desk.place / "cases.db")) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type='table'")]
        texts += [
            str(row)
            for table in tables
            if table != "tenants"  # the record itself, which is what a verification is compared with
            for row in database.execute(f'select * from "{table}"')
        ]
    texts += [mail.bytes.decode() + mail.part("plain") for mail in desk.mail.taken]
    return "\n".join(texts)


@pytest.mark.covers("O365-10")
async def test_a_verified_billing_question_keeps_nothing_but_that_it_is_and_when(desk: Desk) -> None:
    await directory(desk)
    case = await taken(desk, "o365-overview", verification=ITEMS, **BILLING)
    view = await case.view()
    assert (view.phase, view.verified, view.verified_at) == ("received", True, view.received_at)
    (checked,) = await case.entries(EntryKind.ENTITLEMENT_CHECKED)
    assert (checked.about, checked.text, checked.internal) == ("verified", None, True)
    await case.say("respond", ANA, text="It is the second invoice.")
    await case.say("close", ANA, reason="resolved")
    read = await everything_readable(desk, case)
    assert [item for item in ITEMS.values() if item in read] == []
    assert "Robin Hale" in read


@pytest.mark.covers("O365-10")
@pytest.mark.parametrize("wrong", ITEMS)
async def test_a_wrong_item_is_refused_without_a_word_on_which(desk: Desk, wrong: str) -> None:
    await directory(desk)
    details = await refused(desk, verification=ITEMS | {wrong: "Somebody Else"}, **BILLING)
    assert (details.code, details.missing) == ("VerificationFailed", ())
    assert wrong not in answer(details)


@pytest.mark.covers("O365-10")
async def test_missing_items_are_named_all_together(desk: Desk) -> None:
    await directory(desk)
    given = {name: ITEMS[name] for name in ("admin_name", "alternate_email")}
    details = await refused(desk, verification=given, **BILLING)
    assert details.code == "VerificationIncomplete"
    assert details.missing == ("verification.company_name", "verification.company_address")
    assert (await refused(desk, **BILLING)).missing == ("verification",)


async def test_spelling_and_blanks_are_no_other_person(desk: Desk) -> None:
    await directory(desk)
    spelled = {name: f"  {item.upper()} " for name, item in ITEMS.items()}
    case = await taken(desk, "o365-overview", verification=spelled, **BILLING)
    assert (await case.view()).verified is True


@pytest.mark.covers("O365-11")
@pytest.mark.parametrize("access_id", ["PX-2002", "PX-9999"], ids=["another contact's", "nobody's"])
async def test_an_access_id_is_taken_from_him_alone_to_whom_it_was_issued(desk: Desk, access_id: str) -> None:
    contacts = [("Robin Hale", "PX-1001"), ("Kit Moor", "PX-2002")]
    known = tuple(NamedContact(name=name, access_id=issued) for name, issued in contacts)
    await listed(desk, records_under("o365-overview", named_contacts=known))
    assert (await refused(desk, access_id=access_id)).code == "AccessIdInvalid"
    assert (await refused(desk, access_id=None)).code == "AccessIdRequired"
    case, submit = asked(desk, "o365-overview")
    assert (await case.submit(submit)).phase == "received"
    await desk.rest()
    assert len(desk.mails_to(mail_of("o365-overview"))) == 1


@pytest.mark.covers("O365-12")
async def test_premier_requests_are_not_taken_by_the_ordinary_portal(desk: Desk) -> None:
    await listed(desk, records_under("o365-overview"))
    details = await refused(desk, channel="portal")
    assert (details.code, details.remedy) == ("ChannelNotPermitted", "use premier_phone or mpo_portal")


@pytest.mark.covers("O365-16")
async def test_a_service_that_is_not_in_the_plan_is_refused(desk: Desk) -> None:
    await listed(desk, records_under("o365-overview", plan="premier-base"))
    assert (await refused(desk, category="proactive_service")).code == "NotInPlan"


@pytest.mark.covers("O365-04")
async def test_facts_for_an_open_request_name_one_of_the_tenants_own(desk: Desk) -> None:
    await listed(desk, records_under("o365-overview"))
    assert (await refused(desk, category="existing_request")).code == "CaseReferenceRequired"
    about = {"category": "existing_request", "case_reference": "SR-0000-0000-0"}
    assert (await refused(desk, **about)).code == "CaseNotFound"
    case = await taken(desk, "o365-overview")
    about["case_reference"] = (await case.view()).number
    other = await taken(desk, "o365-overview", "G-2", **about)
    assert (await other.view()).phase == "received"
