"""`sunrelay incident`: declare a major incident, let cases join and leave, post news, resolve, close, look.

Part of the doors. Whether something may be said is the domain's to decide. Lists come from the server's
index, which knows an incident as long as the server keeps it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from domain.phase import Phase
from starter.centres import staff_only
from starter.door import Door, register
from starter.faults import Fault, usage
from starter.finding import find
from starter.incident_asking import (
    ask_incident,
    build_said,
    declare_incident,
    find_incident,
    indexed,
    listed,
    see_children,
    see_incident,
)
from starter.incident_page import incidents_table, one_incident
from starter.instants import ahead
from starter.levels_known import unknown_level
from starter.output import counted, moment
from starter.saying import Fields, Text, say
from starter.sending import RequestId, given_text, read_input
from starter.warned import warning

if TYPE_CHECKING:
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
    """This will add the commands, and the verb a case hears its incident by, which help does not show."""
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
    expected: Expected = None,
    update_every: UpdateEvery = None,
    request_id: RequestId = None,
) -> None:
    """Declare a major incident; TEXT is what is known so far. An update is due every hour, or as you say."""
    from domain.incident_messages import Declare, IncidentVerb

    if level is not None and (strange := unknown_level([level])):
        raise strange
    fields = {
        "text": given_text(text),
        "title": title,
        "reference": reference or str(uuid4()),
        "level": level,
        "expected_resolution_at": _instant(expected),
        "update_every": update_every,
    }
    message = build_said(door, IncidentVerb.DECLARE, fields, request_id)
    assert isinstance(message, Declare)
    _show(door, await declare_incident(door, message))


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
    details: Annotated[str | None, typer.Option(help="More of what happened.")] = None,
    impact: Annotated[str | None, typer.Option(help="What it affects.")] = None,
    expected: Expected = None,
    update_every: UpdateEvery = None,
    request_id: RequestId = None,
) -> None:
    """Post news; every audience is told once, every case hears it. The interval begins anew."""
    fields = {
        "text": given_text(text),
        "incident_details": details,
        "impact": impact,
        "expected_resolution_at": _instant(expected),
        "update_every": update_every,
    }
    await _say(door, "post_update", incident, fields, request_id)


async def resolve(door: Door, incident: Incident, text: Text, request_id: RequestId = None) -> None:
    """Say that the cause is gone; resolution is offered to every case by its own policy."""
    await _say(door, "resolve", incident, {"text": given_text(text)}, request_id)


async def close(
    door: Door,
    incident: Incident,
    reason: Annotated[str | None, typer.Option(help="Needed where it was never resolved.")] = None,
    request_id: RequestId = None,
) -> None:
    """Close the incident; its cases go on by themselves."""
    await _say(door, "close", incident, {"reason": reason}, request_id)


async def show(
    door: Door,
    incident: Incident,
    cases: Annotated[bool, typer.Option("--cases", help="Every case it has had, too.")] = False,
) -> None:
    """Show how an incident stands."""
    staff_only(door, "a major incident")
    identity = await find_incident(door, incident)
    view = await see_incident(door, identity)
    children = await see_children(door, identity, view.had) if cases else ()
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
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
) -> None:
    """List incidents, the latest first."""
    staff_only(door, "major incidents")
    rows = await indexed(door, 'ExecutionStatus = "Running"' if open_only else "", limit)
    records = [await listed(run) for run in rows]
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


async def _say(door: Door, verb: str, incident: str, fields: Fields, request_id: str | None) -> None:
    from domain.incident_messages import IncidentVerb

    known = IncidentVerb(verb)
    message = build_said(door, known, fields, request_id)
    identity = await find_incident(door, incident)
    _show(door, await ask_incident(door, identity, known, message, incident))


async def _in_parts(
    door: Door, verb: str, incident: str, cases: Sequence[str], fields: Fields, request_id: str | None
) -> None:
    """This will say it in messages of 500 cases; each has an id made of the one of the whole command."""
    from domain.incident_messages import AT_A_TIME, IncidentVerb

    ids = [await find(door, case, None, "desk") for case in _named(cases)]
    identity = await find_incident(door, incident)
    whole = request_id or str(uuid4())
    for part, start in enumerate(range(0, len(ids), AT_A_TIME)):
        said: Fields = {**fields, "cases": ids[start : start + AT_A_TIME]}
        message = build_said(door, IncidentVerb(verb), said, f"{whole}/{part}" if part else whole)
        receipt = await ask_incident(door, identity, IncidentVerb(verb), message, incident)
        if verb == "join" and await _any_closed(door, said["cases"]):
            receipt = receipt.model_copy(update={"warnings": (*receipt.warnings, "CaseClosed")})
        _show(door, receipt)


async def _any_closed(door: Door, ids: Sequence[str]) -> bool:
    """This will tell whether a case is over, as far as the store knows; without a store nobody is warned."""
    try:
        store = await door.store()
        rows = [await store.case_row(one) for one in ids]
    except (Fault, OSError):
        return False
    return any(row is not None and row.phase in (Phase.CLOSED, Phase.ARCHIVED) for row in rows)


def _named(cases: Sequence[str]) -> list[str]:
    found = [name for case in cases for name in (read_input("-").split() if case == "-" else [case])]
    if not found:
        raise usage("which cases?", "name them, or give one a line on standard input")
    return found


def _instant(text: str | None) -> datetime | None:
    return ahead(text, "--expected", datetime.now(UTC)) if text else None


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
