"""How a request becomes a case: one atomic call that starts the case's workflow and hands it the request.

Part of the doors. A tenant's reference repeated finds the case it made the first time, open or archived.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from starter.door import Door
from starter.faults import Exit, Fault
from starter.sending import away, marked, refused, unknown, update_id
from starter.store import stored

if TYPE_CHECKING:
    from temporalio.client import WithStartWorkflowOperation
    from temporalio.common import TypedSearchAttributes

    from domain.messages import Submit
    from workflows.messages import Receipt


async def submit(door: Door, request: "Submit") -> "Receipt":
    """This will open the case, or find it, and return its receipt. Raises: Fault."""
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError, RPCStatusCode

    from domain.actor import Verb
    from workflows.messages import Receipt

    client, start = await door.client(), _start(request)
    try:
        receipt: Receipt = await client.execute_update_with_start_workflow(
            "submit",
            request,
            start_workflow_operation=start,
            id=update_id(Verb.SUBMIT, request),
            result_type=Receipt,
            rpc_timeout=door.timeout,
        )
    except WorkflowUpdateFailedError as error:
        raise refused(error) from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise unknown(door, request) from None
    except WorkflowAlreadyStartedError:
        raise await _archived(door, request) from None
    except RPCError as error:
        if error.status is RPCStatusCode.ALREADY_EXISTS:
            raise await _archived(door, request) from None
        raise away(door, error, request.reference, request) from None
    finally:
        # The start has an error of its own; asyncio complains at length where nobody has looked at it.
        await asyncio.gather(start.workflow_handle(), return_exceptions=True)
    return marked(receipt, request)


async def submit_without_waiting(door: Door, request: "Submit") -> str:
    """This will hand the request over and return the case's id: once sent it is kept. Raises: Fault."""
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError

    from workflows.messages import WORKFLOW, CaseFile

    client = await door.client()
    try:
        handle = await client.start_workflow(
            WORKFLOW,
            CaseFile(),
            start_signal="submit",
            start_signal_args=[request],
            rpc_timeout=door.timeout,
            **_settings(request),
        )
    except WorkflowAlreadyStartedError:
        raise await _archived(door, request) from None
    except RPCError as error:
        raise away(door, error, request.reference, request) from None
    return handle.id


def _start(request: "Submit") -> "WithStartWorkflowOperation[Any, Any]":
    from temporalio.client import WithStartWorkflowOperation

    from workflows.messages import WORKFLOW, CaseFile

    return WithStartWorkflowOperation(WORKFLOW, CaseFile(), **_settings(request))


def _settings(request: "Submit") -> dict[str, Any]:
    """This will name the case's workflow and how the Temporal UI shows it.

    A case that ended well is never started again; one whose opening was refused may be.
    """
    from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

    from domain.naming import case_id, case_number
    from workflows.messages import QUEUE

    identity = case_id(request.tenant, request.source, request.reference)
    title = request.title or (request.explanation or "").split("\n", 1)[0][:120] or request.reference
    return {
        "id": identity,
        "task_queue": QUEUE,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        "static_summary": f"{case_number(identity)} {title}",
        "search_attributes": _search_attributes(request),
    }


def _search_attributes(request: "Submit") -> "TypedSearchAttributes":
    """This will index the case by an opaque tenant: search attributes are never encrypted."""
    from hashlib import sha256

    from temporalio.common import SearchAttributePair, TypedSearchAttributes

    from workflows.messages import CASE_POLICY, CASE_TENANT

    return TypedSearchAttributes(
        [
            SearchAttributePair(CASE_TENANT, sha256(request.tenant.encode()).hexdigest()[:16]),
            SearchAttributePair(CASE_POLICY, request.policy.partition("@")[0]),  # without its version
        ]
    )


async def _archived(door: Door, request: "Submit") -> Fault:
    """This will say which case the reference made, now that it is archived."""
    from domain.naming import case_id, case_number

    identity = case_id(request.tenant, request.source, request.reference)
    row = await stored(door, lambda store: store.case_row(identity))
    number = case_number(identity)
    closed = f", closed {row.closed_at:%Y-%m-%d}" if row is not None and row.closed_at else ""
    return Fault(
        Exit.REFUSED,
        "CaseClosed",
        f"this reference made {number}, which is archived{closed}",
        f"sunrelay reopen {number} --reason ... opens a linked case; or give another --reference",
        case=identity,
    )
