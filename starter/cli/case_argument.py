"""The argument and options by which a command is told which case is meant."""

from typing import Annotated

import typer

from starter.cli.completion import cases, tenants

Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Number SR-XXXX-XXXX-X, case id, or a reference with --tenant.",
        autocompletion=cases,
    ),
]
Tenant = Annotated[
    str | None, typer.Option(help="The tenant whose reference CASE is.", autocompletion=tenants)
]
Source = Annotated[str, typer.Option(help="Which system gave the reference.")]
