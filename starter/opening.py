"""`sunrelay open`: a request for help becomes a case.

Part of the doors. The request comes from flags, from a JSON file or from standard input; flags win.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import uuid4

import typer

from starter.door import Door, register
from starter.faults import usage
from starter.receipts import show_receipt
from starter.request_flags import OPENING, gathered
from starter.saying import PANEL
from starter.sending import RequestId, build, read_input
from starter.submitting import submit, submit_without_waiting

if TYPE_CHECKING:
    from domain.messages import Submit


def document(name: str) -> dict[str, Any]:
    """This will read one JSON object. Raises: Fault (usage) where it is none."""
    try:
        value = json.loads(read_input(name), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise usage(f"{name} is not JSON: {error}"[:200], "give one JSON object") from None
    if not isinstance(value, dict):
        raise usage(f"{name}: a request is one JSON object", "see docs for its fields")
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def request_from(door: Door, fields: dict[str, Any], file: str | None, request_id: str | None) -> "Submit":
    """This will make the request; without a reference of its own the request id is one. Raises: Fault."""
    from domain.actor import Verb

    if file == "-" and fields.get("explanation") == "-":
        raise usage("standard input can be read once", "give the explanation in the document")
    if fields.get("explanation") == "-":
        fields = {**fields, "explanation": read_input("-")}
    request_id = str(uuid4()) if request_id is None else request_id
    request = gathered(fields, document(file) if file else {})
    request.setdefault("reference", request_id)
    return cast("Submit", build(door, Verb.SUBMIT, request, request_id))


def add_to(app: typer.Typer) -> None:
    """This will add the command."""
    register(app, "open", gather=OPENING, rich_help_panel=PANEL)(open_)


async def open_(
    door: Door,
    fields: dict[str, Any],
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="The request as JSON; - reads standard input.")
    ] = None,
    request_id: RequestId = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Hand it over and do not wait.")] = False,
) -> None:
    """Open a case, or find the one this reference made."""
    request = request_from(door, fields, file, request_id)
    if no_wait:
        await _hand_over(door, request)
    else:
        show_receipt(door, await submit(door, request))


async def _hand_over(door: Door, request: "Submit") -> None:
    from domain.naming import case_number

    identity = await submit_without_waiting(door, request)
    if door.output.is_text:
        door.output.show(f"{case_number(identity)}  handed over  ({identity})")
    else:
        door.output.record(
            {
                "case_id": identity,
                "number": case_number(identity),
                "outcome": "handed_over",
                "request_id": request.request_id,
            }
        )
