"""`sunrelay rehearse`: an exported ticket log under a policy, by its rules alone or through the workflow.

The work is done in `starter.rehearse`, imported when asked for.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.groups import AllAtOnce
from starter.cli.output import Format
from starter.rehearse.value_range import MOST


class Engine(StrEnum):
    """How cases of a rehearsal live."""

    DOMAIN = "domain"
    TEMPORAL = "temporal"
    BOTH = "both"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rehearse", cls=AllAtOnce, rich_help_panel="Try a policy")(rehearse)


def rehearse(
    log: Annotated[
        Path | None, typer.Argument(metavar="LOG", help="A ticket log as CSV, plain or compressed.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="The log that comes along: 334 incidents of a real desk.")
    ] = False,
    policy: Annotated[str, typer.Option(help="The policy to rehearse.")] = "rhipe-csp",
    mapping: Annotated[
        str | None, typer.Option(help="Which row stands for which message: a mapping's name, or a TOML file.")
    ] = None,
    cases: Annotated[
        int | None, typer.Option(min=1, help="At most this many cases, from the start of the log.")
    ] = None,
    json_: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file as JSON.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page for people to this file: charts and tables.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write every figure to this file, for a spreadsheet.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", metavar="A B", help="Two policies side by side; --set then varies B."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="Vary a value of the policy, as in its file: levels.P2.update_every=4h. May be repeated.",
        ),
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(
            metavar="PATH=A..B/STEP",
            help=f"Give a value several in turn, at most {MOST}: levels.P2.update_every=1h..8h/1h.",
        ),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(
            help="How cases live: by the rules alone (domain), through the real workflow on a server that "
            "skips time (temporal), or both, compared case by case."
        ),
    ] = Engine.DOMAIN,
    processes: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="With the domain engine: on so many processes, one a core."),
    ] = None,
    output: Annotated[Format, typer.Option("--output", "-o", help="How results are printed.")] = Format.TEXT,
) -> None:
    """Replay a ticket log under a policy and count what would have been kept and missed.

    The same for two policies with --compare, or for several values of one with --sweep.
    """
    if (log is None) != sample:
        raise typer.BadParameter("give a LOG, or --sample, and not both")

    also = core.Also(html, csv, compare, tuple(set_ or ()), sweep)
    raise typer.Exit(
        core.rehearse(log, policy, mapping, cases, json_, output.value, engine.value, processes, also=also)
    )
