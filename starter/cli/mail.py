"""`sunrelay mail`: read the mails the desk has kept instead of sending them."""

import os
from typing import Annotated

import typer

from starter.cli.command import Door, register
from starter.cli.mailbox import SHOWN, Mail, how_many, latest, one
from starter.cli.pages.mails import mails_table
from starter.cli.panels import DESK
from starter.door.plain import counted, printable

_LISTED = 20


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "mail", rich_help_panel=DESK)(mail)


async def mail(
    door: Door,
    number: Annotated[
        int | None, typer.Argument(metavar="[N]", min=1, help="Which mail; without it, the last ones.")
    ] = None,
) -> None:
    """Read the mails the desk has kept instead of sending them."""
    door.home.check()
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
    door.output.say(f"{shown}, in {door.home.mail}; {_elsewhere() or 'sunrelay mail N shows one'}")


def _elsewhere() -> str | None:
    """Say where mail goes that is not kept here: to a mail server, or to the catcher of a stack."""
    host = os.environ.get("SUNRELAY_SMTP_HOST")
    return f"mails go to {host}, as SUNRELAY_SMTP_HOST says, and none is kept here" if host else None


def _show(door: Door, found: Mail) -> None:
    if not door.output.is_text:
        door.output.record(found.as_record())
        return
    for name in SHOWN:
        if name in found.message:
            door.output.show(f"{name}: {found.header(name)}")
    door.output.show("\n" + printable(found.text.rstrip()))
