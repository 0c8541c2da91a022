"""Customers come in by a mailed link; who is known shows nowhere, and nobody comes in by anything else."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.channels.mail import Mailer
from activities.people.credentials import Credentials
from activities.settings import AdapterSettings
from activities.words.case_links import CaseLinks
from domain.actor import Role
from domain.messages.case import Contact
from starter.door.browser_sessions import LINK_OPENS_FOR
from starter.door.people import add_person, revoke
from starter.web.portal.mailed_links import MailedLinks
from starter.web.portal.visitors import Outfit
from tests.activities.mail_system import MailSystem
from tests.starter.board_pages import BASE, BOSS, Pages, pages_of

URL = f"{BASE}/portal"
KIM = "kim@customer.example"
_LINK = re.compile(r"/portal/link/[\w-]+")


def outfit_for(mails: MailSystem) -> Outfit:
    settings = AdapterSettings.model_validate({"smtp_port": mails.port})
    return Outfit(CaseLinks(URL, ["p" * 32]), Mailer(settings))


@pytest.fixture
async def mails() -> AsyncIterator[MailSystem]:
    async with MailSystem() as running:
        yield running


@pytest.fixture
async def pages(tmp_path: Path, mails: MailSystem) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path, outfit=outfit_for(mails)) as found:
        yield found


async def asked(pages: Pages, mails: MailSystem, address: str, **headers: str) -> list[str | None]:
    """Ask for a link, wait until all that comes of it is done, and return the link in each mail."""
    before = len(mails.taken)
    answer = await pages.post("/portal/sign-in", {"address": address}, **headers)
    assert answer.status_code == 200, answer.text
    assert "If we know this address" in answer.text or headers
    links: MailedLinks = pages.portal._app.state.links  # type: ignore[union-attr]
    await links.settled()
    return [next(iter(_LINK.findall(mail.part("plain"))), None) for mail in mails.taken[before:]]


async def name_in(pages: Pages) -> str:
    found = re.search(r"<bdi>([^<]*)</bdi></span>", (await pages.get("/portal/")).text)
    return found.group(1) if found else ""


async def test_a_contact_of_a_case_comes_in_by_a_mailed_link_and_is_their_tenants_customer_from_then_on(
    pages: Pages, mails: MailSystem
) -> None:
    number = await pages.record()
    (link,) = await asked(pages, mails, "KIM@customer.example")
    assert mails.taken[-1].recipients == [KIM]
    assert await pages.session.read(lambda store: Credentials(store).people()) == ()
    for _ in range(2):
        seen = await pages.get(link)
        assert (seen.status_code, "Kim Ng" in seen.text) == (200, True)
    assert (await pages.get("/portal/")).status_code == 401
    come = await pages.post(link)
    assert (come.status_code, come.headers["location"]) == (303, "/portal/")
    assert number in (await pages.get("/portal/")).text
    kept = await pages.session.read(lambda store: Credentials(store).by_email(KIM))
    assert kept is not None
    assert (kept.person.role, kept.person.tenant, kept.person.email) == (Role.CUSTOMER, "acme", KIM)
    pages.client.cookies.clear()
    assert (await pages.post(link)).status_code == 404
    (again,) = await asked(pages, mails, KIM)
    assert (await pages.post(again)).status_code == 303
    assert len(await pages.session.read(lambda store: Credentials(store).people())) == 1


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(pages: Pages, mails: MailSystem) -> None:
    await pages.record()
    await add_person(pages.session, BOSS, {"name": "Ana", "role": "engineer", "email": "ana@desk.example"})
    await add_person(
        pages.session,
        BOSS,
        {"name": "Sam", "role": "customer", "tenant": "acme", "email": "sam@acme.example"},
    )
    await revoke(pages.session, BOSS, "Sam")
    known = (await pages.post("/portal/sign-in", {"address": KIM})).text
    assert f"{pages.clock.at:%H:%M:%S} UTC" in known
    for unknown in (
        "nobody@customer.example",
        "ana@desk.example",
        "sam@acme.example",
        "kím@customer.example",
    ):
        assert (await pages.post("/portal/sign-in", {"address": unknown})).text == known
    await pages.portal._app.state.links.settled()  # type: ignore[union-attr]
    assert [mail.recipients for mail in mails.taken] == [[KIM]]


async def test_whoever_several_tenants_name_as_contact_is_told_whom_to_ask_and_gets_no_link(
    pages: Pages, mails: MailSystem
) -> None:
    await pages.record("INC-1")
    await pages.record("INC-2", tenant="globex")
    assert await asked(pages, mails, KIM) == [None]
    (mail,) = mails.taken
    assert mail.recipients == [KIM]
    assert "More than one company names you" in mail.part("plain")
    assert "link/" not in mail.part("plain") + mail.part("html")


async def test_a_newcomer_whose_name_somebody_has_gets_one_of_their_own(
    pages: Pages, mails: MailSystem
) -> None:
    await pages.record()
    await add_person(pages.session, BOSS, {"name": "Kim Ng", "role": "customer", "tenant": "globex"})
    (link,) = await asked(pages, mails, KIM)
    await pages.post(link)
    assert await name_in(pages) == f"Kim Ng ({KIM})"
    assert "Cases of acme" in (await pages.get("/portal/")).text


async def test_a_link_that_is_used_over_or_guessed_opens_nothing_and_says_so_alike(
    pages: Pages, mails: MailSystem
) -> None:
    await pages.record()
    (used,) = await asked(pages, mails, KIM)
    await pages.post(used)
    pages.client.cookies.clear()
    (over,) = await asked(pages, mails, KIM)
    pages.clock.passes(LINK_OPENS_FOR)
    answers = [await pages.post(path) for path in (used, over, f"/portal/link/{'a' * 43}")]
    assert {answer.status_code for answer in answers} == {404}
    texts = {re.sub(r'name="back" value="[^"]*"', "", answer.text) for answer in answers}
    assert len(texts) == 1
    assert (await pages.get("/portal/")).status_code == 401


async def test_links_are_bounded_for_each_address(pages: Pages, mails: MailSystem) -> None:
    await pages.record()
    sent = [await asked(pages, mails, KIM) for _ in range(7)]
    assert [len(links) for links in sent] == [1] * 5 + [0] * 2


async def test_no_form_of_another_place_sends_a_link_or_signs_anybody_in(
    pages: Pages, mails: MailSystem
) -> None:
    await pages.record()
    (link,) = await asked(pages, mails, KIM)
    for origin in (None, "null", "http://evil.example"):
        for path in (link, "/portal/sign-in", "/portal/language"):
            answer = await pages.post(path, {"address": KIM, "language": "ja"}, origin)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
    assert len(mails.taken) == 1
    assert (await pages.post(link)).status_code == 303


async def test_staff_are_led_to_the_board_and_customers_to_the_portal(pages: Pages) -> None:
    await pages.sign_in("Ana Reyes")
    assert (await pages.get("/portal/")).headers["location"] == "/"
    assert (await pages.post("/portal/new", await pages.hidden("/"))).status_code == 403
    await pages.sign_in("Kim Ng", "customer", tenant="acme")
    for path in ("/", "/all", "/cases/SR-0000-0000-0"):
        assert (await pages.get(path)).headers["location"] == "/portal/"
    assert (await pages.get("/portal")).headers["location"] == "/portal/"
    form = await pages.hidden("/portal/")
    assert (await pages.post("/pull", form)).status_code == 403
    await pages.sign_in("Vera", "vendor")
    assert (await pages.get("/portal/")).status_code == 403


async def test_the_letter_and_the_pages_are_in_the_language_that_is_asked_for(
    pages: Pages, mails: MailSystem
) -> None:
    await pages.record()
    for language, said in (("ja-JP,ja;q=0.9", "サインイン用のリンク"), ("fil", "Ang inyong link")):
        (link,) = await asked(pages, mails, KIM, **{"Accept-Language": language})
        assert said in str(mails.taken[-1].message["Subject"])
        assert link in mails.taken[-1].part("html")
    chosen = await pages.post("/portal/language", {"language": "ja", "back": "/portal/sign-in"})
    assert chosen.headers["location"] == "/portal/sign-in"
    assert '<html lang="ja">' in (await pages.get("/portal/sign-in")).text
    for back in ("//evil.example", "https://evil.example", "/portal/../..//evil", "/portal/\\evil", "/"):
        answer = await pages.post("/portal/language", {"language": "xx", "back": back})
        assert answer.headers["location"] == "/portal/"


async def test_without_an_address_of_the_portal_no_link_is_mailed(tmp_path: Path, mails: MailSystem) -> None:
    settings = AdapterSettings.model_validate({"smtp_port": mails.port})
    async with pages_of(tmp_path, outfit=Outfit(mailer=Mailer(settings))) as pages:
        await pages.record(contact=Contact(name="Kim Ng", email=KIM))
        answer = await pages.post("/portal/sign-in", {"address": KIM})
        assert "No links are mailed from here" in answer.text
        assert mails.taken == []


async def test_a_session_of_the_portal_ends_as_that_of_the_board(pages: Pages) -> None:
    await pages.sign_in("Kim Ng", "customer", tenant="acme")
    left = await pages.post("/portal/sign-out", await pages.hidden("/portal/"))
    assert (left.status_code, left.headers["clear-site-data"]) == (200, '"storage"')
    assert (await pages.get("/portal/")).status_code == 401
    await pages.sign_in("Kim Ng", "customer", tenant="acme")
    pages.clock.passes(timedelta(hours=5))
    assert (await pages.get("/portal/")).status_code == 401
