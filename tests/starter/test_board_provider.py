"""People sign in at the board by an identity provider: who is known, in this browser, and nobody else."""

from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import ValidationError

from activities.channels.http import Poster
from activities.channels.public_address import PublicAddresses
from starter.door.people import add_person, list_people, revoke
from starter.door.provider import Provider, ProviderSettings
from tests.door_session import NOW
from tests.identity_provider import API, CLIENT, IdentityProvider
from tests.starter.api_client import Api, web_door
from tests.starter.board_pages import BASE, BOSS, Pages, pages_of
from tests.starter.conftest import Commands

ANA = {"name": "Ana Reyes", "role": "engineer", "email": "ana@sunrelay.example"}
SAID = {"sub": "ana-1", "email": "Ana@sunrelay.example", "email_verified": True}
IN = 'href="/sign-in">Sign in with <bdi>Our IdP</bdi></a>'


def provider_of(idp: IdentityProvider, **more: Any) -> Provider:
    given = {"issuer": idp.issuer, "audience": API, "client_id": CLIENT, "name": "Our IdP", "board_url": BASE}
    settings = ProviderSettings.model_validate(given | more)
    return Provider(
        settings,
        Poster(),
        PublicAddresses(http_within=True, what="provider", networks=(ip_network("127.0.0.0/8"),)),
    )


@pytest.fixture
async def idp() -> AsyncIterator[IdentityProvider]:
    async with IdentityProvider() as running:
        running.now, running.claims = int(NOW.timestamp()), dict(SAID)
        yield running


@pytest.fixture
async def pages(tmp_path: Path, idp: IdentityProvider) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path, provider_of(idp)) as found:
        await add_person(found.session, BOSS, ANA)
        yield found


async def way_back(sent: httpx.Response) -> str:
    """Where the provider sends a browser back to, path and query."""
    async with httpx.AsyncClient(follow_redirects=False) as browser:
        back = urlsplit((await browser.get(sent.headers["location"])).headers["location"])
    assert f"{back.scheme}://{back.netloc}" == BASE
    return f"{back.path}?{back.query}"


async def come_in(pages: Pages) -> httpx.Response:
    return await pages.get(await way_back(await pages.get("/sign-in")))


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    """The cookies an answer sets, with how."""
    return {one.partition("=")[0]: one for one in answer.headers.get_list("set-cookie")}


async def test_who_is_known_by_their_verified_address_comes_in_and_stays_as_by_a_link(pages: Pages) -> None:
    assert IN in (await pages.get("/")).text
    sent = await pages.get("/sign-in")
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    assert (sent.status_code, asked["code_challenge_method"]) == (303, ["S256"])
    assert asked["redirect_uri"] == [f"{BASE}/signed-in"]
    assert asked["state"] != asked["nonce"]
    kept = cookies_of(sent)["sunrelay-sign-in"]
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= {one.strip() for one in kept.split(";")}
    came = await pages.get(await way_back(sent))
    assert (came.status_code, came.headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=lax"} <= {one.strip() for one in cookies_of(came)["sunrelay"].split(";")}
    assert "Max-Age=0" in cookies_of(came)["sunrelay-sign-in"]
    assert "Ana Reyes" in (await pages.get("/")).text
    await revoke(pages.session, BOSS, "Ana Reyes")
    assert (await pages.get("/")).status_code == 401


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"sub": "eve", "email": "eve@evil.example"}, "knows you as <bdi>eve@evil.example</bdi>"),
        ({"sub": "eve", "email_verified": False}, "does not say that it has verified your address"),
        ({"sub": "eve", "email": None}, "does not say that it has verified your address"),
    ],
)
async def test_an_address_nobody_knows_or_has_verified_gets_a_page_and_nobody_is_made(
    pages: Pages, idp: IdentityProvider, claims: dict[str, Any], told: str
) -> None:
    idp.claims |= claims
    before = await list_people(pages.session, BOSS)
    came = await come_in(pages)
    assert (came.status_code, told in came.text, IN in came.text) == (403, True, True)
    assert "sunrelay" not in cookies_of(came)
    assert (await pages.get("/")).status_code == 401
    assert await list_people(pages.session, BOSS) == before


async def test_who_was_shut_out_is_told_what_nobody_is(pages: Pages, idp: IdentityProvider) -> None:
    await come_in(pages)
    await revoke(pages.session, BOSS, "Ana Reyes")
    pages.client.cookies.clear()
    assert (await come_in(pages)).status_code == 403
    assert (await pages.get("/")).status_code == 401


async def test_a_way_back_that_another_browser_began_signs_nobody_in(pages: Pages) -> None:
    theirs = await way_back(await pages.get("/sign-in"))
    pages.client.cookies.clear()
    nothing_begun = await pages.get(theirs)
    assert (nothing_begun.status_code, "It was not begun in this browser" in nothing_begun.text) == (
        400,
        True,
    )
    await pages.get("/sign-in")
    other_begun = await pages.get(theirs)
    assert (other_begun.status_code, IN in other_begun.text) == (403, True)
    pages.client.cookies.set("sunrelay-sign-in", "e30=")
    assert (await pages.get(theirs)).status_code == 400
    assert (await pages.get("/")).status_code == 401


@pytest.mark.parametrize(
    "spoil", [{"nonce": "other"}, {"aud": API}, {"iss": "https://evil.example"}, {"exp": 1}]
)
async def test_an_id_token_that_is_not_of_this_sign_in_signs_nobody_in(
    pages: Pages, idp: IdentityProvider, spoil: dict[str, Any]
) -> None:
    idp.spoil = spoil
    assert (await come_in(pages)).status_code == 403
    assert (await pages.get("/")).status_code == 401


async def test_a_way_back_is_of_use_once_and_who_was_refused_there_is_told(pages: Pages) -> None:
    sent = await pages.get("/sign-in")
    kept, back = dict(pages.client.cookies), await way_back(sent)
    assert (await pages.get(back)).status_code == 303
    pages.client.cookies.clear()
    pages.client.cookies.update(kept)
    assert (await pages.get(back)).status_code == 403
    sent = await pages.get("/sign-in")
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    refused = await pages.get(f"/signed-in?error=access_denied&state={state}&error_description=<b>x")
    assert (refused.status_code, "<b>x" in refused.text) == (403, False)
    assert (await pages.get("/")).status_code == 401


async def test_nothing_that_is_asked_for_is_a_place_to_go(pages: Pages, idp: IdentityProvider) -> None:
    evil = "https://evil.example"
    for path in (f"/sign-in?next={evil}", f"/sign-in?redirect_uri={evil}", f"/sign-in?return_to={evil}"):
        sent = await pages.get(path, Host="evil.example", **{"X-Forwarded-Host": "evil.example"})
        assert sent.headers["location"].startswith(f"{idp.issuer}/authorize?")
        assert "evil" not in sent.headers["location"]
    back = await way_back(sent)
    assert (await pages.get(f"{back}&next={evil}", Host="evil.example")).headers["location"] == "/"


async def test_another_site_begins_no_sign_in(pages: Pages) -> None:
    for site in ("cross-site", "same-site"):
        sent = await pages.get("/sign-in", **{"Sec-Fetch-Site": site})
        assert (sent.status_code, "set-cookie" in sent.headers) == (403, False)


async def test_by_https_both_cookies_are_bound_to_the_host(tmp_path: Path, idp: IdentityProvider) -> None:
    async with pages_of(tmp_path, provider_of(idp, board_url="https://desk.example")) as found:
        await add_person(found.session, BOSS, ANA)
        sent = await found.get("/sign-in")
        kept = cookies_of(sent)["__Host-sunrelay-sign-in"]
        assert "Secure" in kept
        assert parse_qs(urlsplit(sent.headers["location"]).query)["redirect_uri"] == [
            "https://desk.example/signed-in"
        ]
        async with httpx.AsyncClient() as browser:
            back = urlsplit((await browser.get(sent.headers["location"])).headers["location"])
        came = await found.get(f"{back.path}?{back.query}", Cookie=kept.partition(";")[0])
        assert "Secure" in cookies_of(came)["__Host-sunrelay"]


async def test_a_provider_that_is_away_is_said_and_links_go_on(tmp_path: Path, idp: IdentityProvider) -> None:
    gone = provider_of(idp)
    await idp.__aexit__()
    async with pages_of(tmp_path, gone) as found:
        lost = await found.get("/sign-in")
        assert (lost.status_code, "The identity provider does not answer" in lost.text) == (503, True)
        await found.sign_in()
        assert (await found.get("/")).status_code == 200


async def test_without_a_provider_there_is_no_such_way_in(tmp_path: Path, idp: IdentityProvider) -> None:
    for provider in (None, provider_of(idp, board_url=None)):
        async with pages_of(tmp_path, provider) as found:
            assert "/sign-in" not in (await found.get("/")).text
            for path in ("/sign-in", "/signed-in?code=x&state=y"):
                assert (await found.get(path)).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"client_id": None},
        {"board_url": "desk.example"},
        {"board_url": "https://desk.example/board"},
        {"board_url": "https://you@desk.example"},
        {"board_url": "javascript://desk.example"},
    ],
)
def test_an_address_that_is_none_of_a_board_is_refused(given: dict[str, Any]) -> None:
    whole = {"issuer": "https://id.example", "audience": API, "client_id": CLIENT, "board_url": BASE}
    with pytest.raises(ValidationError):
        ProviderSettings.model_validate(whole | given)


@pytest.fixture(scope="module")
def door(run: Commands, issuer: IdentityProvider) -> Iterator[Api]:
    settings = {
        "ISSUER": issuer.issuer,
        "AUDIENCE": API,
        "CLIENT_ID": CLIENT,
        "NAME": "Our IdP",
        "BOARD_URL": BASE,
        "NETWORKS": '["127.0.0.0/8"]',
    }
    with web_door(run, **{f"SUNRELAY_OIDC_{name}": value for name, value in settings.items()}) as found:
        yield found


def test_the_web_door_signs_in_by_the_provider_of_its_settings(
    run: Commands, door: Api, issuer: IdentityProvider
) -> None:
    given = ("--role", "engineer", "--email", "ines@sunrelay.example")
    assert run("people", "add", "Ines", *given).code == 0
    theirs = {"sub": "ines-1", "email": "ines@sunrelay.example"}
    with patch.dict(issuer.claims, theirs), httpx.Client(base_url=door.base, timeout=60) as browser:
        assert IN in browser.get("/").text
        sent = browser.get("/sign-in")
        back = urlsplit(httpx.get(sent.headers["location"]).headers["location"])
        assert browser.get(f"{back.path}?{back.query}").headers["location"] == "/"
        assert "Ines" in browser.get("/").text
