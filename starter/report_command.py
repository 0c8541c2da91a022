"""`sunrelay report`: the Support Incident Report of a case, as text, as HTML or as a record (RHIPE-28).

Part of the doors.
"""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from starter.door import Door
from starter.faults import usage
from starter.finding import Case, Source, Tenant, find
from starter.seeing import see, see_timeline


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
    from starter.report import make_report
    from starter.store import stored

    if paper and not door.output.is_text:
        raise usage(f"--format {paper} and --output {door.output.format} are two things", "give one of them")
    seen = await see(door, await find(door, case, tenant, source))
    entries = (await see_timeline(door, seen)).entries
    case_id = seen.view.case_id
    told = await stored(door, lambda store: store.deliveries(case_id))
    answers = await stored(door, lambda store: store.answers(case_id))
    written = make_report(seen, entries, told, answers, whole=not door.actor.is_requester)
    if not door.output.is_text:
        door.output.record(written)
    elif paper is Paper.HTML:
        from starter.report_html import report_html

        sys.stdout.write(report_html(written))
    else:
        from starter.report_page import report_lines

        door.output.show(report_lines(written))
