"""Real Temporal servers for tests: the development server of the wheel, on loopback and free ports.

Used by every test that needs visibility, restarts or a real clock. A server is ended by its own process id,
never by name, and dies with the test process.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from starter.desk.limits import limit_options
from workflows.messages import SEARCH_ATTRIBUTES

BINARIES = Path(sys.executable).parent
TEMPORAL = BINARIES / "temporal"
TEST_SERVER = BINARIES / "temporal-test-server"
_PATIENCE = 60.0  # s until a server must listen; about a second on an idle machine


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class DevServer:
    """A development server; with a `database` it can be killed and started again without losing anything."""

    port: int
    log: Path
    database: Path | None = None
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, or start again on the same port and database; returns once it answers."""
        command = [str(TEMPORAL), "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
        command += ["--port", str(self.port), "--log-level", "error", *limit_options(), *self.options]
        for key in SEARCH_ATTRIBUTES:
            command += ["--search-attribute", f"{key.name}={key.indexed_value_type.name.capitalize()}"]
        if self.database is not None:
            command += ["--db-filename", str(self.database)]
            command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text()[-500:]}")
            if self._listens() and self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError("the server does not listen")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _answers(self) -> bool:
        """A server that listens is not always ready: a client would be told to come back later."""
        command = [str(TEMPORAL), "operator", "cluster", "health", "--address", self.address]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it by its own process id; `signal.SIGKILL` is a crash."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)


@contextmanager
def running_dev_server(directory: Path, *options: str, keeps: bool = False) -> Iterator[DevServer]:
    """A server for one block; with `keeps` it has a database file in `directory`."""
    database = directory / "temporal.db" if keeps else None
    server = DevServer(free_port(), directory / "server.log", database, options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def dev_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    """One server in memory for a whole test run; tests keep apart by the ids of their cases."""
    with running_dev_server(tmp_path_factory.mktemp("dev-server")) as server:
        yield server
