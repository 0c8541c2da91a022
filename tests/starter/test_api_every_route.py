"""Every route the application has, asked with what is another's, and by whom nobody knows.

The routes are read from the application itself: one that is added is asked here without a line.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from activities.store.case_store import CaseStore
from activities.store.drafts import Draft, Drafts
from domain.actor import Actor, ActorKind, Door, Role
from starter.door.people import give_key
from starter.web.api.application import api as make_api
from starter.web.api.callers import Backing, known_by
from tests.door_session import Clock, session_on
from tests.identity_provider import IdentityProvider
from tests.starter.api_client import Api
from tests.starter.conftest import eventually
from tests.starter.files_given import give, ids_of

BOSS = Actor(kind=ActorKind.STAFF, name="Mo", role=Role.MANAGER, door=Door.CLI)
TENANTS = {"Kelp & Sons": "Kim of Kelp", "Reef Tours": "Rob of Reef"}
APP = make_api(Backing(None, known_by(None), None))  # type: ignore[arg-type]
DESCRIBED = APP.openapi()


class Asked(NamedTuple):
    """One route, and how it is described."""

    method: str
    path: str

    @property
    def shown(self) -> str:
        return self.path.replace(":path}", "}")

    @property
    def body(self) -> Any:
        operation = DESCRIBED["paths"][self.shown][self.method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("example")

    def at(self, ids: dict[str, str]) -> str:
        """The address with these ids in it."""
        path = self.shown
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        assert "{" not in path, f"{path}: say in THEIRS whose {path} is"
        return f"{path}?text=x" if path.endswith("/search") else path


ROUTES = [
    Asked(method, part.include_context.path_for(route))
    for part in APP.routes
    for route in getattr(getattr(part, "original_router", None), "routes", ())
    for method in sorted(route.methods)
]
OF_SOMETHING = [route for route in ROUTES if "{" in route.path]
NOBODYS = {
    "case": "SR-0000-0000-0",
    "incident": "MI-0000-0000-0",
    "draft": "aaaaaaaaaaaa",
    "delivery": "case-aaaaaaaaaaaaaaaaaaaa/x/y/z",
    "file": 26 * "a",
}
NAMES = {"clock": "update", "name": "sydney"}
"""What is the same for everybody."""


def _named(route: Asked) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def store_url(api: Api) -> str:
    return f"sqlite:///{api.run.home / 'cases.db'}"


@pytest.fixture(scope="module")
def theirs(api: Api, store_url: str) -> dict[str, list[dict[str, str]]]:
    """Of each tenant what they have, by every id it has."""
    found = {}
    for number, tenant in enumerate(TENANTS):
        api.key(TENANTS[tenant], "customer", tenant)
        opened = api.open(f"every-{number}", tenant, title=f"Secret of {tenant}")
        draft = asyncio.run(_drafted(store_url, opened, tenant))
        declared = api.post(
            "/v1/incidents",
            {"reference": f"every-{number}", "title": f"Secret of {tenant}", "text": "It is away."},
        ).json()
        (file,) = ids_of(give(api, opened["number"], ("secret.log", b"Secret"), as_=TENANTS[tenant]))
        more = {"file": file, "draft": draft, "delivery": f"{opened['case_id']}/x/y/customer"}
        found[tenant] = [
            {"case": opened["number"], "incident": declared["number"], **more},
            {"case": opened["case_id"], "incident": declared["incident_id"], **more},
        ]
    eventually(lambda: len(api.get("/v1/search?text=Secret").json()["cases"]) >= len(TENANTS))
    return found


async def _drafted(store_url: str, opened: Any, tenant: str) -> str:
    draft = Draft(
        case_id=opened["case_id"],
        number=opened["number"],
        tenant=tenant,
        verb="post_update",
        fields={"text": f"Secret of {tenant}"},
        because="its customer could read it",
        drafted_by="Support agent",
        drafted_at=datetime.now(UTC),
    )
    store = await CaseStore.open(store_url)
    await Drafts(store).keep(draft)
    await store.close()
    return draft.draft_id


def test_the_routes_of_the_application_are_those_it_describes() -> None:
    described = {(method.upper(), path) for path, one in DESCRIBED["paths"].items() for method in one}
    assert {(route.method, route.shown) for route in ROUTES} == described
    assert len(ROUTES) > 60


@pytest.mark.parametrize("route", OF_SOMETHING, ids=_named)
def test_what_is_another_tenant_s_is_answered_as_what_nobody_has(
    api: Api, theirs: dict[str, list[dict[str, str]]], route: Asked
) -> None:
    for owner, ids in theirs.items():
        stranger = next(who for tenant, who in TENANTS.items() if tenant != owner)
        nobody_s = api.call(route.method, route.at({**NAMES, **NOBODYS}), route.body, as_=stranger)
        for one in ids:
            answer = api.call(route.method, route.at({**NAMES, **one}), route.body, as_=stranger)
            assert answer.status_code == nobody_s.status_code
            assert answer.json()["code"] == nobody_s.json()["code"]
            assert "Secret" not in answer.text
            if "{case}" in route.path:
                assert (answer.status_code, answer.json()["code"]) == (404, "CaseNotFound")
            else:
                assert answer.status_code in (403, 404)


@pytest.mark.parametrize("route", [one for one in ROUTES if one not in OF_SOMETHING], ids=_named)
def test_no_list_shows_what_is_another_tenant_s(
    api: Api, theirs: dict[str, list[dict[str, str]]], route: Asked
) -> None:
    for tenant, who in TENANTS.items():
        told = api.call("GET", route.at(NAMES).replace("text=x", "text=Secret"), as_=who)
        other = next(name for name in TENANTS if name != tenant)
        assert f"Secret of {other}" not in told.text
        assert theirs[other][0]["case"] not in told.text


@pytest.fixture(scope="module")
def unknown(api: Api, store_url: str, issuer: IdentityProvider) -> dict[str, str]:
    """What somebody shows whom nobody knows, by what is wrong with it."""
    revoked = api.key("Rey Revoked")
    assert api.run("people", "revoke", revoked[:11]).code == 0
    return {
        "an expired key": asyncio.run(_expired(store_url)),
        "a revoked key": revoked,
        "a token of another issuer": issuer.token(iss="https://evil.example"),
    }


async def _expired(store_url: str) -> str:
    store = await CaseStore.open(store_url)
    clock = Clock()
    clock.at = datetime.now(UTC) - timedelta(days=2)
    made = await give_key(session_on(store, clock), BOSS, "Rey Revoked", clock.at + timedelta(days=1))
    await store.close()
    return made.secret


@pytest.mark.parametrize("route", ROUTES, ids=_named)
def test_nobody_unknown_is_answered_anything_but_that(
    api: Api, unknown: dict[str, str], route: Asked
) -> None:
    told = set()
    for shown in unknown.values():
        bearer = {"Authorization": f"Bearer {shown}"}
        answer = api.call(route.method, route.at({**NAMES, **NOBODYS}), route.body, as_=None, **bearer)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        told.add((answer.status_code, answer.json()["code"], answer.json()["detail"]))
    assert len(told) == 1
    assert next(iter(told))[:2] == (401, "Unauthenticated")
