"""`sunrelay report`: the Support Incident Report of a case, as text, as HTML or as a record (RHIPE-28)."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.case_argument import Case, Source, Tenant
from starter.cli.command import Door
from starter.door.faults import usage


class Paper(StrEnum):
    """What a report is written on."""

    TEXT = "text"
    HTML = "html"


async def report(
    door: Door,
    case: Case,
    paper: Annotated[
        Paper | None,
        typer.Option("--format", help="html: one page for a browser, to be kept or printed; or text."),
    ] = None,
    tenant: Tenant = None,
    source: Source = "desk",
) -> None:
    """Write the Support Incident Report of a case, at any state and after archiving."""
    if paper and not door.output.is_text:
        raise usage(f"{paper} and {door.output.format} are two things", "give one of them", "paper", "output")
    seen = await core.see(
        door.session, door.actor, await core.find_for(door.session, door.actor, case, tenant, source)
    )
    entries = (await core.see_timeline(door.session, door.actor, seen)).entries
    case_id = seen.view.case_id
    told = await door.session.read(lambda store: store.deliveries(case_id))
    answers = await door.session.read(lambda store: store.answers(case_id))
    whole, described = not core.is_customer_view(door.actor), core.leaflet_of(seen.view)
    written = core.make_report(seen, entries, told, answers, whole=whole, leaflet=described)
    if not door.output.is_text:
        door.output.record(written)
    elif paper is Paper.HTML:
        sys.stdout.write(core.report_html(written))
    else:
        door.output.show(core.report_lines(written))
