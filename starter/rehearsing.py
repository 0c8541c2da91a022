"""`sunrelay rehearse`: an exported ticket log through the real workflow, on a server that skips time.

Part of the doors; the work is done in `starter.rehearse`, imported when asked for.
"""

from pathlib import Path
from typing import Annotated

import typer

from starter.output import Format


def add_to(app: typer.Typer) -> None:
    """This will add the command."""
    app.command("rehearse", rich_help_panel="Try a policy")(rehearse)


def rehearse(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A ticket log as CSV, plain or compressed.")],
    policy: Annotated[str, typer.Option(help="The policy to rehearse.")] = "rhipe-csp",
    mapping: Annotated[
        str | None, typer.Option(help="Which row stands for which message: a mapping's name, or a TOML file.")
    ] = None,
    cases: Annotated[int | None, typer.Option(min=1, help="Only the first so many cases.")] = None,
    json_: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file as JSON.")
    ] = None,
    output: Annotated[Format, typer.Option("--output", "-o", help="How results are printed.")] = Format.TEXT,
) -> None:
    """Replay a ticket log through the real workflow and count what would have been kept and missed."""
    from starter.rehearse.command import rehearse as run

    raise typer.Exit(run(log, policy, mapping, cases, json_, output.value))
