"""`sunrelay mail`: read the mails the desk has kept instead of sending them. Part of the doors."""

from typing import Annotated

import typer

from starter.desk.picture import mails_table
from starter.desk_command import PANEL
from starter.door import Door, register
from starter.mailbox import Mail, how_many, latest, one
from starter.output import counted, printable

_LISTED = 20


def add_to(app: typer.Typer) -> None:
    """This will add the command."""
    register(app, "mail", rich_help_panel=PANEL)(mail)


async def mail(
    door: Door,
    number: Annotated[
        int | None, typer.Argument(metavar="[N]", min=1, help="Which mail; without it, the last ones.")
    ] = None,
) -> None:
    """Read the mails the desk has kept instead of sending them."""
    if number is not None:
        _show(door, one(door.home, number))
        return
    mails = latest(door.home, _LISTED)
    if not door.output.is_text:
        door.output.plain_records([found.as_record() for found in mails])
        return
    if mails:
        door.output.show(mails_table(mails))
    kept = how_many(door.home)
    shown = f"{len(mails)} of {kept} mails" if kept > len(mails) else counted(kept, "mail")
    door.output.say(f"{shown}, in {door.home.mail}; sunrelay mail N shows one")


def _show(door: Door, found: Mail) -> None:
    if not door.output.is_text:
        door.output.record(found.as_record())
        return
    for name in (
        "From",
        "To",
        "Date",
        "Subject",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
    ):
        if name in found.message:
            door.output.show(f"{name}: {found.header(name)}")
    door.output.show("\n" + printable(found.text.rstrip()))
