"""A store that accepts and stays silent: whoever asks it gives up in time, in one line and with its code."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.stack import PROJECT
from tests.servers import DevServer, dev_server

__all__ = ["dev_server"]

pytestmark = pytest.mark.e2e

ASKING = {
    "a migration": ["activities.migrate"],
    "a worker": ["worker"],
    "a command that reads": ["starter", "region", "list"],
    "a command that writes": ["starter", "rota", "import", "rota.json"],
}


@pytest.fixture
def silent_store() -> Iterator[str]:
    """The address of a machine that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def test_whoever_asks_a_silent_store_ends_with_a_sentence_and_its_code(
    tmp_path: Path, silent_store: str, dev_server: DevServer
) -> None:
    (tmp_path / "rota.json").write_text('[{"name": "Ada", "region": "sydney"}]')
    environment = os.environ | {
        "SUNRELAY_STORE_URL": f"postgresql://sunrelay:hidden@{silent_store}/sunrelay",
        "SUNRELAY_HOME": str(tmp_path),
        "TEMPORAL_ADDRESS": dev_server.address,
        "PYTHONPATH": str(PROJECT),
    }
    running = {
        who: subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for who, command in ASKING.items()
    }
    for who, process in running.items():
        _, said = process.communicate(timeout=120)
        assert process.returncode == 5, f"{who}: {said}"
        assert f"{silent_store}/sunrelay" in said.splitlines()[-1], who
        assert "no answer in time" in said.splitlines()[-1], who
        assert "Traceback" not in said, who
        assert "hidden" not in said, who
