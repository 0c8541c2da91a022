"""`sunrelay open`: a request for help becomes a case.

Part of the doors. The request comes from flags, from a JSON file or from standard input; flags win.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import uuid4

import typer

from starter.door import Door, Options, register
from starter.faults import usage
from starter.receipts import show_receipt
from starter.saying import PANEL
from starter.sending import RequestId, build, read_input
from starter.submitting import submit, submit_without_waiting

if TYPE_CHECKING:
    from domain.messages import Submit


def _field(help_: str, *names: str, kind: Any = str, panel: str = "The request") -> tuple[Any, None]:
    return Annotated[kind | None, typer.Option(*names, help=help_, rich_help_panel=panel)], None


_CONTACT = "Whom we talk to"

_REQUEST: Options = {
    "tenant": _field("Whose case it is."),
    "reference": _field("The requester's own reference; repeated, it finds the same case."),
    "source": _field("Which system gave the reference (desk)."),
    "policy": _field("The support policy (rhipe-csp)."),
    "plan": _field("The plan the customer bought."),
    "region": _field("The centre that takes it; by country where not given."),
    "country": _field("Two letters, as in AU."),
    "zone": _field("The customer's IANA time zone."),
    "channel": _field("How the request came: phone, email, portal (phone)."),
    "language": _field("The customer's language (en)."),
    "title": _field("The problem in one line."),
    "explanation": _field("The problem in the customer's words; - reads standard input."),
    "category": _field("What kind of request."),
    "product": _field("Which product."),
    "impact": _field("high, medium or low."),
    "urgency": _field("high, medium or low."),
    "users_affected_percent": _field("Share of users affected, 0 to 100.", "--users-affected", kind=float),
    "workaround": _field("Is there a way around it?", "--workaround/--no-workaround", kind=bool),
    "partner_legal_name": _field("The partner's legal name.", "--partner"),
    "tenant_company": _field("The customer's company.", "--company"),
    "tenant_domain": _field("The customer's domain.", "--domain"),
    "affected_users": _field("A user affected; repeat it, or say all.", "--affected-user", kind=list[str]),
    "troubleshooting_steps": _field("What was tried; repeat it.", "--step", kind=list[str]),
    "screenshots": _field("The name of an image; repeat it.", "--screenshot", kind=list[str]),
    "error_messages": _field("An error message; repeat it.", "--error-message", kind=list[str]),
    "requester__name": _field("Who asked for help.", "--requester"),
    "contact__name": _field("Name.", "--contact", panel=_CONTACT),
    "contact__email": _field("Mail address.", "--email", panel=_CONTACT),
    "contact__phone": _field("Telephone.", "--phone", panel=_CONTACT),
    "contact__webhook": _field("An https address for signed webhooks.", "--webhook", panel=_CONTACT),
}


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


def gathered(fields: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """This will lay the flags over the document; `affected_users` of one `all` means everybody."""
    request = dict(base)
    for name, value in fields.items():
        if value is None:
            continue
        outer, _, inner = name.partition("__")
        if inner:
            known = request.get(outer)
            request[outer] = {**(known if isinstance(known, dict) else {}), inner: value}
        else:
            request[outer] = value
    if request.get("affected_users") == ["all"]:
        request["affected_users"] = "all"
    return request


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
    register(app, "open", gather=_REQUEST, rich_help_panel=PANEL)(open_)


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
    from domain.case import case_number

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
