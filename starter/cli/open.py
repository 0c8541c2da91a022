"""`sunrelay open`: a request for help becomes a case.

The request comes from flags, from a JSON file or from standard input; flags win.
"""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import uuid4

import typer

from starter.cli import core
from starter.cli.ask_opening import ask_opening, at_terminal
from starter.cli.command import Door, register
from starter.cli.finished_line import open_line
from starter.cli.given import RequestId, read_input
from starter.cli.panels import SAY
from starter.cli.receipts import show_receipt
from starter.cli.request_flags import OPENING, gathered
from starter.door.faults import Fault, usage

if TYPE_CHECKING:
    from domain.messages.case import Submit


def document(name: str) -> dict[str, Any]:
    """Read one JSON object. Raises: Fault (usage) where it is none."""
    try:
        value = json.loads(read_input(name), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise usage(f"{name} is not JSON: {error}"[:200], "give one JSON object") from None
    if not isinstance(value, dict):
        raise usage(f"{name}: a request is one JSON object", "see docs for its fields")
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def request_from(door: Door, fields: dict[str, Any], file: str | None, request_id: str | None) -> "Submit":
    """Make the request; without a reference of its own the request id is one. Raises: Fault.

    Who speaks for one tenant opens that tenant's.
    """
    if file == "-" and fields.get("explanation") == "-":
        raise usage("standard input can be read once", "give the explanation in the document")
    if fields.get("explanation") == "-":
        fields = {**fields, "explanation": read_input("-")}
    request_id = str(uuid4()) if request_id is None else request_id
    request = gathered(fields, document(file) if file else {})
    request.setdefault("reference", request_id)
    if door.actor.tenant is not None:
        request.setdefault("tenant", door.actor.tenant)
    return cast("Submit", core.build(door.session, door.actor, core.Verb.SUBMIT, request, request_id))


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "open", gather=OPENING, rich_help_panel=SAY)(open_)


async def open_(
    door: Door,
    fields: dict[str, Any],
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="The request as JSON; - reads standard input.")
    ] = None,
    request_id: RequestId = None,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Send it without waiting for an answer.")
    ] = False,
) -> None:
    """Open a case, or find the one with this reference; alone at a terminal, it asks for what is needed."""
    if file is None and not any(value is not None and value != [] for value in fields.values()):
        fields = await _asked(door)
    request = await _whole(door, fields, file, request_id)
    if no_wait:
        await _hand_over(door, request)
    else:
        show_receipt(door, await door.backend.cases.open(request))


async def _asked(door: Door) -> dict[str, Any]:
    """Ask for everything, where somebody is there to answer. Raises: Fault; typer.Abort."""
    if not (door.output.is_text and sys.stdin.isatty() and sys.stderr.isatty()):
        return {}
    fields = await ask_opening(door, at_terminal)
    if at_terminal("open it? yes or no", "yes") != "yes":
        raise typer.Abort
    return fields


async def _whole(door: Door, fields: dict[str, Any], file: str | None, request_id: str | None) -> "Submit":
    """Make the request; one without a tenant is refused with all it lacks, and the line to type.

    Raises: Fault.
    """
    try:
        return request_from(door, fields, file, request_id)
    except Fault as fault:
        if fault.fields != ("tenant",) or file is not None:
            raise
        raise await _lacks(door, fields, fault) from None


async def _lacks(door: Door, fields: dict[str, Any], fault: Fault) -> Fault:
    try:
        request = request_from(door, {**fields, "tenant": "?"}, None, None)
        missing = ("tenant", *await core.lacking(door.session, request))
    except Fault:
        return fault
    remedy = f"type: {open_line(fields, missing)}"
    return Fault(fault.kind, fault.code, f"the request lacks {', '.join(missing)}", remedy, missing)


async def _hand_over(door: Door, request: "Submit") -> None:

    identity = await door.backend.cases.open_without_waiting(request)
    if door.output.is_text:
        door.output.show(f"{core.case_number(identity)}  handed over  ({identity})")
    else:
        door.output.record(
            {
                "case_id": identity,
                "number": core.case_number(identity),
                "outcome": "handed_over",
                "request_id": request.request_id,
            }
        )
