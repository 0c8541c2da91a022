"""The stage both plays run on: a time-skipping server, a worker, receivers for what is told and recorded."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.api.enums.v1 import EventType, IndexedValueType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.terms import TermsActivities
from bench.floor import Floor
from domain.centres.regions import Roster, RosterRequest
from domain.effects import (
    READ_ROSTER,
    RECALL_CASE,
    RECORD_CASE,
    TELL_CUSTOMER,
    TELL_STAFF,
    TELL_VENDOR,
    Delivery,
    DeliveryReport,
    Outcome,
    OutcomeStatus,
)
from domain.record import RecallRequest, Recollection, RecordBatch, RecordReceipt
from domain.tenants import Enquiry, TenantFacts
from starter.rehearse.idle_clock import skip
from starter.rehearse.server import start_server
from workflows.case import SupportCase
from workflows.messages import QUEUE, SEARCH_ATTRIBUTES, region_queue

COUNTED = ("events", "caused", "actions", "workflow_tasks", "activities")
"""What is told of a part of a life."""

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Receivers:
    """Take what is told and recorded, and keep it in order."""

    told: list[tuple[str, Delivery]] = field(default_factory=list)
    recorded: list[RecordBatch] = field(default_factory=list)

    def _take(self, name: str, delivery: Delivery) -> DeliveryReport:
        self.told.append((name, delivery))
        return DeliveryReport(
            outcomes=tuple(
                Outcome(effect_id=effect.id, status=OutcomeStatus.DELIVERED) for effect in delivery.effects
            )
        )

    @activity.defn(name=TELL_CUSTOMER)
    async def tell_customer(self, delivery: Delivery) -> DeliveryReport:
        """Take what the customer is told."""
        return self._take(TELL_CUSTOMER, delivery)

    @activity.defn(name=TELL_STAFF)
    async def tell_staff(self, delivery: Delivery) -> DeliveryReport:
        """Take what staff are told."""
        return self._take(TELL_STAFF, delivery)

    @activity.defn(name=TELL_VENDOR)
    async def tell_vendor(self, delivery: Delivery) -> DeliveryReport:
        """Take what the vendor is told, and answers with the number of a ticket."""
        report = self._take(TELL_VENDOR, delivery)
        numbered = tuple(one.model_copy(update={"reference": "T-1"}) for one in report.outcomes)
        return report.model_copy(update={"outcomes": numbered})

    @activity.defn(name=RECORD_CASE)
    async def record_case(self, batch: RecordBatch) -> RecordReceipt:
        """Take what the case store is told."""
        self.recorded.append(batch)
        return RecordReceipt(version=batch.row.version)

    @activity.defn(name=RECALL_CASE)
    async def recall_case(self, request: RecallRequest) -> Recollection:
        """Remembers nothing."""
        return Recollection()


@dataclass
class Stage:
    """A running server and worker, and the receivers."""

    env: WorkflowEnvironment
    client: Client
    receivers: Receivers
    server_pid: int

    async def advance(self, by: timedelta, handle: WorkflowHandle[object, object]) -> None:
        """Move the server's clock and waits until the case is at rest."""
        await skip(self.env, by)
        await at_rest(handle)

    def cpu(self) -> dict[str, float]:
        """CPU milliseconds so far: the server's, and this process's (worker and client)."""
        times = os.times()
        return {"server": cpu_of(self.server_pid), "worker": (times.user + times.system) * 1000}


async def at_rest(handle: WorkflowHandle[object, object]) -> None:
    """Wait until nothing is pending and the history has stopped growing."""
    before, still = -1, 0
    while still < 3:
        description = await handle.describe()
        pending = len(description.raw_description.pending_activities)
        length = description.history_length
        still = still + 1 if length == before and not pending else 0
        before = length
        await asyncio.sleep(0.01)


ReadRoster = Callable[[RosterRequest], Awaitable[Roster]]


def _roster_activity(read: ReadRoster) -> Callable[..., Any]:
    @activity.defn(name=READ_ROSTER)
    async def read_roster(request: RosterRequest) -> Roster:
        return await read(request)

    return read_roster


@asynccontextmanager
async def stage(
    facts: TenantFacts | None = None, read_roster: ReadRoster | None = None, centres: Sequence[str] = ()
) -> AsyncIterator[Stage]:
    """Raise the curtain, and lowers it.

    `facts` are what the tenant directory answers, if there is one. With `read_roster` cases follow the sun
    among `centres`, each of which has a worker.
    """

    before = children()
    env = await start_server()
    server_pid = next(iter(children() - before))
    attributes = {
        key.name: IndexedValueType.ValueType(int(key.indexed_value_type)) for key in SEARCH_ATTRIBUTES
    }
    await env.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=attributes)
    )
    receivers = Receivers()
    async with AsyncExitStack() as workers:
        await workers.enter_async_context(_worker(env.client, receivers, facts, read_roster))
        for centre in centres:
            regional = Worker(env.client, task_queue=region_queue(centre), activities=[receivers.tell_staff])
            await workers.enter_async_context(regional)
        yield Stage(env, env.client, receivers, server_pid)
    await env.shutdown()
    await asyncio.sleep(0.5)  # the SDK's own threads want a moment before the interpreter goes


def _worker(
    client: Client, receivers: Receivers, facts: TenantFacts | None, read_roster: ReadRoster | None
) -> Worker:
    """Carries the cases, and the floor beside them."""

    async def look_up(_: Enquiry) -> TenantFacts:
        assert facts is not None
        return facts

    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[SupportCase, Floor],
        activities=[
            receivers.tell_customer,
            receivers.tell_staff,
            receivers.tell_vendor,
            receivers.record_case,
            receivers.recall_case,
            TermsActivities(look_up=look_up if facts else None, read_roster=read_roster).compile_terms,
            *([_roster_activity(read_roster)] if read_roster else []),
        ],
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(
                "domain", "email_validator", "idna"
            )
        ),
    )


def children() -> set[int]:
    """Return the processes this one has started."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def cpu_of(pid: int) -> float:
    """Return the CPU milliseconds a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS


async def counts(handle: WorkflowHandle[object, object]) -> dict[str, int]:
    """Count a history: events, those we cause, Actions as billed, workflow tasks, timers, bytes."""
    history = await handle.fetch_history()
    by_type = Counter(EventType.Name(event.event_type)[11:] for event in history.events)
    tasks_with_markers = _tasks_with_markers(history.events)
    return {
        "events": len(history.events),
        "caused": len(caused(history.events)),
        "actions": 1
        + by_type["TIMER_STARTED"]
        + by_type["ACTIVITY_TASK_SCHEDULED"]
        + by_type["WORKFLOW_EXECUTION_SIGNALED"]
        + by_type["WORKFLOW_EXECUTION_UPDATE_ACCEPTED"]
        + by_type["UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"]
        + tasks_with_markers,
        "workflow_tasks": by_type["WORKFLOW_TASK_COMPLETED"],
        "timers_started": by_type["TIMER_STARTED"],
        "timers_fired": by_type["TIMER_FIRED"],
        "timers_cancelled": by_type["TIMER_CANCELED"],
        "activities": by_type["ACTIVITY_TASK_SCHEDULED"],
        "updates": by_type["WORKFLOW_EXECUTION_UPDATE_ACCEPTED"],
        "upserts": by_type["UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"],
        "local_activities": by_type["MARKER_RECORDED"],
        # Without the first event: the floor's start carries its whole script, which no product would.
        "bytes": sum(len(event.SerializeToString()) for event in history.events[1:]),
    }


def caused(events: Iterable[HistoryEvent]) -> list[str]:
    """Return the kinds of the events that we cause: all but those of workflow tasks.

    Of those a busy server makes as many as it likes: what ends together comes in one task, or in two.
    """
    kinds = (EventType.Name(event.event_type)[11:] for event in events)
    return [kind for kind in kinds if not kind.startswith("WORKFLOW_TASK_")]


def _tasks_with_markers(events: object) -> int:
    """All local activities of one workflow task are one Action."""
    tasks = set()
    for event in events:  # type: ignore[attr-defined]
        if event.HasField("marker_recorded_event_attributes"):
            tasks.add(event.marker_recorded_event_attributes.workflow_task_completed_event_id)
    return len(tasks)
