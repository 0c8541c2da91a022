"""Every route of the board: asked by whom it is not for, by forms of others, with hostile texts, in outages.

The routes are read from the application itself: one that is added is asked here without a line, and one whose
path has an id that this file knows nothing of fails.
"""

import re
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import httpx
import pytest
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.routing import Route

from activities.store.case_store import CaseStore
from domain.actor import ActorKind
from domain.clocks import Clock as Promise
from domain.messages.case import Submit
from domain.record import RecordBatch, row_of
from domain.verbs import Verb
from starter.web.board.answers import asset_path
from starter.web.board.application import board
from starter.web.board.case_fields import fields_of
from starter.web.board.case_verbs import _NOT_SAID_HERE
from tests.activities.builders import entry, whole_case
from tests.door_session import NOW, Clock, session_on
from tests.starter.board_pages import BASE, Pages, pages_of

HOSTILE = "<script>alert(1)</script>{{7*7}}{% raw %}\"'><img src=x onerror=alert(1)>"
HARMLESS = re.sub(r"\W", "x", HOSTILE)
_DIGEST, _ASSET = asset_path("board.css").split("/")[2:]
KNOWN = {"clock": Promise.INITIAL_RESPONSE.value, "verb": "add_note", "shown": "all", "secret": "a" * 43}
KNOWN |= {"digest": _DIGEST, "name": _ASSET, "file": 26 * "a"}
KNOWN |= {"policy": "rhipe-csp", "incident": "MI-0000-0000-0"}
"""What stands in a path beside the id of a case."""

OPEN_TO_ALL = {"/assets/{digest}/{name}", "/link/{secret}", "/sign-in", "/signed-in"}
"""What needs no session: the way in, and what pages are drawn with."""

EVIL = (None, "null", "http://evil.example", f"{BASE}.evil.example", "http://desk.example:8080")


class Asked(NamedTuple):
    """One route."""

    method: str
    path: str

    @property
    def is_form(self) -> bool:
        return self.method == "POST"

    def at(self, case: str = "SR-0000-0000-0") -> str:
        """The address with these ids in it."""
        path = self.path
        for name, value in {**KNOWN, "case": case}.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        assert "{" not in path, f"{path}: say in KNOWN what may stand there"
        return f"{path}?q=Kim" if path == "/search" else path

    async def of(self, pages: Pages, case: str = "SR-0000-0000-0", **fields: str) -> httpx.Response:
        """Load the page, or send the form as the page of a visitor would."""
        return await (pages.post(self.at(case), fields) if self.is_form else pages.get(self.at(case)))


def _routes() -> Iterator[Asked]:
    app = board(session_on(CaseStore("sqlite:///nowhere.db"), Clock()))._app
    assert isinstance(app, Starlette)
    for route in app.routes:
        assert isinstance(route, Route), f"{route}: what is mounted is not asked here"
        yield from (Asked(method, route.path) for method in sorted(route.methods or ()) if method != "HEAD")


ROUTES = tuple(_routes())
FOR_US = tuple(one for one in ROUTES if one.path not in OPEN_TO_ALL)
FILES = {"/statistics.csv", "/statistics.json"}
"""What is no page: there is nobody's name on it."""

OF_THE_ENGINE = {"/incidents/{incident}"}
"""What the engine alone knows: without it there is nothing to show."""

NO_PAGES = ("stream", "{file}", *FILES, *OF_THE_ENGINE)
PAGES = tuple(one for one in FOR_US if not (one.is_form or any(part in one.path for part in NO_PAGES)))


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        yield found


async def token_of(pages: Pages) -> str:
    """What the forms of a session carry; of whoever may see no page, too."""
    return (await pages.hidden()).get("form", "")


def test_the_board_has_the_routes_this_file_is_about() -> None:
    assert {"/", "/centre", "/pull", "/cases/{case}/say/{verb}", "/sign-out"} <= {one.path for one in FOR_US}
    assert {one.path for one in ROUTES} >= OPEN_TO_ALL


async def test_nobody_unknown_is_answered_anything_but_that(pages: Pages) -> None:
    number = await pages.record(title="Secret of acme")
    for route in FOR_US:
        answer = await route.of(pages, number, text="What I typed")
        assert (answer.status_code, "You are not signed in" in answer.text) == (401, True), route
        assert "Secret" not in answer.text, route


@pytest.mark.parametrize(("role", "tenant"), [("customer", "acme"), ("customer", "globex"), ("vendor", None)])
async def test_of_two_tenants_no_page_shows_a_case_to_who_is_none_of_us(
    pages: Pages, role: str, tenant: str | None
) -> None:
    cases = []
    for name in ("acme", "globex"):
        number = await pages.record(f"INC-{name}", {"tenant": name}, title=f"Secret of {name}")
        rows = await pages.store.find_by_number(number)
        cases += [number, rows[0].case_id]
    await pages.sign_in("Kim Ng", role, **({"tenant": tenant} if tenant else {}))
    for route in FOR_US:
        for case in cases:
            answer = await route.of(pages, case, form="0" * 64, text="x")
            assert answer.status_code in (403, 404), (route, answer.status_code)
            assert "Secret" not in answer.text, route


async def test_no_form_of_another_place_or_session_does_anything(pages: Pages) -> None:
    number = await pages.record()
    await pages.sign_in("Jun Santos")
    other = await token_of(pages)
    await pages.sign_in()
    token = await token_of(pages)
    for route in (one for one in ROUTES if one.is_form):
        for origin in EVIL:
            forged = await pages.post(route.at(number), {"form": token, "text": HOSTILE}, origin)
            assert (forged.status_code, "not one of ours" in forged.text) == (403, True), (route, origin)
            assert "7*7" not in forged.text, route
        for wrong in ("", "0" * 64, other, token[:-1]) if route in FOR_US else ():
            stale = await pages.post(route.at(number), {"form": wrong, "text": "x"})
            assert (stale.status_code, "of another session" in stale.text) == (403, True), (route, wrong)
    assert (await pages.get("/")).status_code == 200  # nobody was signed out


async def test_no_page_is_kept_framed_or_runs_anything_but_our_scripts(pages: Pages) -> None:
    number = await pages.record()
    for is_in in (False, True):
        if is_in:
            await pages.sign_in()
        for route in (one for one in ROUTES if one.path != "/assets/{digest}/{name}"):
            if "stream" in route.path and is_in:
                continue  # it goes on; its head is that of every answer
            answer = await route.of(pages, number)
            policy = {one.strip() for one in answer.headers["content-security-policy"].split(";")}
            assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= policy, route
            assert not any("unsafe" in one for one in policy), route
            assert answer.headers["x-frame-options"] == "DENY", route
            assert answer.headers["cache-control"] == "no-store", route
            assert not _Elements(answer.text).inline, route
            if route.path == "/sign-out":
                await pages.sign_in()


class _Elements(HTMLParser):
    """The elements of a page with the names of what they have, and what of it would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = tuple(sorted(name for name, _ in attrs))
        self.seen.append((tag, names))
        own = dict(attrs).get("src") or ""
        if tag in ("style", "img", "iframe", "object") or (
            tag == "script" and not own.startswith("/assets/")
        ):
            self.inline.append(tag)
        self.inline += [name for name in names if name.startswith("on") or name == "style"]


async def _case_that_says(pages: Pages, text: str) -> str:
    """The number of a case with a text in every field that takes any."""
    said = {name: text for name in Submit.model_fields if await _takes(name)}
    assert {"title", "explanation", "tenant_company", "business_impact"} <= set(said)
    case, _ = await whole_case("INC-1", **said)
    told = tuple(
        entry(number, text, by=text, about=text, internal=bool(number % 2), by_kind=ActorKind.CUSTOMER)
        for number in range(1, 5)
    )
    row = row_of(case).model_copy(
        update={"assignee": text, "title": text, "tenant": text, "owed_at": NOW, "offered_to": "sydney"}
    )
    file = f'{{"case": {case.model_dump_json()}}}'
    await pages.store.record(RecordBatch(row=row, entries=told, case=case, life="one", file=file))
    return case.number


async def _takes(name: str) -> bool:
    """Tell whether a field of a request holds any text."""
    if name in ("tenant", "reference", "impact", "urgency", "contact", "actor", "request_id"):
        return False
    try:
        case, _ = await whole_case("INC-1", **{name: HOSTILE})
    except (AssertionError, ValidationError):
        return False
    return getattr(case.request, name, None) == HOSTILE


async def _pages_that_say(tmp_path: Path, text: str) -> dict[Asked, str]:
    tmp_path.mkdir()
    async with pages_of(tmp_path) as pages:
        number = await _case_that_says(pages, text)
        await pages.sign_in(f"Ana {text}", "lead", region="manila")
        return {route: (await route.of(pages, number)).text for route in PAGES}


async def test_hostile_text_in_every_field_is_text_on_every_page(tmp_path: Path) -> None:
    hostile = await _pages_that_say(tmp_path / "hostile", HOSTILE)
    harmless = await _pages_that_say(tmp_path / "harmless", HARMLESS)
    for route in PAGES:
        shown, plain = _Elements(hostile[route]), _Elements(harmless[route])
        assert shown.seen == plain.seen, f"{route}: the DOM is another"
        assert not shown.inline, route
        assert "{{7*7}}" in hostile[route], route
        assert not re.search(r"\b(PST|PHT|AEDT|AEST|GMT)\b", harmless[route]), route


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in _NOT_SAID_HERE])
async def test_hostile_text_in_every_field_of_a_form_comes_back_as_text(pages: Pages, verb: Verb) -> None:
    number = await pages.record()
    await pages.sign_in()
    path = f"/cases/{number}/say/{verb}"
    typed = {one.path: HOSTILE for one in fields_of(verb)} | {HOSTILE: HOSTILE, "form": await token_of(pages)}
    for more in ({}, {"request": HOSTILE, "version": HOSTILE, "entries": HOSTILE}, {"confirmed": HOSTILE}):
        answer = await pages.post(path, typed | more)
        assert answer.status_code in (200, 409, 422, 503), answer.status_code
        assert not _Elements(answer.text).inline
    asked = await pages.client.get(path, params={"said": HOSTILE, "warned": HOSTILE, "v": HOSTILE})
    assert not _Elements(asked.text).inline


async def test_a_store_that_is_away_is_said_since_when_at_every_route_and_nothing_typed_is_lost(
    pages: Pages,
) -> None:
    number = await pages.record()
    await pages.sign_in()
    token = await token_of(pages)
    await pages.store.close()
    file = Path(str(pages.store._url.database))
    file.rename(file.with_suffix(".aside"))
    file.mkdir()
    for route in (*FOR_US, Asked("GET", "/link/{secret}"), Asked("POST", "/link/{secret}")):
        answer = await route.of(pages, number, form=token, text="What I typed")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5"), route
        assert "The case store does not answer" in answer.text, route
        assert "03:00:00 UTC" in answer.text, route
        if "/say/" in route.path and route.is_form:
            assert "What I typed" in answer.text, route


async def test_an_engine_that_is_away_is_said_since_when_on_every_page(pages: Pages) -> None:
    number = await pages.record()
    await pages.sign_in(role="lead", region="sydney")
    for route in PAGES:
        answer = await route.of(pages, number)
        assert answer.status_code == 200, route
        assert "The engine has not answered since 14:00:00 Sydney" in answer.text, route


async def test_without_the_engine_an_incident_is_not_made_up(pages: Pages) -> None:
    await pages.sign_in()
    for path in OF_THE_ENGINE:
        answer = await Asked("GET", path).of(pages)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5"), path
