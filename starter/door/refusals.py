"""Why there is no case under an id: what was sent there was refused, or waits where nobody works.

The case store knows why for good; the engine knows it of the last run, for as long as it keeps that.
"""

from datetime import timedelta

from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from domain.actor import Actor
from domain.decision import Refused
from starter.door import engine
from starter.door.faults import Fault, Kind
from starter.door.session import Session
from workflows.messages import QUEUE

_A_LOOK = timedelta(seconds=1)
"""How long a look takes at most, once somebody has waited for an answer in vain (ours)."""


async def why_none(session: Session, actor: Actor, identity: str) -> Fault | None:
    """Return what to say in place of "there is no case": the refusal, with its code and all faults.

    None where nothing was refused there that the actor may know of.
    """
    found = await _stored(session, actor, identity)
    if found is None and not actor.is_requester:
        failed = await _failed(session, identity)
        found = (failed, "") if failed is not None else None
    if found is None:
        return None
    refused, about = found
    fault = engine.refusal(refused)
    reason = f"what was sent to open this case was refused{about}: {refused.reason}"
    return Fault(fault.kind, fault.code, reason, fault.remedy, fault.missing, case=identity)


async def _stored(session: Session, actor: Actor, identity: str) -> tuple[Refused, str] | None:
    """Read the refusal our store keeps; a requester sees those of their own tenant. Raises: Fault."""
    kept = await session.read(lambda store: store.refused.latest(identity))
    if kept is None or not actor.has_access_to(kept[0].tenant or ""):
        return None
    request, notice = kept
    refused = Refused(
        code=request.code, reason=request.reason, remedy=request.remedy, missing=request.missing
    )
    by = f", sent by {request.sender}" if request.sender else ""
    return refused, f" at {request.refused_at:%Y-%m-%d %H:%M:%S}Z{by} ({notice})"


async def waits_elsewhere(session: Session, identity: str) -> Fault | None:
    """Return what to say of a run that no worker of ours will ever take; None where it is on our queue."""
    try:
        run = await _last_run(session, identity, min(session.timeout, _A_LOOK))
    except Fault:
        return None  # it is only asked for what to say of an answer that did not come
    if run is None or run.status is not WorkflowExecutionStatus.RUNNING or run.task_queue == QUEUE:
        return None
    return Fault(
        Kind.UNREACHABLE,
        "TaskQueueUnknown",
        f"{identity} was started on the task queue {run.task_queue!a:.80}, where no worker of ours listens",
        f"end it (temporal workflow terminate --workflow-id {identity}) and send it again to {QUEUE}",
    )


async def _failed(session: Session, identity: str) -> Refused | None:
    """Return the refusal the last run under an id ended with. Raises: Fault."""
    run = await _last_run(session, identity, session.timeout)
    if run is None or run.status is not WorkflowExecutionStatus.FAILED:
        return None
    handle = (await session.client()).get_workflow_handle(identity, run_id=run.run_id)
    try:
        await handle.result(follow_runs=False, rpc_timeout=session.timeout)
    except WorkflowFailureError as error:
        return engine.refusal_in(error.cause)
    except RPCError as error:
        raise engine.away(session, error) from None
    return None


async def _last_run(
    session: Session, identity: str, within: timedelta
) -> WorkflowExecutionDescription | None:
    """Describe the last run under an id; None where the engine has none. Raises: Fault."""
    handle = (await session.client()).get_workflow_handle(identity)
    try:
        return await handle.describe(rpc_timeout=within)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise engine.away(session, error) from None
