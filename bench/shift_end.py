"""Many cases at the end of one shift, on the real server: how soon is every one with the next centre?

Bound (ours): 1,000 cases within 60 s. Nothing is said to them; each reads who is open, changes hands, tells
its customer and its taker, and is recorded.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.terms import TermsActivities
from bench.dev_server import dev_server
from bench.lifecycle import ENGINEER
from bench.presets import request
from bench.stage import Receivers
from domain.centres.regions import HORIZON, Centre, Roster, RosterRequest
from domain.centres.shifts import OpenSpan
from domain.effects import READ_ROSTER
from domain.messages.staffing import StaffingNews
from workflows.case import SupportCase
from workflows.messages import QUEUE, WORKFLOW, Receipt, new_case, region_queue

_FROM, _TO = "sydney", "manila"
_SHIFT = timedelta(hours=5)
_PATIENCE = timedelta(seconds=180)
_AT_ONCE = 20  # cases being opened at the same time
_OPENED_IN_A_SECOND = 15  # how far ahead the shift end is put; on two cores about 25 are opened in a second


class _Centres:
    """Two centres: the first closes at `end`, the second is open before and after.

    `shut_at`: when somebody closes the first one by hand, in the middle of its shift.
    """

    def __init__(self, end: datetime) -> None:
        self.end = end
        self.shut_at: datetime | None = None

    async def read(self, asked: RosterRequest) -> Roster:
        first = OpenSpan(opens_at=self.end - _SHIFT, closes_at=self.shut_at or self.end)
        shut = () if self.shut_at is None else (OpenSpan(opens_at=self.shut_at, closes_at=self.end),)
        second = OpenSpan(opens_at=self.end - _SHIFT, closes_at=self.end + _SHIFT)
        centres = (
            Centre(name=_FROM, zone="Australia/Sydney", open=(first,), shut=shut, on_shift=1),
            Centre(name=_TO, zone="Asia/Manila", open=(second,), on_shift=1),
        )
        return Roster(read_at=asked.at, until=asked.at + HORIZON, centres=centres)

    @activity.defn(name=READ_ROSTER)
    async def read_roster(self, asked: RosterRequest) -> Roster:
        """Says who is open."""
        return await self.read(asked)


def _workers(client: Client, receivers: Receivers, centres: _Centres) -> list[Worker]:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(
        "domain", "workflows.messages", "email_validator", "idna"
    )
    cases = Worker(
        client,
        task_queue=QUEUE,
        workflows=[SupportCase],
        activities=[
            receivers.tell_customer,
            receivers.tell_staff,
            receivers.record_case,
            receivers.recall_case,
            TermsActivities(read_roster=centres.read).compile_terms,
            centres.read_roster,
        ],
        workflow_runner=SandboxedWorkflowRunner(restrictions=restrictions),
        max_cached_workflows=2000,
    )
    regional = [
        Worker(client, task_queue=region_queue(name), activities=[receivers.tell_staff])
        for name in (_FROM, _TO)
    ]
    return [cases, *regional]


async def _open(client: Client, number: int, turn: asyncio.Semaphore) -> None:
    async with turn:
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW,
            new_case(),
            id=f"shift-end-{number}",
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        )
        asked = request("rhipe-csp", f"shift-end-{number}").model_copy(update={"region": _FROM})
        await client.execute_update_with_start_workflow(
            "submit", asked, start_workflow_operation=start, result_type=Receipt
        )


def _owned(receivers: Receivers) -> int:
    rows = {batch.row.case_id: batch.row for batch in receivers.recorded}
    return sum(row.region == _TO for row in rows.values())


async def _tell(client: Client, number: int, turn: asyncio.Semaphore) -> None:
    """Tell a case as the door does that closes its centre."""
    async with turn:
        news = StaffingNews(actor=ENGINEER, region=_FROM)
        await client.get_workflow_handle(f"shift-end-{number}").signal("staffing_news", news)


async def shift_end(cases: int = 1000, *, closed: bool = False) -> dict[str, Any]:
    """Open the cases, wait for the end of the shift, and until every one has its next owner.

    `closed`: the centre is closed by hand hours before, and its cases are told.
    """
    receivers = Receivers()
    ahead = timedelta(seconds=20 + cases / _OPENED_IN_A_SECOND)
    centres = _Centres(datetime.now(UTC).replace(microsecond=0) + ahead)
    async with dev_server() as client, AsyncExitStack() as stack:
        for worker in _workers(client, receivers, centres):
            await stack.enter_async_context(worker)
        turn = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(_open(client, number, turn) for number in range(cases)))
        in_time = datetime.now(UTC) < centres.end
        since = centres.end
        if closed:
            since = datetime.now(UTC).replace(microsecond=0)
            centres.end, centres.shut_at = since + _SHIFT / 2, since
            await asyncio.gather(*(_tell(client, number, turn) for number in range(cases)))
        while _owned(receivers) < cases and datetime.now(UTC) < since + _PATIENCE:
            await asyncio.sleep(0.5)
        seconds = (datetime.now(UTC) - since).total_seconds()
        await asyncio.sleep(3)  # for a second notice that must not come
    told = [effect for _, delivery in receivers.told for effect in delivery.effects]
    return {
        "bench": "shift_end",
        "cases": cases,
        "all_opened_before_the_end": in_time,
        "with_the_next_centre": _owned(receivers),
        "seconds": round(seconds, 1),
        "notes_to_the_taker": sum(effect.kind == "handoff_note" for effect in told),
        "notices_to_customers": sum(effect.kind == "reassigned" for effect in told),
    }
