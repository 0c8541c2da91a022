"""How a command says something to a case: the message is built and checked here, then sent and answered.

Part of the doors. The door stamps who speaks and when it was received; the id of the request is the id of
the update too, so that asking again with the same one changes nothing.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from starter.command_words import in_commands
from starter.door import Door
from starter.faults import Exit, Fault, not_found, unreachable, usage

if TYPE_CHECKING:
    from temporalio.client import WorkflowUpdateFailedError
    from temporalio.service import RPCError

    from domain.actor import Verb
    from domain.decision import Refused
    from domain.messages import Message
    from workflows.messages import Receipt

RequestId = Annotated[
    str | None,
    typer.Option("--request-id", help="Your own id of this request; repeated, it changes nothing."),
]

_MAX_INPUT = (
    64 * 1024
)  # bytes; four times what a request may have, so that the model can say what is too long


def read_input(name: str) -> str:
    """This will read a file, or standard input for `-`; UTF-8, at most 64 KiB. Raises: Fault (usage)."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_MAX_INPUT + 1)
        else:
            with open(name, "rb") as file:
                data = file.read(_MAX_INPUT + 1)
        if len(data) > _MAX_INPUT:
            raise usage(f"{name}: more than {_MAX_INPUT} bytes", "send the rest as an attachment reference")
        return data.decode("utf-8")
    except OSError as error:
        raise usage(f"{name}: {error.strerror or error}", "name a file that can be read, or - ") from None
    except UnicodeDecodeError:
        raise usage(f"{name} is not UTF-8", "save it as UTF-8") from None


def given_text(text: str) -> str:
    """This will be the text itself, or standard input for `-`."""
    return read_input("-") if text == "-" else text


def build(door: Door, verb: "Verb", fields: Mapping[str, Any], request_id: str | None) -> "Message":
    """This will make the message, stamped by the door. Raises: Fault (refused) naming every bad field."""
    from pydantic import ValidationError

    from domain.messages import MODELS
    from domain.misreading import misread

    given = {key: value for key, value in fields.items() if value is not None}
    stamps = {
        "actor": door.actor,
        "received_at": datetime.now(UTC),
        "request_id": str(uuid4()) if request_id is None else request_id,
    }
    if claimed := sorted(set(given) & set(stamps)):
        raise usage(f"{', '.join(claimed)}: the door sets this itself", "leave it out")
    try:
        return MODELS[verb].model_validate({**given, **stamps})
    except ValidationError as error:
        raise refusal(misread(error)) from None


def refusal(refused: "Refused") -> Fault:
    """This will be a refusal of the domain as the end of a command."""
    return Fault(
        Exit.REFUSED, refused.code, in_commands(refused.reason), in_commands(refused.remedy), refused.missing
    )


async def ask(door: Door, case_id: str, verb: "Verb", message: "Message") -> "Receipt":
    """This will say something to an open case and wait for its receipt. Raises: Fault."""
    from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
    from temporalio.service import RPCError

    from workflows.messages import Receipt

    handle = (await door.client()).get_workflow_handle(case_id)
    try:
        receipt: Receipt = await handle.execute_update(
            verb.value, message, id=update_id(verb, message), result_type=Receipt, rpc_timeout=door.timeout
        )
    except WorkflowUpdateFailedError as error:
        raise refused(error) from None
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise unknown(door, message) from None
    except RPCError as error:
        raise away(door, error, case_id, message) from None
    return marked(receipt, message)


def update_id(verb: "Verb", message: "Message") -> str:
    """This will name an update by its request and what it says.

    The engine answers an update whose id it knows from its memory, whatever it says: under the id of the
    request alone other content would look like success. The case knows the request, and refuses it.
    """
    from workflows.seen import said_by

    return f"{message.request_id}/{said_by(verb, message)}"


def marked(receipt: "Receipt", message: "Message") -> "Receipt":
    """This will mark an answer out of the engine's memory as repeated: it has another message's stamp."""
    is_to_this = receipt.asked_at in (None, message.received_at)
    return receipt if is_to_this else receipt.model_copy(update={"repeated": True})


async def tell(door: Door, case_id: str, verb: "Verb", message: "Message") -> None:
    """This will say something without waiting for an answer: once sent it is kept. Raises: Fault."""
    from temporalio.service import RPCError

    handle = (await door.client()).get_workflow_handle(case_id)
    try:
        await handle.signal(verb.value, message, rpc_timeout=door.timeout)
    except RPCError as error:
        raise away(door, error, case_id, message) from None


def refused(error: "WorkflowUpdateFailedError") -> Fault:
    """This will be the case's own refusal: its code, reason and what to do."""
    from temporalio.exceptions import ApplicationError

    cause: BaseException | None = error.cause
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    if cause is None:
        return Fault(
            Exit.REFUSED, "UpdateFailed", str(error.cause or error), "look at the case: sunrelay show"
        )
    details = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
    reason = str(details.get("reason") or cause.message)
    return Fault(
        Exit.REFUSED,
        cause.type or "Refused",
        in_commands(reason),
        in_commands(str(details.get("remedy", ""))),
        [str(field) for field in details.get("missing", ())],
    )


def unknown(door: Door, message: "Message") -> Fault:
    """This will be what is said when no answer came in time: it may have happened or not."""
    return Fault(
        Exit.UNKNOWN,
        "OutcomeUnknown",
        f"no answer within {door.timeout.total_seconds():g} s; it may have happened or not",
        f"ask again with --request-id {message.request_id}: nothing is done twice",
    )


def away(door: Door, error: "RPCError", case_id: str, message: "Message | None" = None) -> Fault:
    """This will say what an error of the connection means for the one who asked."""
    from temporalio.service import RPCStatusCode

    match error.status:
        case RPCStatusCode.NOT_FOUND:
            return not_found(case_id)
        case RPCStatusCode.UNAVAILABLE:
            return unreachable(door.place.address, door.place.origin)
        case RPCStatusCode.DEADLINE_EXCEEDED | RPCStatusCode.CANCELLED if message is not None:
            return unknown(door, message)
        case RPCStatusCode.DEADLINE_EXCEEDED | RPCStatusCode.CANCELLED:
            return no_worker(door)
        case RPCStatusCode.INVALID_ARGUMENT:
            return Fault(Exit.REFUSED, "ValidationError", error.message, "mend the request")
        case _:
            return Fault(Exit.UNREACHABLE, "ServerFault", error.message, "look at the worker's log")


def no_worker(door: Door) -> Fault:
    """This will be what is said when the server is there but nobody works on cases."""
    return Fault(
        Exit.UNREACHABLE,
        "WorkerUnreachable",
        f"the server at {door.place.address} answers, no worker within {door.timeout.total_seconds():g} s",
        "start one: sunrelay worker",
    )
