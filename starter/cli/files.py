"""`sunrelay attach` and `sunrelay fetch`: files of a case, given and fetched whole."""

from pathlib import Path
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.case_argument import Case, Source, Tenant
from starter.cli.command import Door, register
from starter.cli.given import RequestId, given_text
from starter.cli.panels import READ, SAY
from starter.cli.receipts import show_receipt
from starter.door.faults import Fault, Kind, all_at_once, usage


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    register(app, "attach", rich_help_panel=SAY)(attach)
    register(app, "fetch", rich_help_panel=READ)(fetch)


async def attach(
    door: Door,
    case: Case,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files of this machine.")],
    text: Annotated[str | None, typer.Option(help="What they are; - reads standard input.")] = None,
    internal: Annotated[
        bool, typer.Option(" /--public", help="The customer may have them.", show_default=False)
    ] = True,
    tenant: Tenant = None,
    source: Source = "desk",
    request_id: RequestId = None,
) -> None:
    """Give files with a case, all of them or none: 25 at most, 25 MB together."""
    with all_at_once() as looks:
        places = [looks.at(_file_here, one) for one in files]
    words = given_text(text) if text is not None else None
    cases = door.backend.cases
    case_id = await cases.find(case, tenant, source)
    given = core.Given(words, internal, request_id)
    attached = await door.backend.files.attach(case_id, places, given)
    show_receipt(door, attached.answer.receipt, attached.answer.warnings)
    for name in attached.names:
        door.output.say(f"{name}: kept; sunrelay fetch {attached.answer.receipt.number} {name!r}")


async def fetch(
    door: Door,
    case: Case,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the file, or its id.")],
    to: Annotated[str | None, typer.Option("--to", help="Where to; its own name without it.")] = None,
    tenant: Tenant = None,
    source: Source = "desk",
) -> None:
    """Fetch a file of a case, and see that it came whole."""
    case_id = await door.backend.cases.find(case, tenant, source)
    view = (await door.backend.cases.show(case_id)).view
    known = core.one_called(view.files, name)
    place = Path(to or known.name)
    if place.exists():
        raise usage(f"{place}: there is a file already", "say where to put it: --to FILE")
    draft = place.with_name(f".{place.name}.part")
    try:
        size = await door.backend.files.fetch(case_id, known.file_id, draft)
        draft.replace(place)
    except OSError as error:
        raise usage(f"{place}: {error.strerror or error}", "say where to put it: --to FILE") from None
    finally:
        draft.unlink(missing_ok=True)
    if door.output.is_text:
        door.output.show(f"{place}  {core.in_bytes(size)}")
    else:
        door.output.record({"name": known.name, "file": str(place), "size": size})


def _file_here(name: str) -> Path:
    place = Path(name)
    if place.is_file():
        return place
    reason = f"{name}: there is no such file here"
    raise Fault(Kind.USAGE, "UsageError", reason, "give files that this machine has", ("files",))
