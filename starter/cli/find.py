"""`sunrelay find`: cases by whatever somebody on the telephone knows of theirs.

Read from the case store; requesters find what is their own tenant's.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.completion import tenants
from starter.cli.output import Format
from starter.cli.panels import READ
from starter.door.plain import counted, printable

if TYPE_CHECKING:
    from activities.store.case_search import Found


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "find", rich_help_panel=READ)(find)


async def find(
    door: Door,
    text: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT", help="A number, telephone, mail address, company, own number, or words."
        ),
    ],
    tenant: Annotated[str | None, typer.Option(help="Only this tenant's.", autocompletion=tenants)] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those still worked on.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")] = 20,
    skip: Annotated[int, typer.Option(min=0, max=1_000_000, help="Leave out this many of the best.")] = 0,
) -> None:
    """Find cases by number, telephone, mail, company, own number or words, the best first."""
    wanted = core.Search(text=" ".join(text), tenant=tenant, open_only=open_only, limit=limit, offset=skip)
    found = await door.backend.cases.search(wanted)
    if door.output.format is Format.JSONL:
        door.output.records(found.cases)
    elif door.output.format is Format.JSON:
        door.output.record(found)
    else:
        if found.cases:
            door.output.show(core.found_table(found.cases, datetime.now(UTC), door.output.result.width))
        door.output.say(_told(found, skip))


def _told(found: "Found", skip: int) -> str:
    if found.is_empty:
        return "0 cases: there is neither a letter nor a digit to look for"
    if found.misheard and not found.total:
        numbers = ", ".join(f"SR-{one[:4]}-{one[4:8]}-{one[8:]}".upper() for one in found.misheard)
        return f"0 cases: the check character of {printable(numbers)} is wrong, ask for the number again"
    near = "nothing is spelled so; spelled nearly so: " if found.nearly else ""
    shown = len(found.cases)
    page = f", {skip + 1} to {skip + shown} shown, more with --skip {skip + shown}"
    page = page if skip + shown < found.total else ""
    return f"{near}{counted(found.total, 'case')}, {found.open} open{page}, from the case store"
