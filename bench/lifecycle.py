"""The canonical case beside the floor: events, Actions, workflow tasks, bytes and CPU of both, and ratios.

Submit, one warning, one breach, the (late) first response, four staff updates, resolve, auto-close, archive.
"""

from datetime import timedelta
from typing import Any

from temporalio.client import WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from bench.floor import Beat, Floor, Script
from bench.stage import Stage, at_rest, counts, stage
from domain.actor import Actor, ActorKind, Role, Tier
from domain.effects import Delivery
from domain.messages.case import Contact, Message, PostUpdate, Resolve, Respond, Submit
from domain.record import RecordBatch
from workflows.messages import QUEUE, WORKFLOW, Receipt, new_case

ENGINEER = Actor(kind=ActorKind.STAFF, name="Ana", role=Role.ENGINEER, tier=Tier.L1, region="sydney")
MINUTE = timedelta(minutes=1)

Step = tuple[timedelta, str | None, Message | None]


def _canonical() -> list[Step]:
    """P2: response within 4 h, an update every 2 h; the first response comes 30 min late."""
    said: list[Step] = [
        (185 * MINUTE, None, None),  # past the warning at 180 min
        (60 * MINUTE, None, None),  # past the breach at 240 min
        (25 * MINUTE, "respond", Respond(actor=ENGINEER, text="We have begun work on this")),
    ]
    said += [
        (40 * MINUTE, "post_update", PostUpdate(actor=ENGINEER, text=f"Step {number} of four is done"))
        for number in range(1, 5)
    ]
    said.append((30 * MINUTE, "resolve", Resolve(actor=ENGINEER, kind="resolution", text="Mail flows again")))
    said.append((timedelta(days=8), None, None))  # past auto-close, 3 business days
    said.append((timedelta(days=12), None, None))  # past the reopen window, 5 business days
    return said


def _brief() -> list[Step]:
    """P3: answered at 20 minutes, resolved at 4 h 30, then silence."""
    return [
        (20 * MINUTE, "respond", Respond(actor=ENGINEER, text="We have begun work on this")),
        (250 * MINUTE, "resolve", Resolve(actor=ENGINEER, kind="resolution", text="Mail flows again")),
        (timedelta(days=8), None, None),
        (timedelta(days=12), None, None),
    ]


def request_of(reference: str, urgency: str) -> Submit:
    """Ask for a case as the canonical one is asked for."""
    return Submit(
        actor=ENGINEER,
        tenant="bench",
        reference=reference,
        impact="medium",
        urgency=urgency,
        explanation="Outlook cannot send; the web client works",
        contact=Contact(name="Kim Ng", email="kim.ng@partner.example", phone="+61255500100"),
        partner_legal_name="Example Partner Pty Ltd",
        tenant_company="Tenant Pty Ltd",
        tenant_domain="tenant.example",
        affected_users="all",
        troubleshooting_steps=("Restarted Outlook",),
    )


Handle = WorkflowHandle[Any, Any]


async def start(on: Stage, name: str, arg: object, update: str, message: object, workflow_id: str) -> Handle:
    """Start a workflow by the update that opens it, and waits until it is at rest."""
    operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        name, arg, id=workflow_id, task_queue=QUEUE, id_conflict_policy=WorkflowIDConflictPolicy.FAIL
    )
    with on.env.auto_time_skipping_disabled():
        await on.client.execute_update_with_start_workflow(
            update, message, start_workflow_operation=operation, result_type=Receipt
        )
        handle = await operation.workflow_handle()
    await at_rest(handle)
    return handle


async def _play(on: Stage, handle: Handle, steps: list[Step], *, floor: bool) -> dict[str, int]:
    """Plays the steps; returns the history's length after the resolution, too."""
    marks = {}
    for wait, verb, message in steps:
        await on.advance(wait, handle)
        if verb is not None:
            arg: object = "said" if floor else message
            await handle.execute_update("say" if floor else verb, arg, result_type=Receipt)
            await at_rest(handle)
        if verb == "resolve":
            marks["events_until_resolved"] = (await handle.describe()).history_length
    return marks


async def measured(on: Stage, handle_of: Any, steps: list[Step], *, floor: bool) -> dict[str, float]:
    """Plays the steps in a fresh workflow and counts its history, and CPU in milliseconds."""
    before = on.cpu()
    handle = await handle_of()
    marks = await _play(on, handle, steps, floor=floor)
    after = on.cpu()
    result: dict[str, float] = {**await counts(handle), **marks}
    result["server_cpu_ms"] = round(after["server"] - before["server"])
    result["worker_cpu_ms"] = round(after["worker"] - before["worker"])
    return result


async def play_product(on: Stage, request: Submit, steps: list[Step]) -> dict[str, float]:
    """Open a case with the request, plays the steps, and counts what it cost."""

    async def begin() -> Handle:
        return await start(on, WORKFLOW, new_case(), "submit", request, f"bench-{request.reference}")

    return await measured(on, begin, steps, floor=False)


def script_of(told: list[tuple[str, Delivery]], recorded: list[RecordBatch]) -> Script:
    """Write the floor's script from what the product did: the same effects, rows and phases.

    A step of time that enters nothing in the timeline is known by the instant of what it told.
    """
    batches = {batch.row.version: batch for batch in recorded}
    opening = recorded[0].row
    entered = {entry.at for batch in recorded for entry in batch.entries}
    unentered = iter(sorted({e.caused_at for _, one in told for e in one.effects} - entered))
    beats, phase = [], None
    for version in sorted(batches):
        batch = batches[version]
        at = next(unentered, None) if not batch.entries else batch.entries[-1].at
        instants = {at, *(entry.at for entry in batch.entries)}
        mine = tuple(
            (name, delivery)
            for name, delivery in told
            if any(e.caused_at in instants for e in delivery.effects)
        )
        by_time = not batch.entries or any(entry.by == "Sunrelay" for entry in batch.entries)
        after = at - opening.received_at if by_time and at is not None else None
        if batch.row.phase == "archived":
            after = (batch.entries[-1].at - opening.received_at) + timedelta(minutes=5)
        changed = batch.row.phase if batch.row.phase != phase else None
        beats.append(Beat(at=after, tell=mine, phase=changed, batch=batch))
        phase = batch.row.phase
    receipt = Receipt(
        case_id=opening.case_id,
        number=opening.number,
        outcome="accepted",
        at=opening.received_at,
        phase="received",
        level=opening.level,
        owner=opening.region,
    )
    return Script(beats=tuple(beats), receipt=receipt)


def ratio(product: dict[str, float], floor: dict[str, float]) -> dict[str, float]:
    """Divides what the product cost by what the floor cost."""
    keys = ("events", "caused", "actions", "workflow_tasks", "bytes")
    parts = {key: round(product[key] / floor[key], 3) for key in keys}
    cpu = [sum(side[key] for key in ("server_cpu_ms", "worker_cpu_ms")) for side in (product, floor)]
    return {**parts, "cpu": round(cpu[0] / cpu[1], 3) if cpu[1] else 0.0}


async def lifecycle(rounds: int) -> dict[str, Any]:
    """Run product and floor in turn `rounds` times and returns the pair with the median CPU ratio."""
    pairs = []
    async with stage() as on:
        for number in range(rounds):
            on.receivers.told.clear()
            on.receivers.recorded.clear()
            product = await play_product(on, request_of(f"canonical-{number}", "high"), _canonical())
            script = script_of(list(on.receivers.told), list(on.receivers.recorded))

            async def begin(script: Script = script, number: int = number) -> Handle:
                return await start(on, Floor.__name__, script, "say", "said", f"floor-{number}")

            floor = await measured(on, begin, _canonical(), floor=True)
            pairs.append((product, floor))
        waiting = await _waiting(on)
        brief = await play_product(on, request_of("brief", "medium"), _brief())
    product, floor = sorted(pairs, key=lambda pair: ratio(*pair)["cpu"])[len(pairs) // 2]
    return {
        "bench": "lifecycle",
        "rounds": rounds,
        "product": product,
        "floor": floor,
        "ratio": ratio(product, floor),
        "waiting_case_events": waiting,
        "answered_20_min_resolved_4_h_30": brief,
    }


async def _waiting(on: Stage) -> int:
    """Count the events a case adds in two hours in which nothing happens to it."""
    request = request_of("waiting", "high")
    handle = await start(on, WORKFLOW, new_case(), "submit", request, "bench-waiting")
    before = (await handle.describe()).history_length
    await on.advance(timedelta(hours=2), handle)
    return (await handle.describe()).history_length - before
