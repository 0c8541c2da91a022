"""The commands that read one case: show, timeline, explain, report.

Part of the doors. Each says where it read: the workflow while it runs, the case store afterwards.
"""

from enum import StrEnum
from typing import Annotated, Any

import typer

from starter.door import Door, register
from starter.faults import usage
from starter.finding import Case, Source, Tenant, find
from starter.output import Format, counted
from starter.report_command import report
from starter.seeing import Seen, see, see_as_customer, see_timeline, see_why

PANEL = "Read cases"


class Reader(StrEnum):
    """For whose eyes a case is shown."""

    STAFF = "staff"
    CUSTOMER = "customer"


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    register(app, "show", rich_help_panel=PANEL)(show)
    register(app, "timeline", rich_help_panel=PANEL)(timeline)
    register(app, "explain", rich_help_panel=PANEL)(explain)
    register(app, "report", rich_help_panel=PANEL)(report)


async def show(
    door: Door,
    case: Case,
    as_: Annotated[Reader, typer.Option("--as", help="For whose eyes.")] = Reader.STAFF,
    tenant: Tenant = None,
    source: Source = "desk",
) -> None:
    """Show a case: where it stands, what is due, and the last entries of its timeline."""
    from starter import case_page

    seen = await _seen(door, case, tenant, source)
    if as_ is Reader.CUSTOMER or door.actor.is_requester:
        view = await see_as_customer(door, seen)
        plain = {"source": seen.source, **view.model_dump(mode="json")}
        _print(door, case_page.customer(view, seen.source), plain)
    else:
        plain = {"source": seen.source, **seen.view.model_dump(mode="json")}
        _print(door, case_page.staff(seen.view, seen.source), plain)


async def timeline(door: Door, case: Case, tenant: Tenant = None, source: Source = "desk") -> None:
    """Show everything that happened to a case, in order."""
    from starter import timeline_page

    seen = await _seen(door, case, tenant, source)
    found = await see_timeline(door, seen)
    if door.output.is_text:
        door.output.show(timeline_page.entries(found.entries))
        count = counted(len(found.entries), "entry", "entries")
        door.output.say(f"{seen.view.number}: {count}, read from the {found.source}")
    elif door.output.format is Format.JSONL:
        door.output.records(found.entries)
    else:
        entries = [entry.model_dump(mode="json") for entry in found.entries]
        door.output.record({"number": seen.view.number, "source": found.source, "entries": entries})


async def explain(
    door: Door,
    case: Case,
    clock: Annotated[str, typer.Argument(metavar="CLOCK", help="Such as initial_response or update.")],
    tenant: Tenant = None,
    source: Source = "desk",
) -> None:
    """Explain why a clock is due when it is: rule, start, closed hours and holidays skipped."""
    from domain.clocks import Clock
    from starter import clock_page

    try:
        kind = Clock(clock.replace("-", "_"))
    except ValueError:
        raise usage("there is no clock of that name", f"use one of {', '.join(Clock)}") from None
    seen = await _seen(door, case, tenant, source)
    why = await see_why(door, seen, kind)
    _print(door, clock_page.explanation(why, seen), {"source": seen.source, **why.model_dump(mode="json")})


async def _seen(door: Door, case: str, tenant: str | None, source: str) -> Seen:
    return await see(door, await find(door, case, tenant, source))


def _print(door: Door, text: Any, record: dict[str, Any]) -> None:
    if door.output.is_text:
        door.output.show(text)
    else:
        door.output.record(record)
