"""A desk for command tests: a real server, a real worker process and mail sink, and commands in process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from click import Command
from click.testing import CliRunner
from typer.main import get_command

from starter.cli.application import app
from starter.desk.mail_sink import MailSink
from starter.home import Home
from tests.identity_provider import API, IdentityProvider, provider_in_a_thread
from tests.servers import DevServer, dev_server, free_port

if TYPE_CHECKING:
    from tests.starter.api_client import Api

__all__ = ["dev_server"]

WEBHOOKS = {
    "SUNRELAY_WEBHOOK_SECRET": "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=",
    "SUNRELAY_ALLOW_HTTP_WEBHOOKS": "true",
    "SUNRELAY_WEBHOOK_NETWORKS": '["127.0.0.0/8"]',
}
"""What lets worker and web door post to receivers of this machine."""
_PATIENCE = "60"  # s for an answer: on a busy machine a worker's first one takes longer than ours by default
_UNSET = ("TEMPORAL_", "SUNRELAY_", "NO_COLOR", "COLUMNS")


@cache
def _put_together() -> Command:
    """The commands, once for all: they keep nothing from one call to the next."""
    return get_command(app())


@dataclass
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> Any:
        return json.loads(self.out)

    @property
    def fault(self) -> Any:
        return json.loads(self.err.splitlines()[-1])


@dataclass
class Commands:
    """Runs commands as somebody at this desk would type them."""

    home: Path
    address: str | None
    worker: subprocess.Popen[bytes] | None = None

    @contextmanager
    def with_the_worker_away(self) -> Iterator[None]:
        """The worker's process stands still: the server is there, and nobody works."""
        assert self.worker is not None
        self.worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.worker.send_signal(signal.SIGCONT)

    def __call__(self, *arguments: str, stdin: str | bytes | None = None, **environment: str) -> Answer:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_UNSET)}
        settings = {
            "SUNRELAY_HOME": str(self.home),
            "SUNRELAY_TIMEOUT": _PATIENCE,
            "XDG_CONFIG_HOME": str(self.home / "config"),
            **environment,
        }
        if self.address is not None:
            settings["TEMPORAL_ADDRESS"] = self.address
        with patch.dict(os.environ, {**clean, **settings}, clear=True):
            result = CliRunner().invoke(_put_together(), list(arguments), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def as_json(self, *arguments: str, **options: Any) -> Any:
        """The record a command prints; it must have done what it was asked."""
        answer = self(*arguments, "-o", "json", **options)
        assert answer.code == 0, answer.err
        return answer.record

    def open(self, reference: str, *more: str) -> Any:
        """Open a complete case by telephone, P2."""
        return self.as_json("open", *complete(reference), *more)


def complete(reference: str, tenant: str = "Harbour Foods") -> list[str]:
    """The flags of a request that lacks nothing."""
    given = {
        "tenant": tenant,
        "reference": reference,
        "country": "AU",
        "impact": "high",
        "urgency": "medium",
        "title": "Outlook asks for the password",
        "explanation": "It does so every few minutes.",
        "partner": "Southern Cloud Pty Ltd",
        "company": "Harbour Foods",
        "domain": "harbourfoods.example",
        "affected-user": "all",
        "step": "signed out and in",
        "contact": "Priya Nair",
        "email": "priya.nair@southerncloud.example",
    }
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def eventually(look: Any, patience: float = 90.0) -> Any:
    """What `look` returns once it is true; only for what another process does in its own time."""
    deadline = time.monotonic() + patience
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found, "it never came"
    return found


@pytest.fixture(scope="session")
def run(dev_server: DevServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands at a desk with a worker; its cases stay with their centre, whatever the hour of the run."""
    home = Home(tmp_path_factory.mktemp("desk"))
    home.prepare()
    sink = MailSink(home.mail, free_port())
    sink.start()
    settings = {
        "PYTHONTZPATH": "",
        "SUNRELAY_FOLLOW_THE_SUN": "false",
        "SUNRELAY_SMTP_PORT": sink.address.rpartition(":")[2],
        "SUNRELAY_STAFF_ADDRESS": "engineers@sunrelay.localhost",
        "SUNRELAY_TSS_ADDRESS": "tss@sunrelay.localhost",
        **WEBHOOKS,
    }
    own = {"TEMPORAL_ADDRESS": dev_server.address, "SUNRELAY_HOME": str(home.path)}
    with (home.path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "worker"], env={**os.environ, **settings, **own}, stdout=log, stderr=log
        )
    try:
        yield Commands(home.path, dev_server.address, worker)
    finally:
        worker.terminate()
        worker.wait(60)
        sink.stop()


@pytest.fixture(scope="session")
def issuer() -> Iterator[IdentityProvider]:
    """An identity provider of this machine."""
    with provider_in_a_thread() as running:
        yield running


@pytest.fixture(scope="session")
def api(run: Commands, issuer: IdentityProvider) -> Iterator["Api"]:
    """The API of the desk, which takes the provider's tokens; no flood of calls meets a limit."""
    from tests.starter.api_client import OUR_ENGINEER, web_door

    run.open("API-WARM")  # the worker is there, and has made the store
    settings = {
        "SUNRELAY_OIDC_ISSUER": issuer.issuer,
        "SUNRELAY_OIDC_AUDIENCE": API,
        "SUNRELAY_OIDC_NETWORKS": '["127.0.0.0/8"]',
        **WEBHOOKS,
    }
    with web_door(run, "--rate", "1000000", **settings) as door:
        door.key(OUR_ENGINEER)
        yield door
