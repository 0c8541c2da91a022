"""A support station as it runs in earnest: the real server on a file, worker processes, real receivers.

Server and workers are processes of their own and are killed by their own process ids. Mails go by SMTP,
notices to our own side by signed webhook, and both receivers live in the test. Nothing waits by the clock:
`eventually` asks until it is true.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from activities.assembly import Adapters, open_adapters
from activities.settings import AdapterSettings
from domain.naming import case_id
from starter.door.faults import Fault, Kind
from starter.door.session import Session
from tests.activities.http_receiver import HttpReceiver
from tests.activities.mail_system import Mail
from tests.desk import SECRET
from tests.door import session_at
from tests.e2e.silent_mail_system import SilentMailSystem
from tests.live_case import LiveCase
from tests.people import request
from tests.servers import DevServer, free_port
from workflows.messages import QUEUE

T = TypeVar("T")

PATIENCE = 150.0  # s; a killed activity is tried again 32 s after it began, on a slow disk much later
_NO_ANSWER = (Kind.UNREACHABLE, Kind.UNKNOWN, Kind.NOT_FOUND)
_PROJECT = Path(__file__).parents[2]


async def eventually(look: Callable[[], Awaitable[T]], patience: float = PATIENCE) -> T:
    """What `look` returns once it is true; a server that does not answer is not the end of it."""
    trouble: Exception | None = None
    deadline = asyncio.get_running_loop().time() + patience
    while asyncio.get_running_loop().time() < deadline:
        try:
            if found := await look():
                return found
        except RPCError as error:
            trouble = error
        except Fault as fault:
            if fault.kind not in _NO_ANSWER:
                raise
            trouble = fault
        await asyncio.sleep(0.05)
    raise AssertionError(f"it never came; last trouble: {trouble}")


class Answer(NamedTuple):
    """What a command of the command line printed, and its exit code."""

    code: int
    out: str
    err: str


class Station:
    """The parts of one station, each of which can be killed and started again."""

    task_timeout: timedelta | None = timedelta(minutes=1)
    """For a step of a case; None is the engine's 10 s, by which the step of a killed worker is given up."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.queue = QUEUE
        self.server = DevServer(free_port(), place / "server.log", place / "temporal.db")
        self.mail = SilentMailSystem()
        self.hooks = HttpReceiver()
        self.client: Client
        self.adapters: Adapters
        self.worker: subprocess.Popen[bytes] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Station"]:
        """The station with its server and receivers; workers come when the test asks for them."""
        async with self.mail, self.hooks:
            await self.start_server()
            self.client = await eventually(self._connected)
            settings = {name.removeprefix("SUNRELAY_").lower(): value for name, value in self._own().items()}
            self.adapters = await open_adapters(AdapterSettings.model_validate(settings))
            try:
                yield self
            finally:
                self.kill_worker()
                await asyncio.to_thread(self.server.stop, signal.SIGKILL)
                await self.adapters.close()

    async def _connected(self) -> Client | None:
        """A client, or None where the server listens already and is not well yet."""
        try:
            return await Client.connect(self.server.address, data_converter=pydantic_data_converter)
        except RuntimeError:
            return None

    def _own(self) -> dict[str, str]:
        """The settings of the adapters: ours by webhook, customers by mail."""
        return {
            "SUNRELAY_STORE_URL": f"sqlite:///{self.place / 'cases.db'}",
            "SUNRELAY_SMTP_PORT": str(self.mail.port),
            "SUNRELAY_MAIL_FROM": "Desk <desk@support.example>",
            "SUNRELAY_WEBHOOK_SECRET": SECRET,
            "SUNRELAY_STAFF_ADDRESS": self.hooks.url,
            "SUNRELAY_TSS_ADDRESS": self.hooks.url,
        }

    def _environment(self) -> dict[str, str]:
        others = {
            name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "SUN"))
        }
        own = {
            "PYTHONTZPATH": "",
            "SUNRELAY_HOME": str(self.place),
            "SUNRELAY_POLICY_DIR": str(Path(__file__).parent),
            "SUNRELAY_DIGEST_SECONDS": "0",  # a mail each, to be counted by kind
            "TEMPORAL_ADDRESS": self.server.address,
        }
        return others | own | self._own()

    # --- coming and going --------------------------------------------------------------------------------

    async def start_server(self) -> None:
        await asyncio.to_thread(self.server.start)

    def start_worker(self) -> None:
        with (self.place / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "worker"],
                env=self._environment(),
                cwd=_PROJECT,
                stdout=log,
                stderr=log,
            )

    def kill_worker(self) -> None:
        """kill -9: the worker has no moment to say good-bye."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()
            self.worker = None

    def next_worker(self) -> None:
        """The worker is told to go, and another one comes that has no case in memory."""
        assert self.worker is not None
        self.worker.terminate()
        self.worker.wait()
        self.start_worker()

    def kill_server(self) -> None:
        """kill -9, and the database is left as it is at that moment."""
        self.server.stop(signal.SIGKILL)

    def kill_both(self) -> None:
        """Both in the same instant, before either is waited for."""
        assert self.worker is not None
        assert self.server.process is not None
        self.worker.kill()
        self.server.process.kill()
        self.kill_worker()
        self.kill_server()

    async def command(self, *arguments: str) -> Answer:
        """A command line of our own, as a process."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "starter",
            *arguments,
            env=self._environment(),
            cwd=_PROJECT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return Answer(process.returncode, out.decode(), err.decode())

    # --- cases -------------------------------------------------------------------------------------------

    def answering(self) -> AbstractContextManager[None]:
        """This server has a real clock."""
        return nullcontext()

    @property
    def session(self) -> Session:
        """What a door of this station works with."""
        return session_at(self, self.client, self.adapters.store)

    async def rest(self) -> None:
        """Nobody rests here; a test says itself what it waits for."""

    def case(self, reference: str) -> LiveCase:
        """The case of a reference, whether it is open or not."""
        return LiveCase(self, case_id("Harbour Foods", "desk", reference))  # type: ignore[arg-type]

    async def hand_in(self, reference: str, **changes: Any) -> LiveCase:
        """A request on its way: it is on disk, and perhaps nobody has looked at it yet."""
        case = self.case(reference)
        await case.hand_in(request(reference, policy="quick-desk", **changes))
        return case

    async def opened(self, reference: str, **changes: Any) -> LiveCase:
        """A case that is open."""
        case = await self.hand_in(reference, **changes)
        await eventually(case.timeline)
        return case

    async def everything_told(self, case: LiveCase) -> bool:
        """True once every effect of the case that was begun is settled, and none waits."""
        rows = await case.told()
        return bool(rows) and all(row.settled_at for row in rows) and (await case.view()).undelivered == 0

    # --- the receivers -----------------------------------------------------------------------------------

    def mails(self, case: LiveCase) -> list[Mail]:
        """The mails of one case, repetitions and all, in the order of their arrival."""
        return [mail for mail in self.mail.taken if mail.message["X-Sunrelay-Case"] == case.id]
