"""A program at the API: the web door as a process of its own, and calls with somebody's key."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from tests.servers import free_port
from tests.starter.conftest import Commands, eventually

OUR_ENGINEER = "Mia Chen"
_KEYS = count(1)
_CLIENT = httpx.Client(
    timeout=60,
    trust_env=False,
    limits=httpx.Limits(keepalive_expiry=2),  # s: before the door hangs up
)
"""One for all calls: a new one reads all certificates there are."""


@dataclass
class Api:
    """The API of a desk, and the keys of those who call it."""

    run: Commands
    base: str
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, name: str, role: str = "engineer", tenant: str | None = None) -> str:
        """The key of somebody, made when first asked for."""
        if name not in self.keys:
            of_tenant = ("--tenant", tenant) if tenant else ()
            assert self.run("people", "add", name, "--role", role, *of_tenant).code == 0
            self.keys[name] = self.run.as_json("people", "key", name)["key"]
        return self.keys[name]

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str | None = OUR_ENGINEER,
        key: str | None = None,
        content: bytes | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Call the API; a POST has a key of its own unless one is given."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if as_ is not None:
            given.setdefault("Authorization", f"Bearer {self.keys.get(as_) or self.key(as_)}")
        if method == "POST":
            given.setdefault("Idempotency-Key", key or f"key-{next(_KEYS)}")
        if content is not None or body is not None:
            given.setdefault("Content-Type", "application/json")
        raw = content if content is not None else None if body is None else json.dumps(body).encode()
        return _CLIENT.request(method, f"{self.base}{path}", content=raw, headers=given)

    def get(self, path: str, *, as_: str | None = OUR_ENGINEER, **headers: str) -> httpx.Response:
        """Read something."""
        return self.call("GET", path, as_=as_, **headers)

    def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """Do something."""
        return self.call("POST", path, body, **more)

    def open(self, reference: str, tenant: str = "Harbour Foods", **more: Any) -> Any:
        """Open a complete case, P2, and return its receipt."""
        answer = self.post("/v1/cases", request(reference, tenant, **more))
        assert answer.status_code == 201, answer.text
        return answer.json()


def request(reference: str, tenant: str = "Harbour Foods", **more: Any) -> dict[str, Any]:
    """A request that lacks nothing."""
    return {
        "tenant": tenant,
        "reference": reference,
        "country": "AU",
        "impact": "high",
        "urgency": "medium",
        "title": "Outlook asks for the password",
        "explanation": "It does so every few minutes.",
        "partner_legal_name": "Southern Cloud Pty Ltd",
        "tenant_company": tenant,
        "tenant_domain": "harbourfoods.example",
        "affected_users": "all",
        "troubleshooting_steps": ["signed out and in"],
        "contact": {"name": "Priya Nair", "email": "priya.nair@southerncloud.example"},
        **more,
    }


@contextmanager
def web_door(run: Commands, *options: str, **settings: str) -> Iterator[Api]:
    """Serve the API of a desk for as long as the block lasts."""
    port = free_port()
    own = {"TEMPORAL_ADDRESS": str(run.address), "SUNRELAY_HOME": str(run.home), **settings}
    command = [sys.executable, "-m", "starter", "web", "serve", "--port", str(port), "--within", "30"]
    with (run.home / f"web-{port}.log").open("wb") as log:
        door = subprocess.Popen([*command, *options], env={**os.environ, **own}, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(base), 90)
        yield Api(run, base)
    finally:
        door.send_signal(signal.SIGTERM)
        assert door.wait(30) == 0


def _answers(base: str) -> bool:
    try:
        return _CLIENT.get(f"{base}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
