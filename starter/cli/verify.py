"""`sunrelay verify`: check the signed record of a promise, and say how it was kept, where that is known.

It needs no desk: a record is checked with public keys alone.
"""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.output import Format
from starter.cli.panels import READ
from starter.door.faults import Fault, usage
from starter.imports.input_bytes import read_bytes

if TYPE_CHECKING:
    from activities.receipts.signature import Believed


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    register(app, "verify", rich_help_panel=READ)(verify)


async def verify(
    door: Door,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A record (.jws), or a mail (.eml) with one; - is stdin.")
    ],
    key: Annotated[
        Path | None, typer.Option(help="Public keys, as a set (JWKS) or in PEM; else the desk's own.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="The same as -o json.")] = False,
) -> None:
    """Check the signed record of a promise: what was promised, when, by which policy, and how it was kept."""
    if json_ and door.output.is_text:
        door.output.format = Format.JSON
    believed = _believed(door, key)
    checked = core.check_receipt(read_bytes(file, core.MOST_RECEIPT + 1), believed)
    with suppress(Fault):  # the record stands by itself, whether the desk is there or not
        checked = await core.with_what_is_known(door.session, checked)
    if door.output.is_text:
        door.output.show(core.receipt_page(checked, door.session.now()))
    else:
        door.output.record(core.receipt_record(checked))


def _believed(door: Door, key: Path | None) -> "Believed":
    if key is not None:
        return core.keys_of(key)
    file = core.key_file(door.home)
    if file is None:
        raise usage("this machine has no keys of a desk", "give the desk's public keys with --key FILE")
    return core.our_keys(file)
