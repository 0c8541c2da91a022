"""A case store that is gone is said at every route, and nothing is done without it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from activities.store.case_store import CaseStore
from starter.door.people import add_person, give_key
from tests.door_session import NOW, Clock, session_on
from tests.postgres import PostgresServer, postgres_server
from tests.starter.api_here import ApiHere, api_here
from tests.starter.test_api_every_route import BOSS, NAMES, NOBODYS, ROUTES, Asked

__all__ = ["postgres_server"]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[ApiHere]:
    """The API on a store, called by an engineer."""
    store = await CaseStore.open(url)
    session = session_on(store, Clock())
    await add_person(session, BOSS, {"name": "Mia", "role": "tss"})
    key = (await give_key(session, BOSS, "Mia", NOW + timedelta(days=1))).secret
    async with api_here(session, key) as api:
        assert (await api.get("/v1/me")).status_code == 200
        yield api
    await store.close()


async def is_said_at(routes: list[Asked], api: ApiHere) -> None:
    for route in routes:
        path = route.at({**NAMES, **NOBODYS})
        answer = await (api.get(path) if route.method == "GET" else api.post(path, route.body))
        told = (answer.status_code, answer.json()["code"], answer.headers["content-type"])
        assert told == (503, "StoreUnreachable", "application/problem+json"), route
        assert int(answer.headers["retry-after"]) >= 1


async def test_a_database_server_that_ends_is_said_at_every_route(postgres_server: PostgresServer) -> None:
    async with opened(postgres_server.fresh_database()) as api:
        postgres_server.stop()
        await is_said_at(ROUTES[::8], api)  # each waits for a connection that is refused


async def test_a_store_file_that_is_moved_away_is_said_and_found_again(tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "own.db", tmp_path / "elsewhere.db"
    async with opened(f"sqlite:///{file}") as api:
        file.rename(elsewhere)
        await is_said_at(ROUTES, api)
        assert not file.exists()  # no empty one was made in its place
        elsewhere.rename(file)
        assert (await api.get("/v1/me")).status_code == 200


async def test_nothing_is_written_to_a_file_that_another_one_has_replaced(tmp_path: Path) -> None:
    file, restored = tmp_path / "own.db", tmp_path / "restored.db"
    async with opened(f"sqlite:///{restored}"):
        pass
    async with opened(f"sqlite:///{file}") as api:
        for gone in tmp_path.glob("own.db?*"):
            gone.unlink()
        restored.replace(file)
        answer = await api.get("/v1/me")
        assert (answer.status_code, answer.json()["code"]) == (401, "Unauthenticated")  # another one's keys
