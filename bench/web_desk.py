"""A desk as it runs: the real server, a worker and the web door as processes, and somebody's key."""

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.client import Client

from activities.people.credentials import ApiKey, Credentials
from activities.store.case_store import CaseStore
from bench.dev_server import dev_server
from bench.stage import children, cpu_of
from domain.actor import Actor, Door, Role
from domain.messages.case import Submit
from domain.people import Person
from starter.desk.children import Child, start
from starter.desk.server import any_free_port
from starter.door.api_keys import make_key
from starter.home import Home

_WHO = Person(name="Ana", role=Role.ENGINEER, region="sydney")
_STARTING, _STOPPING = 60.0, 45.0  # s
_PATIENCE = 60.0  # s until the worker has carried out what came of many calls
_LOOK, _IDLE = 0.4, 0.05  # s between two looks; of a core, what a worker uses that has nothing to do
_STAMPS = {"actor", "received_at", "request_id"}
AT_ONCE = 20
"""Calls in flight."""

WORDS = "We have begun work on this"
"""What every update tells the customer."""


def body_of(asked: Submit) -> dict[str, Any]:
    """Return what a program sends for a request."""
    return asked.model_dump(mode="json", exclude=_STAMPS, exclude_defaults=True)


class Caller:
    """Calls the API over one connection for each thread, which stays open. It costs as little as it can."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._kept = threading.local()

    def get(self, path: str) -> Any:
        """Read something."""
        return self._call("GET", path, None, {})

    def post(self, path: str, body: Mapping[str, Any], key: str) -> Any:
        """Do something, under an Idempotency-Key."""
        return self._call("POST", path, json.dumps(body).encode(), {"Idempotency-Key": key})

    def open(self, body: Mapping[str, Any]) -> str:
        """Open a case and return its id."""
        return str(self.post("/v1/cases", body, body["reference"])["case_id"])

    def update(self, case_id: str, text: str) -> None:
        """Tell a case's customer something."""
        self.post(f"/v1/cases/{case_id}/updates", {"text": text}, str(uuid4()))

    def note(self, cases: Iterable[str], text: str) -> None:
        """Leave an internal note on each of some cases."""
        for case_id in cases:
            self.post(f"/v1/cases/{case_id}/notes", {"text": text}, str(uuid4()))

    def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        if not hasattr(self._kept, "connection"):
            self._kept.connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection: HTTPConnection = self._kept.connection
        try:
            connection.request(method, path, body, {**self._headers, **headers})
            answer = connection.getresponse()
        except (RemoteDisconnected, ConnectionError):  # idle for longer than the door keeps one
            connection.close()
            connection.request(method, path, body, {**self._headers, **headers})
            answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {told}")
        return told


@dataclass
class WebDesk:
    """The parts of the desk that are measured, and who calls."""

    client: Client
    store: CaseStore
    actor: Actor
    caller: Caller
    port: int
    door: Child
    worker: Child
    server_pid: int
    _settings: dict[str, str] = field(repr=False)

    def cpu(self) -> float:
        """Return the CPU milliseconds of every part so far, and of who calls."""
        parts = (os.getpid(), self.server_pid, self.worker.pid, self.door.pid)
        return sum(cpu_of(pid) for pid in parts)

    async def at_rest(self) -> None:
        """Wait until the worker has carried out what came of calls: notices, and their record."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            before = cpu_of(self.worker.pid)
            await asyncio.sleep(_LOOK)
            if cpu_of(self.worker.pid) - before <= _IDLE * _LOOK * 1000:
                return

    async def restart_worker(self) -> None:
        """Let the worker forget every case."""
        await self.worker.stop(_STOPPING)
        self.worker = await start_part("worker", ["-m", "worker", "--with-centres"], self._settings)


@asynccontextmanager
async def web_desk() -> AsyncIterator[WebDesk]:
    """Start all of it, and stop it after the block."""
    async with AsyncExitStack() as stack:
        before = children()
        client = await stack.enter_async_context(dev_server())
        server_pid = next(iter(children() - before))
        home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sunrelay-bench-"))))
        home.prepare()
        store = await CaseStore.open(home.store_setting()["store_url"])
        stack.push_async_callback(store.close)
        key = await _key(store)
        mail, port = any_free_port(), any_free_port()
        settings = settings_of(home, client.service_client.config.target_host, mail)
        sink = ["-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{mail}"]
        mails = await start_part("mail", sink, settings)
        stack.push_async_callback(mails.stop, _STOPPING)
        serve = ["-m", "starter", "web", "serve", "--port", str(port), "--rate", "1000000"]
        door = await start_part("web", [*serve, "--within", "30"], settings)
        stack.push_async_callback(door.stop, _STOPPING)
        worker = await start_part("worker", ["-m", "worker", "--with-centres"], settings)
        desk = WebDesk(
            client, store, _WHO.actor(Door.API), Caller(port, key), port, door, worker, server_pid, settings
        )
        stack.push_async_callback(lambda: desk.worker.stop(_STOPPING))
        await _until_it_listens(door, port)
        yield desk


async def _key(store: CaseStore) -> str:
    now, made = datetime.now(UTC), make_key()
    ends = now + timedelta(days=1)
    await Credentials(store).put(_WHO, "bench", now)
    key = ApiKey(prefix=made.prefix, person=_WHO.name, made_at=now, made_by="bench", expires_at=ends)
    await Credentials(store).add_key(key, made.digest)
    return made.key


def settings_of(home: Home, server: str, mail: int) -> dict[str, str]:
    """Return what the processes are told; nothing of the shell's own settings is, but its paths."""
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("SUNRELAY", "TEMPORAL"))
    }
    return {
        **plain,
        "TEMPORAL_ADDRESS": server,
        "SUNRELAY_HOME": str(home.path),
        "SUNRELAY_SMTP_PORT": str(mail),
        "SUNRELAY_STAFF_ADDRESS": "engineers@sunrelay.localhost",
        "SUNRELAY_TSS_ADDRESS": "tss@sunrelay.localhost",
        "SUNRELAY_FOLLOW_THE_SUN": "false",  # or what a case costs would depend on the hour
        "SUNRELAY_LOG": "json",
    }


async def start_part(name: str, arguments: list[str], settings: dict[str, str]) -> Child:
    """Start a process of the desk; it logs into the desk's own folder."""
    log = Home(Path(settings["SUNRELAY_HOME"])).log(name)
    return await start(name, [sys.executable, *arguments], log, environment=settings)


async def _until_it_listens(door: Child, port: int) -> None:
    async with asyncio.timeout(_STARTING):
        while door.is_running:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
    raise RuntimeError(f"the web door ended {door.how_it_ended()}")
