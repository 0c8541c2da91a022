"""`sunrelay settings`: what this machine's doors and workers are told, and by what.

Reads settings and asks nobody, so that it works where nothing else does. Secrets stay hidden.
"""

import typer
from rich.table import Table
from rich.text import Text

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.groups import first_unless_told
from starter.cli.logins import current_login
from starter.cli.panels import READ
from starter.door.faults import Fault
from starter.door.plain import counted, printable


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(cls=first_unless_told("list"), help="What this machine's doors and workers are told.")
    register(group, "list")(list_)
    register(group, "document")(write_document)
    app.add_typer(group, name="settings", rich_help_panel=READ)


async def list_(door: Door) -> None:
    """Show every setting: its value, and whether environment, file, desk or default says so."""
    found = core.told_here(door.home)
    wrong = _wrong(door)
    if door.output.is_text:
        door.output.show(_table(found))
        door.output.say(f"{counted(len(found), 'setting')}; {_places(door)}")
    else:
        door.output.plain_records([_record(one) for one in found])
    if wrong is not None:
        raise wrong


async def write_document(door: Door) -> None:
    """Print docs/settings.md, the page of all settings."""
    typer.echo(core.settings_document(), nl=False)


def _wrong(door: Door) -> Fault | None:
    """Return what is wrong with the settings, all of it, or None."""
    try:
        core.adapter_settings(door.home.store_setting())
        core.door_actor()
        core.telemetry_settings()
        current_login()
    except Fault as fault:
        return fault
    return None


def _places(door: Door) -> str:
    try:
        if login := current_login():
            return f"everyday commands go to the API at {login.url} ({login.origin})"
        place = door.place
    except Fault as fault:
        return f"no server: {fault.reason}"
    return f"commands go to {place.address} ({place.origin}), namespace {place.namespace}"


def _record(one: "core.Told") -> dict[str, str | bool]:
    return {
        "name": one.setting.name,
        "value": one.value,
        "origin": one.origin,
        "default": one.setting.default,
        "about": one.setting.about,
        "secret": one.setting.is_secret,
    }


def _table(found: "list[core.Told]") -> Table:
    table = Table(box=None, pad_edge=True, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("from", no_wrap=True)
    group = ""
    for one in found:
        if one.setting.group != group:
            group = one.setting.group
            table.add_row(Text(group, style="bold"), "", "")
        style = "dim" if one.origin == "default" else ""
        table.add_row(
            one.setting.name, Text(printable(one.value) or "-", style=style), Text(one.origin, style)
        )
    return table
