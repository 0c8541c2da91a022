"""The composition root: settings, client, adapters, one Worker. No rule lives here, and nobody imports it.

Run it with `python -m worker`, or `sunrelay worker`. The connection is the `temporal` command's: TEMPORAL_*
variables, a profile, or the desk that runs here.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.client import Client
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import starter.connection
from activities.assembly import Adapters, open_adapters
from activities.people.past import CentrePast
from activities.receipts.key_file import ReceiptKeyUnusable
from activities.settings import AdapterSettings
from activities.store.database import StoreUnreachable, StoreUrlInvalid
from activities.store.served_by import Served, note_server
from activities.vendor.config import VendorConfigInvalid
from starter.connection import locate
from starter.door.faults import Fault, Kind
from starter.door.one_desk import namespace_id
from starter.door.place import Target
from starter.door.policies_in_force import known_region, known_regions, regions_by_policy
from starter.door.search_attributes import ensure_search_attributes
from starter.home import Home
from starter.telemetry.logs import set_up_logs
from starter.telemetry.settings import Listening, telemetry_settings
from starter.telemetry.traces import send_traces
from workflows.case import SupportCase
from workflows.incident import MajorIncident
from workflows.messages import QUEUE, region_queue
from workflows.payloads import lenient
from workflows.refusal import RefusalNotice
from workflows.timer import LATENESS, LATENESS_BOUNDS

_log = logging.getLogger("sunrelay.worker")

PASSED_THROUGH = ("domain", "workflows.messages", "email_validator", "idna")
"""Own modules the sandbox shares instead of loading them again for each case (16 times the CPU, measured).

`workflows.case` stays inside, or nothing would be left for the sandbox to watch over: it is for tests and for
whoever changes us. A worker does without, see decision 0026.
"""

GRACE = timedelta(seconds=35)
"""Longer than the longest attempt to tell somebody (30 s), so that no effect is begun twice by a shutdown.

A fan-out may take longer; it is ended and goes on elsewhere from its last heartbeat, under the same ids.
"""

_FAULT = 1
_ENDS = {Kind.USAGE: 2, Kind.REFUSED: 3, Kind.NOT_FOUND: 4, Kind.UNREACHABLE: 5}
"""Exit codes, the same as those of the commands; everything else is our own fault."""

LAST_BREATH = 0.5
"""s between the end of the worker and that of the process, in which the SDK's threads let go of Python."""


class WorkerSettings(BaseSettings):
    """What a worker can be told: SUNRELAY_METRICS_ADDRESS, _CACHED_CASES, _ACTIVITIES."""

    model_config = SettingsConfigDict(env_prefix="SUNRELAY_", env_ignore_empty=True)

    metrics_address: Listening | None = None
    """Where a worker shows its metrics, host:port."""

    # Some 320 KB each (measured over 400 cases): a worker stays within the 768 MB of our compose file;
    # above it a case is replayed. Never 0: a case dropped from memory while its record is being written loses
    # its task, which costs 10 s (measured).
    cached_cases: int = Field(default=1500, ge=1)
    """How many cases a worker keeps in memory, some 320 KB each."""

    sandbox: bool = False
    """Whether cases run in the SDK's sandbox: it watches what a workflow calls, and costs CPU and memory."""

    activities: int = Field(default=100, ge=1)
    """How many notices and lookups a worker has under way at a time."""


async def connect(target: Target | None = None, settings: WorkerSettings | None = None) -> Client:
    """Connect as the environment says. Raises: Fault (unreachable) with the address tried."""
    settings = settings or WorkerSettings()
    place = locate(target or Target())
    _log.info("connecting to %s (%s), namespace %s", place.address, place.origin, place.namespace)
    return await starter.connection.connect(place, _runtime(settings.metrics_address))


def _runtime(address: str | None) -> Runtime | None:
    if address is None:
        return None
    prometheus = PrometheusConfig(
        bind_address=address,
        durations_as_seconds=True,
        histogram_bucket_overrides={LATENESS: LATENESS_BOUNDS},
    )
    try:
        return Runtime(telemetry=TelemetryConfig(metrics=prometheus))
    except ValueError as error:
        raise Fault(
            Kind.FAULT,
            "MetricsUnavailable",
            f"no metrics at {address}: {error}",
            "free it, or choose another",
        ) from None


def sandbox(*more: str) -> SandboxedWorkflowRunner:
    """Make the runner that cases run in, and that their stored histories are replayed in.

    It shares the modules named as well.
    """
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH, *more)
    )


def _runner(settings: WorkerSettings) -> WorkflowRunner:
    return sandbox() if settings.sandbox else UnsandboxedWorkflowRunner()


def build_worker(
    client: Client,
    activities: Sequence[Callable[..., Any]],
    *,
    queue: str = QUEUE,
    settings: WorkerSettings | None = None,
    runner: WorkflowRunner | None = None,
) -> Worker:
    """Make the worker that carries the cases of one queue, as its settings say unless told otherwise."""
    settings = settings or WorkerSettings()
    return Worker(
        lenient(client),
        task_queue=queue,
        workflows=[SupportCase, MajorIncident, RefusalNotice],
        activities=list(activities),
        workflow_runner=runner or _runner(settings),
        max_cached_workflows=settings.cached_cases,
        max_concurrent_activities=settings.activities,
        graceful_shutdown_timeout=GRACE,
    )


def build_region_worker(
    client: Client,
    activities: Sequence[Callable[..., Any]],
    region: str,
    *,
    settings: WorkerSettings | None = None,
) -> Worker:
    """Make a worker of one centre: it tells its people, and carries no cases."""
    settings = settings or WorkerSettings()
    return Worker(
        client,
        task_queue=region_queue(region),
        activities=list(activities),
        max_concurrent_activities=settings.activities,
        graceful_shutdown_timeout=GRACE,
    )


async def serve(workers: Sequence[Worker]) -> None:
    """Work until SIGTERM or SIGINT, then let activities finish and stop.

    They stop together, also where one of them ends by itself.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _log.info("working on the queue %s", ", ".join(worker.task_queue for worker in workers))
    running = {asyncio.create_task(worker.run()): worker for worker in workers}
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    left = [worker for task, worker in running.items() if not task.done()]
    if left:
        _log.info("stopping; activities have up to %d s to finish", GRACE.total_seconds())
        await asyncio.gather(*(worker.shutdown() for worker in left))
    await asyncio.gather(*running)


async def main(region: str | None = None, *, with_centres: bool = False) -> None:
    """Work on cases, or for one centre, or on cases and for every centre of every policy in force.

    Until told to stop. Raises: Fault, for a centre no policy has, or of which nobody can be told.
    """
    if region is not None:
        region = known_region(region)
    settings = WorkerSettings()
    client = await connect(settings=settings)
    await ensure_search_attributes(client)
    if own_store := Home.current().store_setting():
        Home.current().prepare()
    adapters = await open_adapters(AdapterSettings.model_validate(own_store))
    try:
        await _note_server(adapters, client)
        await CentrePast(adapters.store).keep_regions(regions_by_policy(), "worker")
        centres = [region] if region is not None else [*known_regions()] if with_centres else []
        if dark := [name for name in centres if not await adapters.can_tell(name)]:
            raise _nobody_to_tell(dark)
        workers = [
            build_region_worker(client, adapters.regional, name, settings=settings) for name in centres
        ]
        if region is None:
            workers.insert(0, build_worker(client, adapters.activities, settings=settings))
        await serve(workers)
    finally:
        await adapters.close()
    send_traces()
    await asyncio.sleep(LAST_BREATH)


async def _note_server(adapters: Adapters, client: Client) -> None:
    """Note in the store which namespace its cases live in, for the doors to compare."""
    served = await namespace_id(client, timedelta(seconds=5))
    if served is not None:
        await note_server(adapters.store, Served(served, client.service_client.config.target_host))


def _nobody_to_tell(centres: Sequence[str]) -> Fault:
    """Return why the notes of these centres are left to a worker that can pass them on."""
    remedy = "set SUNRELAY_REGION_ADDRESSES or SUNRELAY_STAFF_ADDRESS, or an address of theirs in the rota"
    return Fault(Kind.USAGE, "NobodyToTell", f"nobody of {', '.join(centres)} can be told", remedy)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the worker as a process and return its exit code; faults are one line each."""
    parser = argparse.ArgumentParser(prog="python -m worker", description="Work on cases, or for one centre.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--region", help="work for the people of this centre, and carry no cases")
    where.add_argument(
        "--with-centres", action="store_true", help="carry cases, and work for the people of every centre too"
    )
    told = parser.parse_args(arguments)
    try:
        set_up_logs(telemetry_settings().log)
        asyncio.run(main(told.region, with_centres=told.with_centres))
    except Fault as fault:
        line = f"{fault}; {fault.remedy}" if fault.remedy else str(fault)
        return _say(line, _ENDS.get(fault.kind, _FAULT))
    except ValidationError as error:
        return _say("\n".join(_fault_of_setting(one) for one in error.errors()), _ENDS[Kind.USAGE])
    except VendorConfigInvalid as error:
        return _say(f"SUNRELAY_VENDOR_CONFIG: {error}", _ENDS[Kind.USAGE])
    except ReceiptKeyUnusable as error:
        return _say(f"SUNRELAY_RECEIPT_KEY: {error}", _ENDS[Kind.USAGE])
    except (StoreUnreachable, StoreUrlInvalid) as error:
        return _say(str(error), _ENDS[Kind.UNREACHABLE])
    except RPCError as error:
        return _say(f"the Temporal server answered: {error.message}", _ENDS[Kind.UNREACHABLE])
    return 0


def _fault_of_setting(error: ErrorDetails) -> str:
    """Return which variable is wrong, and what to do; its value may be a secret."""
    name = "_".join(map(str, error["loc"])).upper()
    return f"SUNRELAY_{name}: {error['msg'].removeprefix('Value error, ')}"


def _say(line: str, end: int) -> int:
    sys.stderr.write(f"{line}\n")
    return end


if __name__ == "__main__":
    code = run()
    logging.shutdown()
    os._exit(code)  # also where it never began to work, the SDK's threads would crash in an ordinary exit
