"""`sunrelay incident`: declare a major incident, let cases join and leave, post news, resolve, close, look.

Whether something may be said is the domain's to decide. Lists come from the server's
index, which knows an incident as long as the server keeps it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.given import RequestId, given_text, read_input
from starter.cli.instants import maybe_ahead
from starter.cli.pages.incident import incidents_table, one_incident
from starter.cli.say_command import Fields, Text, say
from starter.cli.warnings import warning
from starter.door.faults import Looks, all_at_once, usage
from starter.door.plain import counted, moment

if TYPE_CHECKING:
    from domain.messages.base import Message
    from workflows.incident_messages import IncidentReceipt

Incident = Annotated[
    str, typer.Argument(metavar="INCIDENT", help="Number MI-XXXX-XXXX-X, its id, or its reference.")
]
Cases = Annotated[
    list[str], typer.Argument(metavar="CASE...", help="Numbers or ids; - reads them, one a line.")
]
Expected = Annotated[
    str | None, typer.Option("--expected", help="When it should be solved: 30m, 4h, or an instant.")
]
UpdateEvery = Annotated[
    str | None,
    typer.Option(
        "--update-every", help="How often there is an update: 30m, 1h, 2d, or PT30M; from 5m to 72h."
    ),
]
_PANEL = "Major incidents"


def add_to(app: typer.Typer) -> None:
    """Add the commands, and the verb a case hears its incident by, which help does not show."""
    group = typer.Typer(no_args_is_help=True, help="Major incidents: many customers, one cause.")
    for name, command in _COMMANDS:
        register(group, name)(command)
    app.add_typer(group, name="incident", rich_help_panel=_PANEL)
    say(app, "incident_news", news, ("incident-news",), hidden=True)


async def declare(
    door: Door,
    text: Text,
    title: Annotated[str, typer.Option(help="What is down, in one line.")],
    reference: Annotated[
        str | None, typer.Option(help="Your own name for it; the same again is the same incident.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="How urgent it is, such as P1.")] = None,
    expected_resolution_at: Expected = None,
    update_every: UpdateEvery = None,
    request_id: RequestId = None,
) -> None:
    """Declare a major incident; TEXT is what is known so far. An update is due every hour, or as you say."""
    fields = {
        "text": given_text(text),
        "title": title,
        "reference": reference or str(uuid4()),
        "level": level,
        "update_every": update_every,
    }
    with all_at_once() as look:
        look.at(core.known_level, level)
        message = _built(door, look, "declare", fields, expected_resolution_at, request_id)
    assert isinstance(message, core.Declare)
    _show(door, await door.backend.incidents.declare(message))


async def join(door: Door, incident: Incident, cases: Cases, request_id: RequestId = None) -> None:
    """Let cases join; each customer is told what is known so far."""
    await _in_parts(door, "join", incident, cases, {}, request_id)


async def leave(
    door: Door,
    incident: Incident,
    cases: Cases,
    reason: Annotated[str | None, typer.Option(help="Why; the customer reads it.")] = None,
    request_id: RequestId = None,
) -> None:
    """Let cases leave that have another cause after all."""
    await _in_parts(door, "leave", incident, cases, {"reason": reason}, request_id)


async def update(
    door: Door,
    incident: Incident,
    text: Text,
    incident_details: Annotated[str | None, typer.Option("--details", help="More of what happened.")] = None,
    impact: Annotated[str | None, typer.Option(help="What it affects.")] = None,
    expected_resolution_at: Expected = None,
    update_every: UpdateEvery = None,
    request_id: RequestId = None,
) -> None:
    """Post news; every audience is told once, every case hears it. The interval starts again."""
    fields = {
        "text": given_text(text),
        "incident_details": incident_details,
        "impact": impact,
        "update_every": update_every,
    }
    await _say(door, "post_update", incident, fields, request_id, expected_resolution_at)


async def resolve(door: Door, incident: Incident, text: Text, request_id: RequestId = None) -> None:
    """Say that the cause is gone; resolution is offered to every case by its own policy."""
    await _say(door, "resolve", incident, {"text": given_text(text)}, request_id)


async def close(
    door: Door,
    incident: Incident,
    reason: Annotated[str | None, typer.Option(help="Needed where it was never resolved.")] = None,
    request_id: RequestId = None,
) -> None:
    """Close the incident; its cases continue on their own."""
    await _say(door, "close", incident, {"reason": reason}, request_id)


async def show(
    door: Door,
    incident: Incident,
    cases: Annotated[bool, typer.Option("--cases", help="Every case it has had, too.")] = False,
) -> None:
    """Show how an incident stands."""
    view, children = await door.backend.incidents.show(incident, with_cases=cases)
    if door.output.is_text:
        door.output.show(one_incident(view, children))
        return
    record = view.model_dump(mode="json")
    if cases:
        record["children"] = [child.model_dump(mode="json") for child in children]
    door.output.record(record)


async def list_(
    door: Door,
    open_only: Annotated[bool, typer.Option("--open", help="Only those not closed yet.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")] = 50,
) -> None:
    """List incidents, the latest first."""
    records = await door.backend.incidents.listed(limit, open_only=open_only)
    if not door.output.is_text:
        door.output.plain_records(records)
        return
    if records:
        door.output.show(incidents_table(records))
    door.output.say(f"{counted(len(records), 'incident')}, from the server's index")


def news(
    text: Text,
    incident: Annotated[str, typer.Option(help="The incident's id.")],
    number: Annotated[str, typer.Option(help="Its number.")],
    title: Annotated[str, typer.Option(help="Its title.")],
    notice: Annotated[int, typer.Option(help="Which of its notices this is.")],
    kind: Annotated[str, typer.Option(help="joined, update, resolved or left.")] = "update",
) -> Fields:
    """Tell one case news of its incident by hand; the incident does that by itself."""
    said = {"incident": incident, "number": number, "title": title}
    return {**said, "text": given_text(text), "notice": notice, "kind": kind}


async def _say(
    door: Door,
    verb: str,
    incident: str,
    fields: Fields,
    request_id: str | None,
    expected: str | None = None,
) -> None:
    with all_at_once() as look:
        message = _built(door, look, verb, fields, expected, request_id)
    _show(door, await door.backend.incidents.speak(incident, core.IncidentVerb(verb), message))


def _built(
    door: Door, look: Looks, verb: str, fields: Fields, expected: str | None, request_id: str | None
) -> "Message":
    """Make the message; what is wrong with it is told together with an instant that is none."""
    at = look.at(maybe_ahead, expected, "expected_resolution_at", datetime.now(UTC))
    said = {**fields, "expected_resolution_at": at}
    return look.at(core.build, door.session, door.actor, core.IncidentVerb(verb), said, request_id)


async def _in_parts(
    door: Door, verb: str, incident: str, cases: Sequence[str], fields: Fields, request_id: str | None
) -> None:
    said = core.SaidOfCases(core.IncidentVerb(verb), fields, request_id)
    said.check(door.session, door.actor)
    async for receipt in door.backend.incidents.speak_of(incident, _named(cases), said):
        _show(door, receipt)


def _named(cases: Sequence[str]) -> list[str]:
    found = [name for case in cases for name in (read_input("-").split() if case == "-" else [case])]
    if not found:
        raise usage("which cases?", "name them, or give one a line on standard input")
    return found


def _show(door: Door, receipt: "IncidentReceipt") -> None:
    if not door.output.is_text:
        door.output.record(receipt)
    else:
        again = ", already known" if receipt.repeated else ""
        cases = counted(receipt.cases, "case")
        door.output.show(f"{receipt.number}  {receipt.phase}, {cases}{again}  ({receipt.incident_id})")
        if receipt.next_update_at:
            door.output.say(f"next update due by {moment(receipt.next_update_at)}")
    for code in receipt.warnings:
        door.output.say(warning(code) if door.output.is_text else f"warning: {code}")


_COMMANDS: tuple[tuple[str, Any], ...] = (
    ("declare", declare),
    ("join", join),
    ("leave", leave),
    ("update", update),
    ("resolve", resolve),
    ("close", close),
    ("show", show),
    ("list", list_),
)
