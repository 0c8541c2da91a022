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
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.client import Client
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import starter.connection
from activities.assembly import open_adapters
from activities.database import StoreUnreachable, StoreUrlInvalid
from activities.settings import AdapterSettings
from activities.vendor_config import VendorConfigInvalid
from starter.centres import known_regions
from starter.connection import Target, locate
from starter.faults import Exit, Fault
from starter.home import Home
from starter.search_attributes import ensure_search_attributes
from workflows.case import SupportCase
from workflows.incident import MajorIncident
from workflows.messages import QUEUE, region_queue

_log = logging.getLogger("sunrelay.worker")

PASSED_THROUGH = ("domain", "workflows.messages")
"""Own modules the sandbox shares instead of loading them again for each case (16 times the CPU, measured).

`workflows.case` stays inside: passing it too would save 10 ms of CPU at the start of a case, and leave
nothing for the sandbox to watch over.
"""

GRACE = timedelta(seconds=35)
"""Longer than the longest attempt to tell somebody (30 s), so that no effect is begun twice by a shutdown.

A fan-out may take longer; it is ended and goes on elsewhere from its last heartbeat, under the same ids.
"""

LAST_BREATH = 0.5
"""s between the end of the worker and that of the process, in which the SDK's threads let go of Python."""


class WorkerSettings(BaseSettings):
    """What a worker can be told: SUNRELAY_METRICS_ADDRESS, _CACHED_CASES, _ACTIVITIES."""

    model_config = SettingsConfigDict(env_prefix="SUNRELAY_", env_ignore_empty=True)

    metrics_address: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:\[\]-]+:\d{1,5}$")] | None = None
    # About 20 KB each (measured); above it a case is replayed. Never 0: a case dropped from memory while its
    # record is being written loses its task, which costs 10 s (measured).
    cached_cases: int = Field(default=2000, ge=1)
    activities: int = Field(default=100, ge=1)


async def connect(target: Target | None = None, settings: WorkerSettings | None = None) -> Client:
    """This will connect as the environment says. Raises: Fault (unreachable) with the address tried."""
    settings = settings or WorkerSettings()
    place = locate(target or Target())
    _log.info("connecting to %s (%s), namespace %s", place.address, place.origin, place.namespace)
    return await starter.connection.connect(place, _runtime(settings.metrics_address))


def _runtime(address: str | None) -> Runtime | None:
    if address is None:
        return None
    prometheus = PrometheusConfig(bind_address=address, durations_as_seconds=True)
    try:
        return Runtime(telemetry=TelemetryConfig(metrics=prometheus))
    except ValueError as error:
        raise Fault(
            Exit.FAULT,
            "MetricsUnavailable",
            f"no metrics at {address}: {error}",
            "free it, or choose another",
        ) from None


def sandbox() -> SandboxedWorkflowRunner:
    """This will make the runner that cases run in, and that their stored histories are replayed in."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )


def build_worker(
    client: Client,
    activities: Sequence[Callable[..., Any]],
    *,
    queue: str = QUEUE,
    settings: WorkerSettings | None = None,
) -> Worker:
    """This will make the worker that carries the cases of one queue."""
    settings = settings or WorkerSettings()
    return Worker(
        client,
        task_queue=queue,
        workflows=[SupportCase, MajorIncident],
        activities=list(activities),
        workflow_runner=sandbox(),
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
    """This will make a worker of one centre: it tells its people, and carries no cases."""
    settings = settings or WorkerSettings()
    return Worker(
        client,
        task_queue=region_queue(region),
        activities=list(activities),
        max_concurrent_activities=settings.activities,
        graceful_shutdown_timeout=GRACE,
    )


async def serve(workers: Sequence[Worker]) -> None:
    """This will work until SIGTERM or SIGINT, then let activities finish and stop.

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
    """This will work on cases, or for one centre, or on cases and for every centre of every policy in force.

    Until told to stop. Raises: Fault.
    """
    settings = WorkerSettings()
    client = await connect(settings=settings)
    await ensure_search_attributes(client)
    adapters = await open_adapters(AdapterSettings.model_validate(Home.current().store_setting()))
    try:
        centres = [region] if region is not None else [*known_regions()] if with_centres else []
        workers = [
            build_region_worker(client, adapters.regional, name, settings=settings) for name in centres
        ]
        if region is None:
            workers.insert(0, build_worker(client, adapters.activities, settings=settings))
        await serve(workers)
    finally:
        await adapters.close()
    await asyncio.sleep(LAST_BREATH)


def run(arguments: Sequence[str] | None = None) -> int:
    """This will run the worker as a process and return its exit code; faults are one line each."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    parser = argparse.ArgumentParser(prog="python -m worker", description="Work on cases, or for one centre.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--region", help="work for the people of this centre, and carry no cases")
    where.add_argument(
        "--with-centres", action="store_true", help="carry cases, and work for the people of every centre too"
    )
    told = parser.parse_args(arguments)
    try:
        asyncio.run(main(told.region, with_centres=told.with_centres))
    except Fault as fault:
        return _say(f"{fault}; {fault.remedy}" if fault.remedy else str(fault), fault.end)
    except ValidationError as error:
        first = error.errors()[0]
        return _say(f"SUNRELAY_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}", Exit.USAGE)
    except VendorConfigInvalid as error:
        return _say(f"SUNRELAY_VENDOR_CONFIG: {error}", Exit.USAGE)
    except (StoreUnreachable, StoreUrlInvalid) as error:
        return _say(str(error), Exit.UNREACHABLE)
    except RPCError as error:
        return _say(f"the Temporal server answered: {error.message}", Exit.UNREACHABLE)
    return Exit.DONE


def _say(line: str, end: Exit) -> int:
    sys.stderr.write(f"{line}\n")
    return end


if __name__ == "__main__":
    code = run()
    logging.shutdown()
    os._exit(code)  # also where it never began to work, the SDK's threads would crash in an ordinary exit
