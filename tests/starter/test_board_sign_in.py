"""People come in with a browser by a link of use once, and nobody sends their forms but they."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from activities.store.audit import AuditTrail
from starter.door.browser_sessions import IDLE, LASTS, LINK_OPENS_FOR
from starter.door.people import revoke
from tests.door_session import NOW
from tests.starter.board_pages import BOSS, Pages, pages_of

SECOND = timedelta(seconds=1)


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        yield found


async def test_a_link_signs_in_once_and_looking_at_it_uses_nothing_up(pages: Pages) -> None:
    link = await pages.link("Ana Reyes")
    for _ in range(2):
        seen = await pages.get(link)
        assert (seen.status_code, "Ana Reyes" in seen.text) == (200, True)
    assert (await pages.get("/")).status_code == 401
    come = await pages.post(link)
    assert (come.status_code, come.headers["location"]) == (303, "/")
    assert "Ana Reyes" in (await pages.get("/")).text
    pages.client.cookies.clear()
    assert (await pages.post(link)).status_code == 404
    assert (await pages.get(link)).status_code == 404


async def test_a_link_opens_for_15_minutes(pages: Pages) -> None:
    link = await pages.link("Ana Reyes")
    pages.clock.passes(LINK_OPENS_FOR - SECOND)
    assert (await pages.get(link)).status_code == 200
    pages.clock.passes(SECOND)
    assert (await pages.get(link)).status_code == 404
    assert (await pages.post(link)).status_code == 404


async def test_a_link_that_opens_nothing_says_one_thing_and_the_audit_knows_which_it_was(
    pages: Pages,
) -> None:
    used, never = await pages.link("Ana Reyes"), f"/link/{'a' * 43}"
    await pages.post(used)
    answers = {(await pages.post(path)).text for path in (used, never)}
    assert len(answers) == 1
    rows = await pages.session.read(lambda store: AuditTrail(store).list(NOW - timedelta(days=1), 10))
    assert {row.why for row in rows} == {"link: used", "link: unknown"}
    assert all(used[-43:] not in repr(row) for row in rows)


async def test_a_session_ends_by_itself_by_leaving_and_with_its_person(pages: Pages) -> None:
    await pages.sign_in()
    pages.clock.passes(IDLE - SECOND)
    assert (await pages.get("/")).status_code == 200
    pages.clock.passes(IDLE)
    assert (await pages.get("/")).status_code == 401
    await pages.sign_in()
    for _ in range(3):
        pages.clock.passes(LASTS / 3 - SECOND)
        assert (await pages.get("/")).status_code == 200
    pages.clock.passes(3 * SECOND)
    assert (await pages.get("/")).status_code == 401
    await pages.sign_in()
    cookies = dict(pages.client.cookies)
    left = await pages.post("/sign-out", await pages.hidden())
    assert left.headers["clear-site-data"] == '"storage"'  # what was begun and not sent
    assert left.status_code == 200
    pages.client.cookies.update(cookies)
    assert (await pages.get("/")).status_code == 401
    await pages.sign_in()
    await revoke(pages.session, BOSS, "Ana Reyes")
    assert (await pages.get("/")).status_code == 401


async def test_the_store_has_no_secret_of_a_link_or_session(pages: Pages) -> None:
    link = await pages.link("Ana Reyes")
    await pages.post(link)
    secret = next(iter(pages.client.cookies.values()))
    async with pages.store.reading() as connection:
        kept = [
            str(row)
            for table in ("sign_in_links", "browser_sessions")
            for row in await connection.execute(text(f"select * from {table}"))
        ]
    assert len(kept) == 2
    assert all(link[-43:] not in row and secret not in row for row in kept)


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://desk.example.evil.example"])
async def test_a_form_from_elsewhere_does_nothing(pages: Pages, origin: str | None) -> None:
    link = await pages.link("Ana Reyes")
    assert (await pages.post(link, origin=origin)).status_code == 403
    await pages.sign_in()
    assert (await pages.post("/sign-out", await pages.hidden(), origin)).status_code == 403
    assert (await pages.get("/")).status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "nämlich"])
async def test_a_form_without_the_token_of_its_session_does_nothing(pages: Pages, token: str) -> None:
    await pages.sign_in()
    assert (await pages.post("/sign-out", {"form": token})).status_code == 403
    assert (await pages.get("/")).status_code == 200


async def test_the_cookie_is_for_this_site_alone_and_by_https_never_sent_without(pages: Pages) -> None:
    plain = (await pages.post(await pages.link("Ana Reyes"))).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {one.strip() for one in plain.split(";")}
    behind = await pages.post(await pages.link("Ana Reyes"), origin="https://desk.example")
    assert behind.headers["set-cookie"].startswith("__Host-sunrelay=")
    assert "Secure" in behind.headers["set-cookie"]


async def test_no_page_is_kept_framed_or_runs_a_script_of_others(pages: Pages) -> None:
    link = await pages.link("Ana Reyes")
    answers = [await pages.get(path) for path in ("/", link, "/nowhere-at-all", "/cases/x")]
    answers.append(await pages.post(link))
    answers += [await pages.get("/"), await pages.post("/sign-out", origin=None)]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= {one.strip() for one in policy.split(";")}
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_customer_sees_no_board(pages: Pages) -> None:
    await pages.sign_in("Kim Ng", "customer", tenant="acme")
    assert (await pages.get("/")).status_code == 403
