"""The commands that read one case: show, timeline, explain, report.

Each says where it read: the workflow while it runs, the case store afterwards.
"""

from enum import StrEnum
from typing import Annotated, Any

import typer

from starter.cli import core
from starter.cli.case_argument import Case, Source, Tenant
from starter.cli.command import Door, register
from starter.cli.instants import AsOf
from starter.cli.output import Format
from starter.cli.panels import READ
from starter.cli.report import report
from starter.door.faults import usage
from starter.door.plain import counted


class Reader(StrEnum):
    """For whose eyes a case is shown."""

    STAFF = "staff"
    CUSTOMER = "customer"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    register(app, "show", rich_help_panel=READ)(show)
    register(app, "timeline", rich_help_panel=READ)(timeline)
    register(app, "explain", rich_help_panel=READ)(explain)
    register(app, "report", rich_help_panel=READ)(report)


async def show(
    door: Door,
    case: Case,
    as_: Annotated[Reader, typer.Option("--as", help="For whose eyes.")] = Reader.STAFF,
    tenant: Tenant = None,
    source: Source = "desk",
    as_of: AsOf = None,
) -> None:
    """Show a case: where it stands, what is due, and the last entries of its timeline."""
    cases = door.backend.cases
    at = None if as_of is None else core.read_instant(as_of)
    case_id = await cases.find(case, tenant, source)
    if at is not None:
        past = await cases.show_as_of(case_id, at, as_customer=as_ is Reader.CUSTOMER)
        _print(door, core.past_case(past), past.model_dump(mode="json"))
        return
    shown = await cases.show(case_id, as_customer=as_ is Reader.CUSTOMER)
    page = core.case.page(shown.view, shown.source)
    _print(door, page, {"source": shown.source, **shown.view.model_dump(mode="json")})


async def timeline(door: Door, case: Case, tenant: Tenant = None, source: Source = "desk") -> None:
    """Show everything that happened to a case, in order."""
    cases = door.backend.cases
    found = await cases.timeline(await cases.find(case, tenant, source))
    if door.output.is_text:
        door.output.show(core.timeline.entries(found.entries))
        count = counted(len(found.entries), "entry", "entries")
        door.output.say(f"{found.number}: {count}, read from the {found.source}")
    elif door.output.format is Format.JSONL:
        door.output.records(found.entries)
    else:
        entries = [entry.model_dump(mode="json") for entry in found.entries]
        door.output.record({"number": found.number, "source": found.source, "entries": entries})


async def explain(
    door: Door,
    case: Case,
    clock: Annotated[str, typer.Argument(metavar="CLOCK", help="Such as initial_response or update.")],
    tenant: Tenant = None,
    source: Source = "desk",
) -> None:
    """Explain why a clock is due when it is: rule, start, closed hours and holidays skipped."""
    try:
        kind = core.Clock(clock.replace("-", "_"))
    except ValueError:
        raise usage("there is no clock of that name", f"use one of {', '.join(core.Clock)}") from None
    cases = door.backend.cases
    why = await cases.explain(await cases.find(case, tenant, source), kind)
    record = {"source": why.source, **why.explanation.model_dump(mode="json")}
    _print(door, core.clock.explanation(why), record)


def _print(door: Door, text: Any, record: dict[str, Any]) -> None:
    if door.output.is_text:
        door.output.show(text)
    else:
        door.output.record(record)
