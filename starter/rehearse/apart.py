"""A rehearsal in a process of its own, for whoever must go on answering meanwhile; bounded in cases and time.

Part of the rehearsals. Varied policies are kept by that process alone.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from starter.door.faults import Fault, Kind
from starter.rehearse.figures import Rehearsal

MOST_CASES = 400
"""So many cases at most (ours): the sample that comes along has 334."""

_WITHIN = 120.0  # s (ours): nobody waits longer for a page
_LONGEST_REASON = 2000


async def rehearsed_apart(
    log: Path, policy: str, changes: Sequence[str] = (), cases: int = MOST_CASES
) -> Rehearsal:
    """Rehearse a log and return the result. Raises: Fault, the process's own or one of its end."""
    varied = [part for change in changes for part in ("--set", change)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "starter", "rehearse", str(log), "--policy", policy, "--cases", str(cases), "-o", "json"),
        *varied,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        said, errors = await asyncio.wait_for(process.communicate(), _WITHIN)
    except TimeoutError:
        remedy = "take fewer cases, or use the command"
        raise Fault(Kind.CONFLICT, "RehearsalTooLong", f"it took more than {_WITHIN:g} s", remedy) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
    if process.returncode:
        raise _fault(errors)
    try:
        return Rehearsal.model_validate_json(said)
    except ValidationError as error:
        raise _failed("its answer cannot be read") from error


def _fault(errors: bytes) -> Fault:
    """Read why the process gave up: the last line it wrote, as commands write it."""
    lines = errors.decode(errors="replace").strip().splitlines()
    try:
        told = json.loads(lines[-1]) if lines else {}
        kind = Kind.REFUSED if told["error"] == "usage" else Kind.FAULT
        return Fault(
            kind, str(told["code"]), str(told["reason"])[:_LONGEST_REASON], str(told.get("remedy", ""))
        )
    except (ValueError, KeyError, TypeError):
        return _failed(lines[-1][:200] if lines else "it ended without a word")


def _failed(reason: str) -> Fault:
    return Fault(Kind.FAULT, "RehearsalFailed", reason, "try the command: sunrelay rehearse")
