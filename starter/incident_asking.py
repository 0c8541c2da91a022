"""How a command speaks to a major incident: found by number, id or reference, told by updates, read by query.

Part of the doors. The door stamps who speaks and when it was received, as for a case.
"""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starter.door import Door
from starter.faults import Exit, Fault
from starter.output import printable
from starter.sending import away, refusal, refused, unknown

if TYPE_CHECKING:
    from temporalio.client import WithStartWorkflowOperation

    from domain.incident import Child
    from domain.incident_messages import Declare, IncidentVerb
    from domain.incidents.views import IncidentView
    from domain.message import Message
    from workflows.incident_messages import IncidentReceipt

_ID = re.compile(r"incident-[a-z2-7]{20}")
_NUMBER = re.compile(r"(?i)MI-[0-9A-Z]{4}-?[0-9A-Z]{4}-?[0-9A-Z]")
_FEW = 20


def build_said(
    door: Door, verb: "IncidentVerb", fields: Mapping[str, Any], request_id: str | None
) -> "Message":
    """This will make the message, stamped by the door. Raises: Fault (refused) naming every bad field."""
    from pydantic import ValidationError

    from domain.incident_messages import INCIDENT_MODELS
    from domain.misreading import misread

    given = {key: value for key, value in fields.items() if value is not None}
    stamps = {
        "actor": door.actor,
        "received_at": datetime.now(UTC),
        "request_id": str(uuid4()) if request_id is None else request_id,
    }
    try:
        return INCIDENT_MODELS[verb].model_validate({**given, **stamps})
    except ValidationError as error:
        raise refusal(misread(error)) from None


async def find_incident(door: Door, incident: str) -> str:
    """This will return the id of the incident that is meant. Raises: Fault (not found)."""
    from domain.incident import incident_id, incident_prefix

    text = incident.strip()
    if _ID.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        return incident_id("desk", text)
    prefix = incident_prefix(text)
    if prefix is None:
        raise unknown_incident(text, "its check character does not fit: ask for the number again")
    found: set[str] = {run.id for run in await indexed(door, f'WorkflowId STARTS_WITH "{prefix}"', _FEW)}
    if len(found) != 1:
        raise unknown_incident(text, "check the number: sunrelay incident list")
    return found.pop()


def unknown_incident(what: str, remedy: str) -> Fault:
    """This will be the fault of an incident nobody knows."""
    reason = f"there is no incident {printable(what[:60])}"
    return Fault(Exit.NOT_FOUND, "IncidentNotFound", reason, remedy)


async def indexed(door: Door, query: str, limit: int) -> list[Any]:
    """This will ask the server's index for incidents, the latest first. Raises: Fault (unreachable)."""
    from temporalio.service import RPCError

    from workflows.incident_messages import INCIDENT_WORKFLOW

    client = await door.client()
    whole = f'WorkflowType = "{INCIDENT_WORKFLOW}"' + (f" AND {query}" if query else "")
    try:
        found = client.list_workflows(whole, limit=limit, rpc_timeout=door.timeout)
        return [run async for run in found]
    except RPCError as error:
        raise away(door, error, "incidents") from None


async def listed(run: Any) -> dict[str, Any]:
    """This will say of an incident what the index knows."""
    from workflows.messages import CASE_PHASE

    memo = await run.memo()
    return {
        "incident_id": run.id,
        "number": memo.get("number", ""),
        "title": memo.get("title", ""),
        "level": memo.get("level") or None,
        "phase": run.typed_search_attributes.get(CASE_PHASE),
        "declared_at": run.start_time.isoformat(),
    }


async def ask_incident(
    door: Door, incident_id: str, verb: "IncidentVerb", message: "Message", typed: str
) -> "IncidentReceipt":
    """This will say something to an incident and wait for its receipt. Raises: Fault.

    Each attempt is an update of its own: the incident knows the request, and says that it is repeated, where
    the engine's memory would pass the first receipt off as this one's.
    """
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
    from temporalio.service import RPCError, RPCStatusCode

    from workflows.incident_messages import IncidentReceipt

    handle = (await door.client()).get_workflow_handle(incident_id)
    try:
        receipt: IncidentReceipt = await handle.execute_update(
            verb.value, message, result_type=IncidentReceipt, rpc_timeout=door.timeout
        )
    except WorkflowUpdateFailedError as error:
        raise refused(error) from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise unknown(door, message) from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise await _closed_or_unknown(door, incident_id, typed) from None
        raise away(door, error, incident_id, message) from None
    return receipt


async def _closed_or_unknown(door: Door, incident_id: str, typed: str) -> Fault:
    """This will tell an incident that has ended from one there never was; `typed` is what it was called."""
    try:
        view = await see_incident(door, incident_id)
    except Fault as fault:
        if fault.end is not Exit.NOT_FOUND:
            return fault
        return unknown_incident(typed, "look at them: sunrelay incident list")
    name = printable(typed[:60])
    called = view.number if name == view.number else f"{name} ({view.number})"
    return Fault(Exit.REFUSED, "CaseClosed", f"{called} is closed", "declare another incident")


async def declare_incident(door: Door, message: "Declare") -> "IncidentReceipt":
    """This will start an incident and declare it in one atomic call, or find it. Raises: Fault."""
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError

    from workflows.incident_messages import IncidentReceipt

    client, start = await door.client(), _start(message)
    try:
        receipt: IncidentReceipt = await client.execute_update_with_start_workflow(
            "declare",
            message,
            start_workflow_operation=start,
            id=message.request_id,
            result_type=IncidentReceipt,
            rpc_timeout=door.timeout,
        )
    except WorkflowUpdateFailedError as error:
        raise refused(error) from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise unknown(door, message) from None
    except WorkflowAlreadyStartedError:
        reason = f"the reference {message.reference} made an incident that is closed"
        raise Fault(Exit.REFUSED, "CaseClosed", reason, "give another --reference") from None
    except RPCError as error:
        raise away(door, error, message.reference, message) from None
    finally:
        # The start has an error of its own; asyncio complains at length where nobody has looked at it.
        await asyncio.gather(start.workflow_handle(), return_exceptions=True)
    return receipt


def _start(message: "Declare") -> "WithStartWorkflowOperation[Any, Any]":
    from temporalio.client import WithStartWorkflowOperation
    from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

    from domain.incident import incident_id, incident_number
    from workflows.incident_messages import INCIDENT_WORKFLOW, IncidentFile
    from workflows.messages import QUEUE

    identity = incident_id(message.source, message.reference)
    number = incident_number(identity)
    return WithStartWorkflowOperation(
        INCIDENT_WORKFLOW,
        IncidentFile(),
        id=identity,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        static_summary=f"{number} {message.title}",
        memo={"number": number, "title": message.title, "level": message.level or ""},
    )


async def see_incident(door: Door, incident_id: str) -> "IncidentView":
    """This will read how an incident stands, also once it is closed, while the server keeps it."""
    from domain.incidents.views import IncidentView

    view: IncidentView = await _query(door, incident_id, "view", IncidentView)
    return view


async def see_children(door: Door, incident_id: str, had: int) -> "tuple[Child, ...]":
    """This will read every case the incident has had, in the order they joined."""
    from domain.incident import Child
    from domain.incidents.views import PAGE

    found: list[Child] = []
    for offset in range(0, had, PAGE):
        found += await _query(door, incident_id, "children", tuple[Child, ...], offset)
    return tuple(found)


async def _query(door: Door, incident_id: str, name: str, kind: Any, *given: Any) -> Any:
    from temporalio.client import WorkflowQueryFailedError
    from temporalio.service import RPCError, RPCStatusCode

    handle = (await door.client()).get_workflow_handle(incident_id)
    try:
        return await handle.query(name, *given, result_type=kind, rpc_timeout=door.timeout)
    except WorkflowQueryFailedError as error:
        raise unknown_incident(incident_id, error.message) from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise unknown_incident(incident_id, "look at them: sunrelay incident list") from None
        raise away(door, error, incident_id) from None
