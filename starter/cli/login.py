"""`sunrelay login` and `sunrelay logout`: commands speak to an API, as whom a key speaks for."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.given import read_input
from starter.cli.logins import KEY, URL, Login, api_address, forget_login, keep_login, kept_login
from starter.cli.panels import DESK
from starter.door.faults import usage
from starter.door.plain import printable

if TYPE_CHECKING:
    from domain.actor import Actor


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    register(app, "login", rich_help_panel=DESK)(login)
    register(app, "logout", rich_help_panel=DESK)(logout)


async def login(
    door: Door,
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="[URL]", help=f"Where the API is; without it {URL}, or the one signed in to before."
        ),
    ] = None,
) -> None:
    """Sign in to an API: from then on everyday commands go there, with the key they are given now.

    The key is asked for, or read from standard input or SUNRELAY_KEY; it is never an argument, which others
    on this machine could read.
    """
    address = _address(url)
    entered = Login(address, _key(address))
    actor = await _speaker(door, entered)
    file = keep_login(entered)
    if door.output.is_text:
        door.output.show(f"signed in to {address} as {_who(actor)}")
        door.output.say(f"kept in {file}; sunrelay logout forgets it")
    else:
        door.output.record({"url": address, "actor": actor.model_dump(mode="json"), "file": str(file)})
    if entered.is_in_the_clear:
        door.output.say("warning: the key travels unencrypted; use an https:// address")


async def logout(door: Door) -> None:
    """Forget the API and the key; commands speak to the desk here again."""
    was_there = forget_login()
    if door.output.is_text:
        door.output.show("signed out; the key itself stays valid" if was_there else "nobody was signed in")
    else:
        door.output.record({"outcome": "signed_out" if was_there else "unchanged"})


def _address(url: str | None) -> str:
    """Return the address given, or the one there is. Raises: Fault (usage)."""
    if url or os.environ.get(URL):
        return api_address(url or os.environ[URL])
    kept = kept_login()
    if kept is None:
        raise usage("which API?", "sunrelay login https://support.example.com", "url")
    return kept.url


def _key(address: str) -> str:
    """Return the key: of the environment, of the terminal, where nobody else sees it, or what is piped in.

    Raises: Fault (usage).
    """
    entered = os.environ.get(KEY) or (_asked(address) if sys.stdin.isatty() else read_input("-"))
    key = entered.strip()
    if not key:
        raise usage("there is no key", f"type it, pipe it in, or set {KEY}; sunrelay people key makes one")
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise usage("that is no key", "copy all of it, and nothing else")
    return key


def _asked(address: str) -> str:
    entered: str = typer.prompt(f"key for {address}", hide_input=True, err=True)
    return entered


async def _speaker(door: Door, entered: Login) -> "Actor":
    client = core.ApiClient(entered, door.timeout)
    try:
        return await client.speaker()
    finally:
        await client.close()


def _who(actor: "Actor") -> str:
    about = ", ".join(filter(None, (actor.role, actor.tier, actor.region, actor.tenant)))
    return printable(f"{actor.name or actor.kind}{f' ({about})' if about else ''}")
