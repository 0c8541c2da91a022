"""The page on which anybody checks a promise: over real HTTP, in three languages, and with hostile input."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from activities.receipts.signature import Believed, Signer
from activities.store.case_store import CaseStore
from domain.clocks import Clock as Kind
from domain.customer_promise import Standing, Why
from domain.promise_in_letter import PROMISES
from starter.web.receipt_page import texts
from starter.web.receipts import MOST, receipts_app
from starter.web.server import served_meanwhile
from starter.web.site import site
from tests.activities.receipt_keys import record, signer
from tests.activities.test_promise_receipts import letter, recorded
from tests.domain.cases import MINUTE, TUESDAY, Story, opened
from tests.door_session import Clock, session_on
from tests.servers import free_port
from tests.starter.test_verify import _flipped, mail

KEYS = "/.well-known/sunrelay-promise-keys.json"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[CaseStore]:
    found = await CaseStore.open(f"sqlite:///{tmp_path / 'cases.db'}")
    yield found
    await found.close()


@pytest.fixture
def ours() -> Signer:
    return signer()


@asynccontextmanager
async def served(store: CaseStore, ours: Signer) -> AsyncIterator[httpx.AsyncClient]:
    app = site(Starlette(), receipts=receipts_app(session_on(store, Clock()), ours))
    port = free_port()
    async with (
        served_meanwhile(app, "127.0.0.1", port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        yield client


@pytest.fixture
async def page(store: CaseStore, ours: Signer) -> AsyncIterator[httpx.AsyncClient]:
    async with served(store, ours) as client:
        yield client


@pytest.fixture
async def alone(ours: Signer, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The page of a desk whose store is not there."""
    async with served(CaseStore(f"sqlite:///{tmp_path / 'nowhere.db'}"), ours) as client:
        yield client


async def told(store: CaseStore, ours: Signer, *, answered_after: int | None = None) -> tuple[Story, str]:
    store.promises.sign_with(ours)
    story = opened(title="<script>alert(1)</script>")
    token = await store.promises.tell(letter(story))
    if answered_after is not None:
        story.until(TUESDAY + answered_after * MINUTE)
        story.say("respond", TUESDAY + answered_after * MINUTE, text="Begun.")
    await recorded(store, story)
    assert token is not None
    return story, token


async def test_a_record_that_is_pasted_is_told_in_words_with_how_it_was_kept(
    page: httpx.AsyncClient, store: CaseStore, ours: Signer
) -> None:
    story, token = await told(store, ours, answered_after=5)
    for given in ({"data": {"record": token}}, {"files": {"record": (None, f" {token}\r\n")}}):
        answer = await page.post("/verify", **given)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert "This record is ours" in answer.text
        assert story.case.number in answer.text
        assert "kept, Tuesday, June 15, 2027, 00:05 (UTC)" in answer.text
        assert "script>" not in answer.text


async def test_a_promise_kept_late_says_by_how_much(
    page: httpx.AsyncClient, store: CaseStore, ours: Signer
) -> None:
    _, token = await told(store, ours, answered_after=125)
    answer = await page.post("/verify", data={"record": token})
    assert "late by 1 h 5 min" in answer.text


@pytest.mark.parametrize("name", ["promise.jws", "mail.eml"])
async def test_a_file_is_taken_too_and_goes_before_what_is_pasted(
    alone: httpx.AsyncClient, ours: Signer, name: str
) -> None:
    token = ours.sign(record())
    content = mail(token) if name.endswith("eml") else token.encode()
    answer = await alone.post("/verify", data={"record": "junk"}, files={"file": (name, content)})
    assert answer.status_code == 200
    assert "SR-AAAA-BBBB-C" in answer.text
    assert "cannot be said just now" in answer.text  # nobody here knows of it


@pytest.mark.parametrize("language", ["en", "fil", "ja"])
async def test_it_speaks_the_reader_s_language(alone: httpx.AsyncClient, ours: Signer, language: str) -> None:
    asks = {"Accept-Language": f"xx, {language}-ZZ;q=0.9, en;q=0.1"}
    said = texts()[language]
    form = await alone.get("/verify", headers=asks)
    assert f'<html lang="{language}">' in form.text
    assert said["about"] in form.text
    whole = await alone.post("/verify", data={"record": ours.sign(record())}, headers=asks)
    assert said["whole"] in whole.text
    wrong = await alone.post("/verify", data={"record": _flipped(ours.sign(record()))}, headers=asks)
    assert said["refused_ReceiptForged"] in wrong.text


def test_every_language_says_everything() -> None:
    for language, said in texts().items():
        assert set(said) == set(texts()["en"]), language
        assert {f"standing_{one}" for one in Standing} <= set(said)
        assert {f"why_{one}" for one in Why} <= set(said)
        clocks = {clock for rows in PROMISES.values() for _, clock in rows}
        assert {f"clock_{clock}" for clock in clocks} <= set(said)
        for name, text in said.items():
            assert re.findall(r"{\w+}", text) or not re.findall(r"{\w+}", texts()["en"][name])
    assert Kind.UPDATE in clocks


BAD = {
    "another desk's": ("ReceiptKeyUnknown", lambda ours: signer().sign(record())),
    "changed": ("ReceiptForged", lambda ours: _flipped(ours.sign(record()))),
    "half": ("ReceiptUnreadable", lambda ours: ours.sign(record())[:300]),
    "nothing": ("ReceiptUnreadable", lambda ours: ""),
    "markup": ("ReceiptUnreadable", lambda ours: "<script>alert(1)</script>"),
    "a mail of markup": ("ReceiptUnreadable", lambda ours: "Subject: <script>\n\n<script>"),
    "other scripts": ("ReceiptUnreadable", lambda ours: "約束\u202e\x00"),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_is_none_is_refused_with_its_code_and_is_not_repeated(
    alone: httpx.AsyncClient, ours: Signer, name: str
) -> None:
    code, made = BAD[name]
    answer = await alone.post("/verify", data={"record": made(ours)})
    assert answer.status_code == 422
    assert code in answer.text
    assert 'role="alert"' in answer.text
    assert "script>" not in answer.text
    assert "\u202e" not in answer.text


async def test_bodies_that_are_no_form_are_refused(alone: httpx.AsyncClient) -> None:
    kinds = ("", "application/json", "multipart/form-data", "multipart/form-data; boundary=", "text/plain")
    for kind in (*kinds, "application/x-www-form-urlencoded", f"multipart/form-data; boundary={'b' * 5000}"):
        for body in (b"", b"{}", b"\xff" * 999, b"--x\r\n\r\n", b"record=%zz&" * 200):
            answer = await alone.post("/verify", content=body, headers={"Content-Type": kind})
            assert answer.status_code == 422, (kind, body)


async def test_more_than_64_kib_are_not_taken(alone: httpx.AsyncClient) -> None:
    answer = await alone.post("/verify", data={"record": "A" * MOST})
    assert answer.status_code == 413
    assert "ReceiptTooLarge" in answer.text


async def test_looking_changes_nothing_and_the_page_is_closed_to_scripts_and_frames(
    page: httpx.AsyncClient, store: CaseStore, ours: Signer
) -> None:
    story, token = await told(store, ours)
    before = await store.promises.of_case(story.case.id)
    for answer in (await page.get("/verify"), await page.post("/verify", data={"record": token})):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert "set-cookie" not in answer.headers
        assert re.findall("<label for=", answer.text)
    assert (await page.get("/verify", params={"record": token})).text == (await page.get("/verify")).text
    assert (await page.put("/verify")).status_code in (404, 405)
    assert await store.promises.of_case(story.case.id) == before


async def test_a_store_that_is_away_keeps_nobody_from_checking(
    page: httpx.AsyncClient, store: CaseStore, ours: Signer, tmp_path: Path
) -> None:
    _, token = await told(store, ours, answered_after=5)
    (tmp_path / "cases.db").rename(tmp_path / "away.db")
    answer = await page.post("/verify", data={"record": token})
    assert answer.status_code == 200
    assert "cannot be said just now" in answer.text


async def test_the_public_keys_are_at_their_address_and_nothing_private_is(
    alone: httpx.AsyncClient, ours: Signer
) -> None:
    answer = await alone.get(KEYS)
    assert answer.headers["content-type"] == "application/jwk-set+json"
    assert all(set(one) == {"kty", "crv", "x", "kid", "alg", "use"} for one in answer.json()["keys"])
    assert Believed.of_set(json.dumps(answer.json())).read(ours.sign(record())) == record()
