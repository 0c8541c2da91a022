"""`sunrelay run` and `sunrelay worker`: the desk on this computer, and a worker alone."""

import importlib
import os
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.groups import AllAtOnce
from starter.cli.panels import DESK
from starter.door.faults import usage


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    register(app, "run", rich_help_panel=DESK)(run)
    app.command("worker", cls=AllAtOnce, rich_help_panel=DESK)(worker)


async def run(
    door: Door, once: Annotated[bool, typer.Option("--once", help="Show the desk once and stop.")] = False
) -> None:
    """Run the desk: Temporal server, worker, mail sink, a demonstration case. Ctrl-C closes it."""
    if os.name != "posix":
        raise usage("the desk needs Linux or macOS", "use WSL, or a Temporal server and sunrelay worker")

    await core.run_desk(door, once=once)


def worker(
    address: Annotated[str | None, typer.Option(help="Temporal server, host:port.")] = None,
    namespace: Annotated[str | None, typer.Option("--namespace", "-n", help="Temporal namespace.")] = None,
    profile: Annotated[str | None, typer.Option(help="Profile of the configuration file.")] = None,
    config_file: Annotated[str | None, typer.Option(help="Temporal configuration file.")] = None,
    region: Annotated[
        str | None, typer.Option(help="Work for the people of this centre alone, and carry no cases.")
    ] = None,
) -> None:
    """Run a worker alone, for cases and every centre; with it and a Temporal server every command works."""
    given = {"ADDRESS": address, "NAMESPACE": namespace, "PROFILE": profile, "CONFIG_FILE": config_file}
    os.environ.update({f"TEMPORAL_{name}": value for name, value in given.items() if value is not None})
    # Its module is the composition root: it imports every room, and no room may import it by name.
    said = ["--with-centres"] if region is None else ["--region", region]
    raise typer.Exit(importlib.import_module("worker").run(said))
