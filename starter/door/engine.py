"""How the core speaks to the engine, for cases and incidents alike: every call once, every error mapped once.

An accepted signal or start is on disk. An update that timed out may have happened or not.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecution,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import QueryRejectCondition
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.decision import Refused
from domain.messages.base import Message
from starter.door.faults import NO_WORKER, Fault, Kind, Way, not_found, outcome_unknown, unreachable
from starter.door.session import Session

T = TypeVar("T")

_ONE_TRY = 20.0  # s; the engine turns from a worker that is gone to its others after 10 s
_CAME_TO_NOTHING = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)


class AlreadyOver(Exception):
    """The id belongs to a workflow that has ended well, and is not started again."""


class NotRunning(Exception):
    """There is no running workflow of that id."""


async def update(
    session: Session,
    workflow_id: str,
    name: str,
    message: Message,
    result: type[T],
    *,
    id_: str | None = None,
) -> T:
    """Say something and wait for the answer. Raises: Fault; NotRunning where nobody listens any more."""
    await session.writing_client()
    handle = await _handle(session, workflow_id)
    try:
        answer: T = await handle.execute_update(
            name, message, id=id_, result_type=result, rpc_timeout=session.timeout
        )
    except WorkflowUpdateFailedError as error:
        raise refused(error) from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise unknown(session.timeout, message) from None
    except RPCError as error:
        raise _of_one(session, error, message) from None
    return answer


async def update_with_start(
    session: Session,
    start: "WithStartWorkflowOperation[Any, Any]",
    name: str,
    message: Message,
    result: type[T],
    *,
    id_: str | None,
) -> T:
    """Start a workflow, or find it, and say the first thing to it, in one atomic call.

    Raises: Fault; AlreadyOver.
    """
    client = await session.writing_client()
    try:
        answer: T = await client.execute_update_with_start_workflow(
            name,
            message,
            start_workflow_operation=start,
            id=id_,
            result_type=result,
            rpc_timeout=session.timeout,
        )
    except WorkflowUpdateFailedError as error:
        raise refused(error) from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise unknown(session.timeout, message) from None
    except WorkflowAlreadyStartedError:
        raise AlreadyOver from None
    except RPCError as error:
        if error.status is RPCStatusCode.ALREADY_EXISTS:
            raise AlreadyOver from None
        raise away(session, error, message) from None
    finally:
        # The start has an error of its own; asyncio complains at length where nobody has looked at it.
        await asyncio.gather(start.workflow_handle(), return_exceptions=True)
    return answer


async def signal(session: Session, workflow_id: str, name: str, message: Message) -> None:
    """Say something without waiting for an answer: once sent it is kept. Raises: Fault; NotRunning."""
    await session.writing_client()
    handle = await _handle(session, workflow_id)
    try:
        await handle.signal(name, message, rpc_timeout=session.timeout)
    except RPCError as error:
        raise _of_one(session, error, message) from None


async def signal_with_start(
    session: Session, workflow: str, file: object, name: str, message: Message, settings: dict[str, Any]
) -> str:
    """Start a workflow, or find it, and hand it the first message; return its id.

    Raises: Fault; AlreadyOver.
    """
    client = await session.writing_client()
    try:
        handle: WorkflowHandle[Any, Any] = await client.start_workflow(
            workflow,
            file,
            start_signal=name,
            start_signal_args=[message],
            rpc_timeout=session.timeout,
            **settings,
        )
    except WorkflowAlreadyStartedError:
        raise AlreadyOver from None
    except RPCError as error:
        raise away(session, error, message) from None
    return handle.id


async def query(
    session: Session, workflow_id: str, name: str, result: Any, *given: Any, running_only: bool = False
) -> Any:
    """Ask a workflow something, and again while the session's timeout lasts: a starting server loses some.

    Raises: Fault; NotRunning; WorkflowQueryFailedError with its own words.
    """
    handle = await _handle(session, workflow_id)
    reject = QueryRejectCondition.NOT_OPEN if running_only else None
    now = asyncio.get_running_loop().time
    ends = now() + session.timeout.total_seconds()
    while True:
        within = timedelta(seconds=min(max(ends - now(), 0.001), _ONE_TRY))
        try:
            return await handle.query(
                name, *given, result_type=result, reject_condition=reject, rpc_timeout=within
            )
        except WorkflowQueryRejectedError:
            raise NotRunning from None
        except RPCError as error:
            if error.status not in _CAME_TO_NOTHING or now() >= ends:
                raise _of_one(session, error) from None


async def indexed(session: Session, query_: str, limit: int) -> Sequence[WorkflowExecution]:
    """Ask the server's index, the latest first; a server without one knows nothing. Raises: Fault."""
    client: Client = await session.client()
    try:
        return [run async for run in client.list_workflows(query_, limit=limit, rpc_timeout=session.timeout)]
    except RPCError as error:
        if error.status is RPCStatusCode.UNIMPLEMENTED:
            return ()
        raise away(session, error) from None


async def _handle(session: Session, workflow_id: str) -> WorkflowHandle[Any, Any]:
    return (await session.client()).get_workflow_handle(workflow_id)


def _of_one(session: Session, error: RPCError, message: Message | None = None) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        return NotRunning()
    return away(session, error, message)


def refusal(refused_: Refused) -> Fault:
    """Return a refusal of the domain as the end of a request."""
    kind = Kind.CONFLICT if refused_.code == "DuplicateRequestConflict" else Kind.REFUSED
    return Fault(kind, refused_.code, refused_.reason, refused_.remedy, refused_.missing)


def refused(error: WorkflowUpdateFailedError | WorkflowFailureError) -> Fault:
    """Return a workflow's own refusal, of a message or of its opening: code, reason and what to do."""
    found = refusal_in(error.cause)
    if found is None:
        reason = str(error.cause or error)
        return Fault(Kind.REFUSED, "UpdateFailed", reason, "look at the case", way=Way.LOOK_AT_CASE)
    return refusal(found)


def refusal_in(cause: BaseException | None) -> Refused | None:
    """Return the refusal in a failure of the engine's, or None where it is another failure."""
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    if cause is None:
        return None
    details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
    return Refused(
        code=cause.type or "Refused",
        reason=str(details.get("reason") or cause.message),
        remedy=str(details.get("remedy", "")),
        missing=tuple(str(field) for field in details.get("missing", ())),
    )


def unknown(timeout: timedelta, message: Message) -> Fault:
    """Return what is said when no answer came in time."""
    return outcome_unknown(f"no answer within {timeout.total_seconds():g} s", message.request_id or "")


def away(session: Session, error: RPCError, message: Message | None = None) -> Fault:
    """Return what an error of the connection means for the one who asked."""
    match error.status:
        case RPCStatusCode.NOT_FOUND:
            return not_found("of this kind")
        case RPCStatusCode.UNAVAILABLE:
            return unreachable(session.where())
        case RPCStatusCode.DEADLINE_EXCEEDED | RPCStatusCode.CANCELLED if message is not None:
            return unknown(session.timeout, message)
        case RPCStatusCode.DEADLINE_EXCEEDED | RPCStatusCode.CANCELLED:
            return _no_worker(session)
        case RPCStatusCode.INVALID_ARGUMENT:
            return Fault(Kind.REFUSED, "ValidationError", error.message, "mend the request")
        case _:
            return Fault(Kind.UNREACHABLE, "ServerFault", error.message, "look at the worker's log")


def _no_worker(session: Session) -> Fault:
    seconds = session.timeout.total_seconds()
    reason = f"the server at {session.where()} answers, no worker within {seconds:g} s"
    return Fault(Kind.UNREACHABLE, NO_WORKER, reason, "start a worker", way=Way.START_WORKER)


__all__ = [
    "AlreadyOver",
    "NotRunning",
    "WorkflowQueryFailedError",
    "away",
    "indexed",
    "query",
    "refusal",
    "refusal_in",
    "refused",
    "signal",
    "signal_with_start",
    "unknown",
    "update",
    "update_with_start",
]
