"""The processes of a desk: they write to a log file, and none outlives the desk.

Each child has a session of its own, so that Ctrl-C reaches the desk alone, which then
stops them in order; where the desk itself is killed, the kernel ends them (Linux).
"""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # prctl(2)
_LARGE_LOG = 10 * 1024 * 1024  # bytes
_LOOKED_AT = 8192  # bytes of a log's end: enough for its last line


@dataclass
class Child:
    """One process of the desk."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """True until it has ended."""
        return self.process.returncode is None

    async def stop(self, patience: float) -> None:
        """Ask it to end, and kill it after `patience` seconds."""
        if not self.is_running:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), patience)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

    def how_it_ended(self) -> str:
        """Return the signal or exit code it ended with, and for a code what it logged last.

        Who is killed has no time to say why: the last line of their log is about something else.
        """
        code = self.process.returncode
        if code is None:
            return "without an exit code"
        if code < 0:
            return f"by signal {_signal_name(-code)}"
        said = self.last_words()
        return f"with exit code {code}" + (f": {said}" if code and said else "")

    def last_words(self) -> str:
        """Return the last line it logged, for a fault of one line."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - _LOOKED_AT))
                lines = file.read().decode(errors="replace").split("\n")
        except OSError:
            return ""
        said = [line.strip() for line in lines if line.strip()]
        return said[-1][:300] if said else ""


async def start(
    name: str,
    command: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    inherited: Sequence[int] = (),
) -> Child:
    """Start a child with its output in `log`; descriptors in `inherited` stay open in it."""
    _turn(log)
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment) if environment is not None else None,
            pass_fds=tuple(inherited),
            start_new_session=True,
            preexec_fn=_dies_with(os.getpid()),
        )
    return Child(name, process, log)


def _signal_name(number: int) -> str:
    try:
        return f"{number} ({signal.Signals(number).name})"
    except ValueError:
        return str(number)


def _turn(log: Path) -> None:
    """Put a log aside that has grown large; one older one is kept."""
    if log.exists() and log.stat().st_size > _LARGE_LOG:
        log.replace(log.with_suffix(".log.old"))


def _dies_with(parent: int) -> Callable[[], None] | None:
    """Make the kernel end a child with the desk, also where the desk had no time to do it."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(0)  # the desk died before it could be asked

    return bind
