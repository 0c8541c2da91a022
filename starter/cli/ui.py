"""`sunrelay ui`: the door before a page that asks nobody who they are; `sunrelay run` has one of its own."""

from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.listen_options import Port
from starter.cli.panels import DESK
from starter.door.faults import usage

PORT = 8233


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Temporal's UI, or a mail catcher's: a door before it.")
    register(group, "listen")(listen)
    app.add_typer(group, name="ui", rich_help_panel=DESK)


async def listen(
    door: Door,
    to: Annotated[str, typer.Option(help="The UI behind this door, such as http://ui:8080.")],
    port: Port = PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name the door answers to, as browsers write it: HOST:PORT. Repeatable."),
    ] = None,
) -> None:
    """Show Temporal's UI, or a mail catcher's, under its own names, and take changes from its own pages."""
    if not core.page_behind(to):
        raise usage(f"{to} is not an address such as http://ui:8080", "", "to")
    names = name or core.own_names(port)
    shown = ", ".join(f"http://{one}" for one in names)
    door.output.say(f"listening on http://{host}:{port}, shows {to} as {shown}")
    await core.serve(core.ui_app(to, names), host, port)
