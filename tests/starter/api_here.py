"""The API in this process, on a case store and behind a wire to an engine that a test has in hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import httpx

from activities.store.case_store import CaseStore
from starter.connection import connect
from starter.door.place import Place
from starter.door.session import Session
from starter.web.api.application import api as make_api
from starter.web.api.callers import Backing, Rates, known_by

_KEYS = count(1)


class ApiHere:
    """Calls as somebody; a POST has a key of its own unless one is given."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._client.get(path, headers=headers)

    async def post(
        self, path: str, body: Any = None, *, key: str | None = None, **more: str
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or f"here-{next(_KEYS)}", **more}
        return await self._client.post(path, json=body or {}, headers=headers)


@asynccontextmanager
async def api_here(session: Session, key: str = "", rates: Rates | None = None) -> AsyncIterator[ApiHere]:
    """Answer calls without a socket; whatever the application waits for is real."""
    backing = Backing(session, known_by(None), None, rates or Rates())  # type: ignore[arg-type]
    transport = httpx.ASGITransport(make_api(backing))
    known = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://here", headers=known) as client:
        yield ApiHere(client)


@asynccontextmanager
async def session_by(address: str, store_url: str, within: float = 1.0) -> AsyncIterator[Session]:
    """A session with the engine at an address, which has so many seconds for an answer."""
    store = CaseStore(store_url)

    @asynccontextmanager
    async def writing() -> AsyncIterator[CaseStore]:
        yield store

    patience = timedelta(seconds=within)
    place = Place(address, "default", "a test", {})
    session = Session(
        lambda: connect(place, within=patience), lambda: store, writing, lambda: address, patience
    )
    yield session
    await session.close()
    await store.close()
