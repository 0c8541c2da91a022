"""`sunrelay run` as a process of its own: it is started, and ended by its own process id."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import IO

from starter.home import DeskRecord, Home
from tests.starter.conftest import eventually


def environment(home: Path, **settings: str) -> dict[str, str]:
    """What a desk with these files is told."""
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("TEMPORAL_", "SUNRELAY_"))
    }
    return {**clean, "SUNRELAY_HOME": str(home), "SUNRELAY_TIMEOUT": "60", "PYTHONTZPATH": "", **settings}


@contextmanager
def choosing_ports() -> Iterator[None]:
    """One desk at a time, in all processes of the tests: between a look at a port and its use is a moment."""
    with (Path(gettempdir()) / f"sunrelay-desks-of-{os.getuid()}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def running_desk(
    home: Path, *options: str, shown: int | IO[str] = subprocess.PIPE, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], DeskRecord]]:
    """A desk that runs until the block ends it; what it prints goes to `shown`."""
    with ExitStack() as choosing:
        choosing.enter_context(choosing_ports())
        process = subprocess.Popen(
            [sys.executable, "-m", "starter", "run", *options],
            env=environment(home, **settings),
            stdout=shown,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            found = eventually(lambda: Home(home).desk() or process.poll() is not None, 120)
            choosing.close()
            yield process, found
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=60)
