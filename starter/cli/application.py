"""The commands of `sunrelay`: one door for people, with a file for each chapter."""

import importlib
import platform
from importlib.metadata import version
from typing import Annotated, Any

import typer

from starter.cli.groups import FirstPage
from starter.cli.nouns import EVERYDAY, put_nouns_before

_EXIT_CODES = (
    "Exit codes: 0 done, 1 our fault, 2 usage, 3 refused, 4 not found, 5 server away,\n"
    "6 declined, 7 outcome unknown (ask again with the same --request-id)."
)


_CHAPTERS = (
    *("cli.policy", "cli.calendar", "desk.command", "desk.vendor_command", "cli.ui", "cli.open", "cli.verbs"),
    *("cli.staffing", "cli.session", "cli.special", "cli.vendor", "cli.outage", "cli.survey", "cli.feedback"),
    *(
        "cli.handoff",
        "cli.incident",
        "cli.show",
        "cli.files",
        "cli.list",
        "cli.queue",
        "cli.statistics",
        "cli.lateness",
        "cli.watch",
    ),
    *("cli.find", "cli.settings_page", "cli.login", "cli.mail", "cli.web", "cli.agent", "cli.tenant"),
    *("cli.people", "cli.audit", "cli.region", "cli.rota", "cli.rehearse", "cli.verify", "cli.case_links"),
)
"""In the order in which `--help --all` shows them."""


_VERSION = "--version"


def _tell_version(value: bool) -> None:
    if value:
        parts = (f"Temporal's SDK {version('temporalio')}", f"Python {platform.python_version()}")
        typer.echo(f"sunrelay {version('sunrelay')} ({', '.join(parts)})")
        raise typer.Exit


def app(first: str = "") -> typer.Typer:
    """Put the chapters together; where the first word typed is an everyday command, its chapter alone.

    That spares it a third of its time: the others need not be loaded to be passed over.
    """
    command = typer.Typer(
        name="sunrelay",
        help="Support cases that keep their promises, on Temporal.",
        epilog=_EXIT_CODES,
        cls=FirstPage,
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    command.callback()(_root)  # without one, a chapter of one command would be that command itself
    if first == _VERSION:
        return command
    if first in EVERYDAY:
        _chapter(EVERYDAY[first]).add_to(command)
        return command
    for chapter in _CHAPTERS:
        _chapter(chapter).add_to(command)
    put_nouns_before(command)
    return command


def _root(
    version: Annotated[
        bool,
        typer.Option(_VERSION, help="Tell which version this is.", is_eager=True, callback=_tell_version),
    ] = False,
) -> None:
    """Support cases that keep their promises, on Temporal."""


def _chapter(name: str) -> Any:
    """Load one file of commands, of this room or of the desk above it."""
    return importlib.import_module(f"starter.{name}")
