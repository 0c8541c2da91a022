"""A browser without scripts at the pages of a desk: the site in this process, on a store of its own."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

from activities.contents.folder import Contents, Folder
from activities.store.case_store import CaseStore
from domain.actor import Actor, ActorKind, Door, Role
from domain.record import RecordBatch, row_of
from starter.door.browser_sessions import make_link
from starter.door.people import add_person
from starter.door.provider import Provider
from starter.door.session import Session
from starter.web.board.answers import Guarded
from starter.web.board.application import board
from starter.web.board.case_letters import Writing
from starter.web.portal.application import portal
from starter.web.portal.visitors import Outfit
from starter.web.site import site
from tests.activities.builders import whole_case
from tests.door_session import Clock, session_on
from workflows.messages import CaseFile

BASE = "http://desk.example"
BOSS = Actor(kind=ActorKind.STAFF, name="Mo", role=Role.MANAGER, door=Door.CLI)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@dataclass
class Pages:
    """One browser. `session` is the core's, `clock` the desk's."""

    session: Session
    clock: Clock
    client: httpx.AsyncClient
    store: CaseStore
    portal: Guarded | None = None

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Load a page."""
        return await self.client.get(path, headers=headers)

    async def post(
        self, path: str, fields: Mapping[str, str] | None = None, origin: str | None = BASE, **headers: str
    ) -> httpx.Response:
        """Send a form."""
        given = {"Origin": origin, **headers} if origin is not None else headers
        if path.endswith("/files"):
            form = {name: (None, told) for name, told in (fields or {}).items()}
            return await self.client.post(path, files=form, headers=given)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.client.post(path, content=urlencode(fields or {}), headers=given | kind)

    async def link(self, name: str, role: str = "engineer", **fields: str) -> str:
        """The path of a link for somebody, who is let in first."""
        await add_person(self.session, BOSS, {"name": name, "role": role, **fields}, replace=True)
        return f"/link/{(await make_link(self.session, BOSS, name)).secret}"

    async def sign_in(self, name: str = "Ana Reyes", role: str = "engineer", **fields: str) -> None:
        """Come in by a link."""
        self.client.cookies.clear()
        answer = await self.post(await self.link(name, role, **fields))
        assert answer.status_code == 303, answer.text

    async def hidden(self, path: str = "/") -> dict[str, str]:
        """What the forms of a page carry unseen."""
        found = _HIDDEN.findall((await self.get(path)).text)
        return {name: unescape(value) for name, value in found}

    async def record(
        self, reference: str = "INC-1", row: Mapping[str, Any] | None = None, **said: Any
    ) -> str:
        """Keep a case in the store as its workflow would, and return its number."""
        case, entries = await whole_case(reference, **said)
        file = CaseFile(case=case).model_dump_json()
        changed = row_of(case).model_copy(update=dict(row or {}))
        await self.store.record(
            RecordBatch(row=changed, entries=entries, case=case, life=f"life-{reference}", file=file)
        )
        return case.number


@cache
def _empty_store() -> bytes:
    """A store with its tables, made once: to make them takes a second."""
    with TemporaryDirectory() as place:
        file = Path(place) / "cases.db"

        async def make() -> None:
            await (await CaseStore.open(f"sqlite:///{file}")).close()

        with ThreadPoolExecutor(1) as aside:  # a loop of its own
            aside.submit(asyncio.run, make()).result()
        return file.read_bytes()


@asynccontextmanager
async def pages_of(
    place: Path,
    provider: Provider | None = None,
    writing: Writing | None = None,
    outfit: Outfit | None = None,
    **more: Any,
) -> AsyncIterator[Pages]:
    """Serve the site for as long as the block lasts, with the portal where it is given an outfit.

    `more` is what else the board is given.
    """
    (place / "cases.db").write_bytes(_empty_store())
    store = CaseStore(f"sqlite:///{place / 'cases.db'}")
    clock = Clock()
    (folder := Folder(place / "contents")).path.mkdir(mode=0o700, exist_ok=True)
    session = session_on(store, clock, Contents(folder, 1_000_000))
    theirs = portal(session, outfit, provider) if outfit is not None else None
    ours = board(session, writing, provider, "/portal/" if theirs else None, **more)
    app = site(Starlette(), board=ours, portal=theirs)  # to make the API takes half a second
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            yield Pages(session, clock, client, store, theirs)
    finally:
        await store.close()
