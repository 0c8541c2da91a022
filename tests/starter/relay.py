"""A desk whose cases wait for an answer: Sydney and Manila never close by themselves; Manila has workers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from starter.desk.mail_sink import MailSink
from starter.home import Home
from tests.always_open import ALWAYS_OPEN
from tests.servers import DevServer, free_port, running_dev_server
from tests.starter.conftest import Commands, complete, eventually

_POLICY = f"""{ALWAYS_OPEN}
[organisation.follow_the_sun]
acceptance_otherwise = "person"
lead = "1m"
accept_within = "2h"
"""
_OTHERS = ("auckland", "melbourne", "kuala_lumpur")
MANILA = {"SUNRELAY_ACTOR_NAME": "Ana", "SUNRELAY_ACTOR_REGION": "manila"}
SYDNEY = {"SUNRELAY_ACTOR_NAME": "Bea", "SUNRELAY_ACTOR_REGION": "sydney"}


@dataclass
class Relay:
    """Commands at that desk, and the cases it has."""

    run: Commands
    home: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def opened(self, *flags: str) -> str:
        """A case of Sydney's, which is open."""
        if self.run.as_json("region", "open", "sydney")["outcome"] == "opened":
            now = int(time.time())
            eventually(lambda: time.time() >= now + 1)  # a request counts as received at its whole second
        reference = f"relay-{uuid4().hex[:12]}"
        receipt = self.run.as_json("open", *complete(reference), "--policy", "relay", *flags)
        assert receipt["owner"] == "sydney"
        return str(receipt["number"])

    def offered(self, *cases: str) -> None:
        """Sydney closes, and these cases are offered to Manila."""
        self.run.as_json("region", "close", "sydney", "--reason", "a fire drill")
        for case in cases:
            self.run.as_json("escalate", case, "--classification", "network")
        eventually(lambda: all(self.row(case)["offered_to"] == "manila" for case in cases))

    def row(self, case: str) -> Any:
        """What lists say of a case, once its record has come to the store."""
        return eventually(lambda: self._row(case))

    def _row(self, case: str) -> Any:
        rows = self.run.as_json("list", "--limit", "1000")
        return next((row for row in rows if row["number"] == case), None)

    def chain(self, case: str) -> list[str]:
        """The kinds of the steps from centre to centre."""
        return [step["kind"] for step in self.run.as_json("handoffs", case)["handoffs"]]

    def mails(self) -> str:
        """Everything the desk has sent."""
        return "\n".join(mail.read_text(errors="replace") for mail in sorted(self.home.rglob("*.eml")))


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """That desk, on a server of its own: its cases must not be carried by another desk's worker."""
    with running_dev_server(tmp_path_factory.mktemp("relay-server")) as server:
        home = Home(tmp_path_factory.mktemp("relay"))
        home.prepare()
        sink = MailSink(home.mail, free_port())
        sink.start()
        desk = Relay(Commands(home.path, server.address), home.path)
        try:
            _start(desk, server, sink)
            yield desk
        finally:
            for worker in desk.workers:
                worker.terminate()
            for worker in desk.workers:
                worker.wait(60)
            sink.stop()


def _start(desk: Relay, server: DevServer, sink: MailSink) -> None:
    policies = desk.home / "policies"
    policies.mkdir()
    (policies / "relay.toml").write_text(_POLICY, encoding="utf-8")
    settings = {
        "PYTHONTZPATH": "",
        "SUNRELAY_POLICY_DIR": str(policies),
        "SUNRELAY_FOLLOW_THE_SUN": "true",
        "SUNRELAY_SMTP_PORT": sink.address.rpartition(":")[2],
        "SUNRELAY_STAFF_ADDRESS": "engineers@sunrelay.localhost",
        "SUNRELAY_TSS_ADDRESS": "tss@sunrelay.localhost",
        "SUNRELAY_SDM_ADDRESS": "sdm@sunrelay.localhost",
        "TEMPORAL_ADDRESS": server.address,
        "SUNRELAY_HOME": str(desk.home),
    }
    with (desk.home / "worker.log").open("wb") as log:
        for arguments in ([], ["--region", "manila"]):
            command = [sys.executable, "-m", "worker", *arguments]
            desk.workers.append(
                subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
            )
    for name in _OTHERS:
        desk.run.as_json("region", "close", name, "--reason", "only two centres play")
