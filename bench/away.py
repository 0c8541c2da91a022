"""A case whose mails nobody takes: how long its history grows, and what it costs a fresh worker to wake it.

Staff write so many updates one after the other, once while mail is taken and once while it is not; then the
worker's process starts anew and is asked for the case, which it has to replay.
"""

import asyncio
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from activities.assembly import Adapters, open_adapters
from activities.settings import AdapterSettings
from bench.lifecycle import ENGINEER, Handle, request_of
from domain.messages.case import PostUpdate, Respond
from worker import WorkerSettings, build_worker
from workflows.messages import QUEUE, SEARCH_ATTRIBUTES, WORKFLOW, CaseFile, Receipt, new_case

WAKES = 5
AT_REST = 35
"""Seconds: within 30 a case looks again whether a lane is away, and moves to a fresh run."""


class _Taking:
    """Take every mail."""

    async def handle_DATA(self, *_: Any) -> str:
        return "250 taken"


async def away(updates: int) -> dict[str, Any]:
    """Return what the newest run of each case holds, and the seconds a cold wake of it takes."""
    return {
        "bench": "away",
        "updates": updates,
        "mail_taken": await _measured(updates, taken=True),
        "mail_away": await _measured(updates, taken=False),
    }


async def _measured(updates: int, *, taken: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        async with _server() as env, _adapters(Path(place), taken=taken) as adapters:
            async with _working(env.client, adapters):
                handle = await _told(env, updates)
            wakes = sorted([await _wake(env.client, adapters, handle) for _ in range(WAKES)])
            return {**await _size(handle), "cold_wake_s": round(wakes[WAKES // 2], 3)}


async def _told(env: WorkflowEnvironment, updates: int) -> Handle:
    handle = await env.client.start_workflow(
        WORKFLOW, new_case(request_of("away", "high")), id="case-away", task_queue=QUEUE
    )
    first = Respond(actor=ENGINEER, text="We have begun.")
    await handle.execute_update("respond", first, result_type=Receipt)
    for number in range(updates):
        news = PostUpdate(actor=ENGINEER, text=f"Step {number} is done", request_id=f"away-{number}")
        await handle.execute_update("post_update", news, result_type=Receipt)
    await asyncio.sleep(AT_REST)
    return env.client.get_workflow_handle("case-away")


async def _wake(client: Client, adapters: Adapters, handle: Handle) -> float:
    async with _working(client, adapters):
        began = time.perf_counter()
        await handle.query("view")
        return time.perf_counter() - began


async def _size(handle: Handle) -> dict[str, int]:
    history = await handle.fetch_history()
    (payload,) = history.events[0].workflow_execution_started_event_attributes.input.payloads
    file = CaseFile.model_validate_json(payload.data)
    return {
        "turn_overs": file.turn_overs,
        "events": len(history.events),
        "history_bytes": sum(event.ByteSize() for event in history.events),
        "carried_bytes": len(payload.data),
    }


@asynccontextmanager
async def _server() -> AsyncIterator[WorkflowEnvironment]:
    """Use the real server: the time-skipping one forgets what waits for a worker that went away."""
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(Path(sys.executable).with_name("temporal")),
        data_converter=pydantic_data_converter,
        search_attributes=SEARCH_ATTRIBUTES,
    )
    yield env
    await env.shutdown()
    await asyncio.sleep(0.5)  # the SDK's own threads want a moment before the interpreter goes


@asynccontextmanager
async def _working(client: Client, adapters: Adapters) -> AsyncIterator[None]:
    async with build_worker(client, adapters.activities, settings=WorkerSettings()):
        yield


@asynccontextmanager
async def _adapters(place: Path, *, taken: bool) -> AsyncIterator[Adapters]:
    port = _free_port()
    mail = Controller(_Taking(), hostname="127.0.0.1", port=port)
    if taken:
        mail.start()
    adapters = await open_adapters(
        AdapterSettings.model_validate(
            {
                "store_url": f"sqlite:///{place / 'cases.db'}",
                "smtp_port": port,
                "mail_from": "Desk <desk@support.example>",
                "follow_the_sun": False,
            }
        )
    )
    try:
        yield adapters
    finally:
        await adapters.close()
        if taken:
            mail.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
