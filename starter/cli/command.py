"""One open door: the options every command has, who speaks, and the connections it needs, opened when needed.

`register` gives a command those options, runs it, and turns what went wrong into one
message and an exit code.
"""

import asyncio
import inspect
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.actor import Actor
from domain.actor import Door as Through
from starter.cli import core
from starter.cli.exits import Exit, end_of
from starter.cli.flags import Options, Typed, typed_by
from starter.cli.groups import AllAtOnce
from starter.cli.logins import Login, current_login, needs_desk
from starter.cli.output import Color, Format, Output
from starter.cli.reach import Reach, reach_of
from starter.door.faults import Fault, usage
from starter.door.place import Place, Target
from starter.door.plain import read_in
from starter.home import Home

if TYPE_CHECKING:
    from domain.time.local_time import LocalZone
    from starter.cli.backend.client import ApiClient
    from starter.cli.backend.protocol import Backend
    from starter.door.session import Session

_PANEL = "Connection and output"


def _option(kind: Any, help_: str, *names: str) -> Any:
    return Annotated[kind, typer.Option(*names, help=help_, rich_help_panel=_PANEL)]


_SHARED: Options = {
    "output": (_option(Format, "How results are printed.", "--output", "-o"), Format.TEXT),
    "address": (_option(str | None, "Temporal server, host:port.", "--address"), None),
    "namespace": (_option(str | None, "Temporal namespace.", "--namespace", "-n"), None),
    "profile": (_option(str | None, "Profile of the configuration file.", "--profile"), None),
    "config_file": (_option(str | None, "Temporal configuration file.", "--config-file"), None),
    "color": (_option(Color, "When to use colour.", "--color"), Color.AUTO),
    "timeout": (
        Annotated[
            float,
            typer.Option(
                "--timeout",
                envvar="SUNRELAY_TIMEOUT",
                help="Seconds to wait for an answer.",
                min=0.1,
                max=600,
                rich_help_panel=_PANEL,
            ),
        ],
        10.0,
    ),
}


_ZONE_HELP = "The IANA time zone in which instants are shown; UTC if not given."


def _shared_by(own: Options) -> Options:
    """Return the options every command has; where `--zone` is the case's, the reader's is `--shown-in`."""
    name = "--shown-in" if "--zone" in typed_by(own).values() else "--zone"
    option = typer.Option(name, envvar="SUNRELAY_ZONE", help=_ZONE_HELP, rich_help_panel=_PANEL)
    return {**_SHARED, "shown_in": (Annotated[str | None, option], None)}


@dataclass
class Door:
    """What a command is given: where it prints, who speaks, and a session with the core."""

    output: Output
    target: Target
    timeout: timedelta
    home: Home
    shown_in: str | None = None
    reach: Reach = Reach.DESK

    @cached_property
    def login(self) -> Login | None:
        """The API this command speaks to, or None where it is the desk itself. Raises: Fault (usage)."""
        is_named = self.reach is Reach.HERE or self.target.is_given
        return None if is_named else current_login()

    @cached_property
    def api(self) -> "ApiClient | None":
        """That API, called as whom the key speaks for."""
        return None if self.login is None else core.ApiClient(self.login, self.timeout)

    @cached_property
    def actor(self) -> Actor:
        """Who speaks here, by the door's own setting. Raises: Fault (usage) where it is no actor."""
        return core.door_actor()

    async def sign_in(self) -> None:
        """Let the API say who speaks, where this command goes to one. Raises: Fault."""
        if self.login is None or self.api is None:
            return
        if self.reach is Reach.DESK:
            raise needs_desk(self.login)
        actor = await self.api.speaker()
        core.check_claims(actor)
        self.__dict__["actor"] = actor  # what the setting of this door says was only compared

    @cached_property
    def place(self) -> Place:
        """The server this command talks to. Raises: Fault (usage)."""
        return core.locate(self.target, self.home)

    @cached_property
    def session(self) -> "Session":
        """What the core works with; nothing is opened before it is needed."""
        return core.session_of(self)

    @cached_property
    def backend(self) -> "Backend":
        """Who answers everyday commands: the core here, or the API."""
        return core.backend_of(self)

    async def close(self) -> None:
        """Close what was opened."""
        if "session" in self.__dict__:
            await self.session.close()
        if self.__dict__.get("api") is not None:
            await self.__dict__["api"].close()


Command = Callable[..., Awaitable[None]]


def register(
    app: typer.Typer, name: str, gather: Options | None = None, **settings: Any
) -> Callable[[Command], Command]:
    """Make a function a command: its first parameter is the door, the others are its own options.

    Options in `gather` reach it together, as the mapping `fields`.
    """

    def wrap(function: Command) -> Command:
        own = {key: (p.annotation, p.default) for key, p in _own(function) if key != "fields"}
        many = gather or {}
        shared = _shared_by({**own, **many})

        def run(**given: Any) -> None:
            typed = typed_by({**own, **many, **shared})
            door = _door(typed, {key: given.pop(key) for key in shared}, reach_of(function))
            if gather is not None:
                given["fields"] = {key: given.pop(key) for key in many}
            raise typer.Exit(perform(function, door, given))

        run.__name__, run.__doc__ = function.__name__, function.__doc__
        _sign(run, {**own, **many, **shared})
        app.command(name, cls=AllAtOnce, **settings)(run)
        return function

    return wrap


def _own(function: Command) -> list[tuple[str, inspect.Parameter]]:
    return list(inspect.signature(function, eval_str=True).parameters.items())[1:]


def _sign(run: Callable[..., None], options: Options) -> None:
    """Give a function the parameters typer reads its options from."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    run.__annotations__ = {key: kind for key, (kind, _) in options.items()}
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(key, keyword, default=default, annotation=kind)
            for key, (kind, default) in options.items()
        ]
    )


def _door(typed: Typed, shared: dict[str, Any], reach: Reach) -> Door:
    target = Target(shared["address"], shared["namespace"], shared["profile"], shared["config_file"])
    output = Output(shared["output"], shared["color"], typed)
    timeout, shown_in = timedelta(seconds=shared["timeout"]), shared["shown_in"] or None
    return Door(output, target, timeout, Home.current(), shown_in, reach)


def perform(function: Command, door: Door, given: dict[str, Any]) -> int:
    """Run a command and return its exit code; a fault is told on standard error."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # so it is while the command loads
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        asyncio.run(_within(function, door, given))
    except Fault as fault:
        door.output.fault(fault)
        return end_of(fault)
    except KeyboardInterrupt:
        return 130  # as shells count a command ended by Ctrl-C
    except BrokenPipeError:
        return Exit.DONE  # the reader of a pipe has seen enough
    return Exit.DONE


def _read_in(zone: str | None) -> None:
    """Show instants by the reader's clock. Raises: Fault (usage) for what is no zone."""
    if zone is None:
        return

    def zone_at(at: datetime) -> "LocalZone":
        return core.local_zone(zone, at, at)

    try:
        zone_at(datetime.now(UTC))
    except core.ZoneUnknown as unknown:
        raise usage(str(unknown), "name a place, as --zone Australia/Sydney or SUNRELAY_ZONE") from None
    read_in(zone_at)


async def _within(function: Command, door: Door, given: dict[str, Any]) -> None:
    try:
        _read_in(door.shown_in)
        await door.sign_in()
        await function(door, **given)
    except Fault as fault:
        await _audit(door, function, fault)
        raise
    finally:
        await door.close()


async def _audit(door: Door, function: Command, fault: Fault) -> None:
    """Keep a refusal for the audit, where there is a store: none is made for it."""
    if "actor" not in door.__dict__ or not fault.is_for_audit:
        return
    with suppress(Fault):
        await door.session.store()
        asked = f"{function.__module__.rpartition('.')[2]} {function.__name__}".strip("_")
        await core.note_refusal(
            door.session,
            fault,
            door=door.actor.door or Through.CLI,
            asked=asked,
            credential=None,
            actor=door.actor,
        )
