"""The parts that are measured: a server, and one worker process each of ours and of the bare engine."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.dev_server import dev_server
from bench.real import bare, beats
from bench.stage import children, cpu_of
from bench.web_desk import settings_of, start_part
from domain.messages.case import Message, Submit
from starter.desk.children import Child
from starter.desk.server import any_free_port
from starter.door.search_attributes import ensure_search_attributes
from starter.home import Home
from workflows.messages import QUEUE, WORKFLOW, Receipt, new_case

Side = Literal["product", "bare"]
SIDES: tuple[Side, Side] = ("product", "bare")

AT_ONCE = 20
"""Calls in flight."""

_STOPPING = 45.0
_PATIENCE = 300.0  # s for a worker to carry out what came of many calls
_LOOK, _STILL = 0.1, 4  # s between two looks at a worker's CPU; so many in which it does nothing are rest
_IDLE = 0.06  # of a core: what a worker uses that has nothing to do

Handle = WorkflowHandle[Any, Any]
Call = Callable[[], Awaitable[object]]


@dataclass
class Parts:
    """The caller, the server and the workers; `server_pid` is None for a server that runs elsewhere."""

    client: Client
    server_pid: int | None
    settings: dict[str, str] = field(repr=False)
    bare_is_sandboxed: bool
    workers: dict[Side, Child] = field(default_factory=dict)

    @property
    def beats_at(self) -> Path:
        """The file of the beats."""
        return Path(self.settings[beats.PLACE])

    async def start(self, side: Side) -> None:
        """Start a worker, in place of the one there was."""
        if (before := self.workers.get(side)) is not None:
            await before.stop(_STOPPING)
        module = "worker" if side == "product" else "bench.real.bare"
        self.workers[side] = await start_part(side, ["-m", module], self.settings)

    async def stop(self) -> None:
        """Stop the workers."""
        for worker in self.workers.values():
            await worker.stop(_STOPPING)

    def cpu(self, side: Side) -> tuple[float, float]:
        """Return the CPU milliseconds so far, of a side's worker and of the server."""
        server = cpu_of(self.server_pid) if self.server_pid is not None else 0.0
        return cpu_of(self.workers[side].pid), server

    def memory_kb(self, side: Side) -> int:
        """Return the resident memory of a side's worker, in KB of 1,024 bytes."""
        status = Path(f"/proc/{self.workers[side].pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    async def at_rest(self, side: Side) -> float:
        """Wait until a worker has nothing to do any more; returns when that began (`time.monotonic`)."""
        deadline, still, since = time.monotonic() + _PATIENCE, 0, time.monotonic()
        while still < _STILL and time.monotonic() < deadline:
            before, begun = cpu_of(self.workers[side].pid), time.monotonic()
            await asyncio.sleep(_LOOK)
            is_still = cpu_of(self.workers[side].pid) - before <= max(_IDLE * _LOOK * 1000, 10)
            since = since if still else begun
            still = still + 1 if is_still else 0
        return since

    # --- speaking ----------------------------------------------------------------------------------------

    async def open(self, side: Side, workflow_id: str, request: Submit, wakes_at: float = 0) -> Handle:
        """Open a case, or what stands for one with the bare engine."""
        name: str = WORKFLOW if side == "product" else bare.Bare.__name__
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            name,
            new_case() if side == "product" else wakes_at,
            id=f"{side}-{workflow_id}",
            task_queue=QUEUE if side == "product" else bare.QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        )
        await self.client.execute_update_with_start_workflow(
            "submit" if side == "product" else "say",
            request,
            start_workflow_operation=operation,
            result_type=Receipt,
        )
        return await operation.workflow_handle()

    async def say(self, side: Side, workflow_id: str, verb: str, message: Message) -> None:
        """Say something to a case, and wait for the answer."""
        handle: Handle = self.client.get_workflow_handle(f"{side}-{workflow_id}")
        await handle.execute_update(verb if side == "product" else "say", message, result_type=Receipt)


@dataclass(frozen=True)
class Spent:
    """What so many calls took: seconds until all that came of them was done, and CPU milliseconds."""

    calls: int
    seconds: float
    worker_ms: float
    server_ms: float


async def spent(parts: Parts, side: Side, calls: Sequence[Call]) -> Spent:
    """Make calls, a few at once, and wait until their work is done."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(call: Call) -> None:
        async with turn:
            await call()

    await parts.at_rest(side)
    before, begun = parts.cpu(side), time.monotonic()
    await asyncio.gather(*(one(call) for call in calls))
    ended = await parts.at_rest(side)
    after = parts.cpu(side)
    return Spent(len(calls), max(ended, begun) - begun, after[0] - before[0], after[1] - before[1])


@asynccontextmanager
async def parts(address: str | None, *, bare_is_sandboxed: bool) -> AsyncIterator[Parts]:
    """Start a server in memory, or go to one; a mail system that takes everything; a store on disk."""
    async with AsyncExitStack() as stack:
        client, pid = await stack.enter_async_context(_server(address))
        home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sunrelay-bench-"))))
        home.prepare()
        mail = any_free_port()
        settings = settings_of(home, client.service_client.config.target_host, mail)
        settings[beats.PLACE] = str(home.path / "beats.json")
        settings[bare.SANDBOXED] = "1" if bare_is_sandboxed else "0"
        sink = ["-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{mail}"]
        mails = await start_part("mail", sink, settings)
        stack.push_async_callback(mails.stop, _STOPPING)
        found = Parts(client, pid, settings, bare_is_sandboxed)
        stack.push_async_callback(found.stop)
        yield found


@asynccontextmanager
async def _server(address: str | None) -> AsyncIterator[tuple[Client, int | None]]:
    if address is None:
        before = children()
        async with dev_server() as client:
            yield client, next(iter(children() - before))
        return
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    await ensure_search_attributes(client)
    yield client, None
