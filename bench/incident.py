"""A major incident on the real server: how soon has one update reached every audience, and what does it cost?

Bounds (house rule): 500 cases within 60 s, at most 8 events more in the history of each, three of them its
workflow task. Worker, adapters and ledger are the product's, and mails leave by SMTP. Only what the cases
record is taken in memory, as in the other benches: a record that takes more than a second is an activity
more, and would count the disk.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker

from activities.assembly import Adapters, open_adapters
from activities.settings import AdapterSettings
from bench.dev_server import dev_server
from bench.lifecycle import ENGINEER
from bench.presets import request
from bench.stage import Receivers, caused
from domain.incidents.record import incident_id
from domain.messages.case import Contact
from domain.messages.incident import Declare, Join, PostNews, ResolveIncident
from worker import WorkerSettings, build_worker
from workflows.incident_messages import INCIDENT_WORKFLOW, IncidentReceipt, new_incident
from workflows.messages import QUEUE, WORKFLOW, Receipt, new_case

_AT_ONCE = 8
_PATIENCE = 180.0
_NEWS = "The mail servers are back within the hour."


class _Mails:
    """Take mails and counts them by what they say."""

    def __init__(self) -> None:
        self.addressees: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        """Take one mail; the name is the one the SMTP library calls."""
        if _NEWS.encode() in (envelope.original_content or b""):
            self.addressees += envelope.rcpt_tos
        return "250 taken"


@asynccontextmanager
async def _desk(mails: _Mails) -> AsyncIterator[Client]:
    smtp = await asyncio.get_running_loop().create_server(lambda: SMTP(mails), "127.0.0.1", 0)
    with tempfile.TemporaryDirectory() as place:
        settings = AdapterSettings.model_validate(
            {
                "store_url": f"sqlite:///{Path(place) / 'cases.db'}",
                "smtp_port": smtp.sockets[0].getsockname()[1],
                "mail_from": "Desk <desk@support.example>",
                "staff_address": "engineers@desk.example",
                "follow_the_sun": False,
            }
        )
        adapters = await open_adapters(settings)
        try:
            async with dev_server() as client, _worker(client, adapters):
                yield client
        finally:
            await adapters.close()
            smtp.close()


def _worker(client: Client, adapters: Adapters) -> Worker:
    activities = [one for one in adapters.activities if one != adapters.recording.record_case]
    activities.append(Receivers().record_case)
    settings = WorkerSettings.model_construct(metrics_address=None, cached_cases=6000, activities=100)
    return build_worker(client, activities, settings=settings)


async def _open(client: Client, number: int, turn: asyncio.Semaphore) -> str:
    """Open a case of a customer of its own, and waits until it has told what there is to tell."""
    asked = request("rhipe-csp", f"incident-{number}").model_copy(
        update={"contact": Contact(name="Kim", email=f"kim{number}@customer{number}.example")}
    )
    identity = f"incident-child-{number}"
    async with turn:
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW,
            new_case(),
            id=identity,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        )
        await client.execute_update_with_start_workflow(
            "submit", asked, start_workflow_operation=start, result_type=Receipt
        )
        await _rested(client, identity)
    return identity


async def _rested(client: Client, case: str) -> WorkflowHandle[Any, Any]:
    handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(case)
    while True:
        raw = (await handle.describe()).raw_description
        if not raw.pending_activities and not raw.HasField("pending_workflow_task"):
            return handle
        await asyncio.sleep(0.1)


async def _declare(client: Client) -> WorkflowHandle[Any, Any]:
    identity = incident_id("bench", "500")
    message = Declare(
        actor=ENGINEER, source="bench", reference="500", title="No mail", text="We look into it."
    )
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        INCIDENT_WORKFLOW,
        new_incident(),
        id=identity,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
    )
    await client.execute_update_with_start_workflow(
        "declare", message, start_workflow_operation=start, result_type=IncidentReceipt
    )
    return client.get_workflow_handle(identity)


async def _said(incident: WorkflowHandle[Any, Any], verb: str, message: Any) -> float:
    """Says something to the incident, and returns the seconds until everybody has heard it."""
    began = monotonic()
    await incident.execute_update(verb, message, result_type=IncidentReceipt)
    while (await incident.query("view"))["waiting"] and monotonic() - began < _PATIENCE:
        await asyncio.sleep(0.2)
    return round(monotonic() - began, 1)


async def _kinds(client: Client, cases: list[str]) -> dict[str, list[str]]:
    """Return the kinds of the events that we caused in each case, once every case is at rest."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(case: str) -> list[str]:
        async with turn:
            return caused((await (await _rested(client, case)).fetch_history()).events)

    return dict(zip(cases, await asyncio.gather(*map(one, cases)), strict=True))


async def incident(children: int = 500) -> dict[str, Any]:
    """Open the cases, lets them join, posts one update and resolves; counts what the update cost each."""
    mails = _Mails()
    async with _desk(mails) as client:
        turn = asyncio.Semaphore(_AT_ONCE)
        cases = list(await asyncio.gather(*(_open(client, number, turn) for number in range(children))))
        affair = await _declare(client)
        joined = [
            await _said(affair, "join", Join(actor=ENGINEER, cases=tuple(cases[start : start + 500])))
            for start in range(0, children, 500)
        ]
        before = await _kinds(client, cases)
        own_before = caused((await affair.fetch_history()).events)
        told = await _said(affair, "post_update", PostNews(actor=ENGINEER, text=_NEWS))
        after = await _kinds(client, cases)
        own_after = caused((await affair.fetch_history()).events)
        resolved = await _said(affair, "resolve", ResolveIncident(actor=ENGINEER, text="It is mended."))
        left = (await affair.query("view"))["cases"]
    added = {case: after[case][len(before[case]) :] for case in cases}
    return {
        "bench": "incident",
        "children": children,
        "still_in_it": left,
        "seconds_to_join": round(sum(joined), 1),
        "seconds_to_tell_all": told,
        "seconds_to_offer_resolution": resolved,
        "audiences_told": len(set(mails.addressees)),
        "mails": len(mails.addressees),
        "caused_in_a_child": dict(sorted(Counter(map(len, added.values())).items())),
        "caused_at_most": max(map(len, added.values())),
        "kinds_of_the_most": max(added.values(), key=len),
        "caused_in_the_incident": len(own_after) - len(own_before),
    }
