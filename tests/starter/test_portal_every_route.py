"""Every route of the portal: two companies and each id, forms of others, hostile texts, looking alone.

The routes are read from the application itself: one that is added is asked here without a line.
"""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import Route

from activities.store.case_store import CaseStore
from activities.words.case_links import CaseLinks, CaseTicket
from domain.actor import Actor, ActorKind, Door, Role
from domain.messages.case import Contact
from starter.door.case_links import revoke_case_links
from starter.web.portal.acts import ACTS
from starter.web.portal.application import portal
from starter.web.portal.speech import NAMES, texts
from starter.web.portal.visitors import Outfit
from tests.activities.builders import AT
from tests.door_session import Clock, session_on
from tests.starter.board_pages import BOSS, Pages, pages_of
from tests.starter.test_board_every_route import BASE, EVIL, HOSTILE

LINKS = CaseLinks(f"{BASE}/portal", ["p" * 32])
_DIGEST = "0" * 16
OPEN_TO_ALL = {
    "/sign-in",
    "/link/{secret}",
    "/language",
    "/case-link/{token}",
    "/assets/{digest}/portal.css",
}
"""What needs no session: the ways in, and what pages are drawn with."""


def _routes() -> Iterator[tuple[str, str]]:
    app = portal(session_on(CaseStore("sqlite:///nowhere.db"), Clock()))._app
    assert isinstance(app, Starlette)
    for route in app.routes:
        assert isinstance(route, Route), f"{route}: what is mounted is not asked here"
        yield from ((method, route.path) for method in sorted(route.methods or ()) if method != "HEAD")


def _paths() -> Iterator[tuple[str, str]]:
    for method, path in _routes():
        for act in ACTS if "{act}" in path else ("",):
            shown = path.replace("{act}", act).replace("{digest}", _DIGEST)
            shown = shown.replace("{secret}", "a" * 43).replace("{token}", "a.b").replace("{file}", 26 * "a")
            shown = shown.replace("{promise}/{which}", f"{_DIGEST}/record")
            assert "{" not in shown.replace("{case}", ""), f"{path}: say here what may stand there"
            yield method, shown


ROUTES = tuple(_paths())


def _is_closed(path: str) -> bool:
    opened = [one.replace("{secret}", "a" * 43).replace("{token}", "a.b") for one in OPEN_TO_ALL]
    return path.replace(_DIGEST, "{digest}") not in opened


FOR_CUSTOMERS = tuple((method, path) for method, path in ROUTES if _is_closed(path))


def at(path: str, case: str = "SR-0000-0000-0") -> str:
    return "/portal" + path.replace("{case}", quote(case, safe=""))


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path, outfit=Outfit(LINKS)) as found:
        yield found


async def kim(pages: Pages, tenant: str = "acme", name: str = "Kim Ng", **fields: str) -> dict[str, str]:
    """Sign a customer in; return what their forms carry."""
    await pages.sign_in(name, "customer", tenant=tenant, **fields)
    return {"form": (await pages.hidden("/portal/"))["form"]}


def test_the_portal_has_the_routes_this_file_is_about() -> None:
    assert {path for _, path in _routes()} >= OPEN_TO_ALL
    assert {"/", "/new", "/cases/{case}", "/cases/{case}/report", "/sign-out"} <= {
        path for _, path in FOR_CUSTOMERS
    }


async def test_nobody_unknown_is_answered_anything_but_that(pages: Pages) -> None:
    number = await pages.record(title="Secret of acme")
    for method, path in FOR_CUSTOMERS:
        where = at(path, number)
        answer = await (pages.get(where) if method == "GET" else pages.post(where, {"text": "What I typed"}))
        assert answer.status_code == 401, (method, path)
        assert "Secret" not in answer.text, path
        # Of whom we do not know no files are read, nor what comes with them.
        assert ("What I typed" in answer.text) == (method == "POST" and not path.endswith("/files")), path


async def test_of_two_companies_each_sees_its_own_cases_and_none_of_the_others_at_any_address(
    pages: Pages,
) -> None:
    numbers = {
        tenant: await pages.record(f"INC-{tenant}", title=f"Secret of {tenant}", tenant=tenant)
        for tenant in ("acme", "globex")
    }
    ids = {tenant: (await pages.store.find_by_number(one))[0].case_id for tenant, one in numbers.items()}
    for mine, theirs in (("acme", "globex"), ("globex", "acme")):
        form = await kim(pages, mine, f"Kim of {mine}")
        shown = (await pages.get("/portal/")).text
        assert f"Secret of {mine}" in shown
        assert f"Secret of {theirs}" not in shown
        assert f"Secret of {mine}" in (await pages.get(f"/portal/cases/{numbers[mine]}")).text
        for case in (numbers[theirs], ids[theirs], "SR-0000-0000-0", "case-" + "a" * 20):
            for method, path in FOR_CUSTOMERS:
                if "{case}" not in path:
                    continue
                where = at(path, case)
                answer = await (
                    pages.get(where) if method == "GET" else pages.post(where, {**form, "text": "x"})
                )
                assert answer.status_code in (404, 503), (path, case, answer.status_code)
                assert "Secret" not in answer.text, path
                if case in (numbers[theirs], ids[theirs]):
                    assert answer.status_code == 404, (path, answer.status_code)


async def test_a_private_case_is_for_who_asked_and_its_contact_alone_at_every_door(pages: Pages) -> None:
    lena = Actor(kind=ActorKind.CUSTOMER, name="Lena", role=Role.CUSTOMER, tenant="acme", door=Door.PORTAL)
    contact = Contact(name="Kim Ng", email="kim@customer.example")
    private = await pages.record("P-1", title="Quiet matter", private=True, actor=lena, contact=contact)
    await pages.record("P-2", title="Open matter", contact=contact)
    seers = (
        ("Lena", {}, True),
        ("Kim Ng", {"email": "KIM@customer.example"}, True),
        ("Kim Ng", {"email": "other@customer.example"}, False),
        ("Lena Lund", {}, False),
        ("Sam", {}, False),
    )
    for name, fields, may in seers:
        form = await kim(pages, "acme", name, **fields)
        listed = (await pages.get("/portal/")).text
        assert ("Quiet matter" in listed, "Open matter" in listed) == (may, True), name
        for path in ("/cases/{case}", "/cases/{case}/report"):
            assert ((await pages.get(at(path, private))).status_code == 200) == may, (name, path)
        said = await pages.post(at("/cases/{case}/say/reply", private), {**form, "text": "x"})
        assert said.status_code == (503 if may else 404), name  # there is no engine here
    await kim(pages, "globex", "Lena of globex")
    assert "Quiet" not in (await pages.get("/portal/")).text
    await pages.sign_in("Ana Reyes")
    assert "Quiet matter" in (await pages.get("/all")).text


async def test_no_form_of_another_place_or_session_does_anything(pages: Pages) -> None:
    number = await pages.record()
    other = await kim(pages, "acme", "Jun")
    mine = await kim(pages)
    for method, path in ROUTES:
        if method != "POST":
            continue
        for origin in EVIL:
            forged = await pages.post(at(path, number), {**mine, "text": HOSTILE}, origin)
            assert forged.status_code == 403, (path, origin)
            assert "7*7" not in forged.text or "{{7*7}}" in forged.text
        if (method, path) in FOR_CUSTOMERS:
            for wrong in ({}, {"form": "0" * 64}, other):
                stale = await pages.post(at(path, number), {"text": "What I typed", **wrong})
                assert stale.status_code == 403, (path, wrong)
                assert "What I typed" in stale.text
    assert (await pages.get("/portal/")).status_code == 200  # nobody was signed out


async def test_looking_changes_nothing(pages: Pages) -> None:
    number = await pages.record()
    await kim(pages)
    (row,) = await pages.store.find_by_number(number)
    ticket = CaseTicket(case_id=row.case_id, made_at=AT, until=AT + timedelta(days=30))
    before = await _everything(pages.store)
    for method, path in ROUTES:
        if method == "GET":
            await pages.get(at(path, number))
    await pages.get(f"/portal/case-link/{LINKS.token(ticket)}")
    assert await _everything(pages.store) == before


async def _everything(store: CaseStore) -> dict[str, list[str]]:
    """All that the store keeps, but for what was refused, which is noted."""
    async with store.reading() as connection:
        names = await connection.execute(text("select name from sqlite_master where type = 'table'"))
        found = {}
        for name in names.scalars().all():
            if name != "audit" and not name.startswith("case_words"):
                rows = await connection.execute(text(f'select * from "{name}"'))
                found[name] = sorted(map(str, rows.all()))
    return found


class _Marks(HTMLParser):
    """Which elements a page has, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(sorted(name for name, _ in attrs))))


def marks(page: str) -> list[tuple[str, tuple[str, ...]]]:
    parser = _Marks()
    parser.feed(page)
    return parser.seen


async def test_hostile_text_in_every_field_stays_text(pages: Pages) -> None:
    harmless = re.sub(r"\W", "x", HOSTILE)
    pages_of_both = []
    for said, mail in ((HOSTILE, "a@b.example"), (harmless, "a@b.example")):
        contact = Contact(name=said[:200], email=mail)
        number = await pages.record(
            f"H-{len(pages_of_both)}",
            title=said,
            explanation=said,
            business_impact=said,
            tenant_company=said,
            customer_reference="1",
            error_messages=(said,),
            attachments=("store:a",),
            contact=contact,
        )
        (row,) = await pages.store.find_by_number(number)
        form = await kim(pages, "acme", said[:100])
        fields = {**form, "text": said, "title": said, "explanation": said, "impact": said, "address": said}
        fields |= {"contact.name": said, "contact.email": said, "reason": said, "affected_users": said}
        found = [
            await pages.get("/portal/"),
            await pages.get(f"/portal/cases/{number}"),
            await pages.get("/portal/new"),
            await pages.post("/portal/new", fields),
            await pages.post("/portal/sign-in", fields),
            await pages.get(f"/portal/case-link/{LINKS.token(_ticket(row.case_id))}"),
        ]
        found += [await pages.post(f"/portal/cases/{number}/say/{act}", fields) for act in ACTS]
        pages_of_both.append(found)
    hostile, plain = pages_of_both
    for ours, theirs in zip(hostile, plain, strict=True):
        assert ours.status_code == theirs.status_code
        assert "<script" not in ours.text
        assert "<img" not in ours.text
        assert "49" not in re.sub(r"[0-9a-f-]{16,}|:\d\d|\d\d:", "", ours.text) or "{{7*7}}" in ours.text
        tags, other = ({tag for tag, _ in marks(one.text)} for one in (ours, theirs))
        assert tags == other


def _ticket(case_id: str) -> CaseTicket:
    return CaseTicket(case_id=case_id, made_at=AT, until=AT + timedelta(days=30))


async def test_a_case_link_shows_its_one_case_to_read_until_it_ends_or_is_taken_back(pages: Pages) -> None:
    number = await pages.record(title="Mail is slow")
    await pages.record("INC-2", title="Another matter")
    (row,) = await pages.store.find_by_number(number)
    path = f"/portal/case-link/{LINKS.token(_ticket(row.case_id))}"
    shown = await pages.get(path)
    assert (shown.status_code, "Mail is slow" in shown.text, "Another" in shown.text) == (200, True, False)
    assert "<form" not in shown.text
    assert re.findall(r'<a [^>]*href="([^"]*)"', shown.text) == ["#main"]
    assert (await pages.post(path, {"text": "x"})).status_code == 405
    assert (await pages.get("/portal/")).status_code == 401  # it signs nobody in
    other = CaseLinks(f"{BASE}/portal", ["q" * 32])
    both = CaseLinks(f"{BASE}/portal", ["q" * 32, "p" * 32])
    assert both.read(LINKS.token(_ticket(row.case_id))).case_id == row.case_id
    said, _, signature = path.rpartition("/")[2].partition(".")
    wrong = [other.token(_ticket(row.case_id)), said, f"{said}.{signature[:-2]}", "a.b", "x" * 3000]
    wrong.append(LINKS.token(_ticket("case-" + "a" * 20)))
    pages.clock.passes(timedelta(days=30, seconds=1) - (pages.clock.at - AT))
    answers = {(await pages.get(path)).text}
    pages.clock.passes(-timedelta(days=10))
    for token in wrong:
        answer = await pages.get(f"/portal/case-link/{token}")
        assert answer.status_code == 404
        answers.add(answer.text)
    assert (await pages.get(path)).status_code == 200
    await revoke_case_links(pages.session, BOSS, row.case_id)
    answers.add((await pages.get(path)).text)
    assert len(answers) == 1
    newer = _ticket(row.case_id).model_copy(update={"made_at": pages.clock.at + timedelta(seconds=1)})
    assert (await pages.get(f"/portal/case-link/{LINKS.token(newer)}")).status_code == 200


def test_every_language_says_all_there_is_with_the_same_facts_in_it() -> None:
    english = texts()["en"]
    assert set(texts()) == set(NAMES)
    for language, said in texts().items():
        assert said.keys() == english.keys(), language
        for key, sentence in said.items():
            assert sorted(re.findall(r"{\w+}", sentence)) == sorted(re.findall(r"{\w+}", english[key])), key


async def test_pages_are_in_the_language_of_the_case_unless_another_was_chosen(pages: Pages) -> None:
    numbers = {one: await pages.record(f"L-{one}", language=one) for one in NAMES}
    await kim(pages)
    for language, number in numbers.items():
        shown = (await pages.get(f"/portal/cases/{number}")).text
        assert f'<html lang="{language}">' in shown
        assert texts()[language]["kept_heading"] in shown
    await pages.post("/portal/language", {"language": "ja", "back": "/portal/"})
    assert '<html lang="ja">' in (await pages.get(f"/portal/cases/{numbers['fil']}")).text


async def test_no_page_is_kept_framed_or_runs_anything(pages: Pages) -> None:
    number = await pages.record()
    await kim(pages)
    for method, path in ROUTES:
        answer = await (pages.get(at(path, number)) if method == "GET" else pages.post(at(path, number)))
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, path
        assert "<script" not in answer.text, path
        if "assets" not in path:
            assert answer.headers["cache-control"] == "no-store", path
