"""One open door: the options every command has, who speaks, and the connections it needs, opened when needed.

Part of the doors. `register` gives a command those options, runs it, and turns what went wrong into one
message and an exit code.
"""

import asyncio
import inspect
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.connection import Place, Target, connect, locate
from starter.faults import Exit, Fault
from starter.home import Home
from starter.output import Color, Format, Output

if TYPE_CHECKING:
    from temporalio.client import Client

    from activities.case_store import CaseStore
    from domain.actor import Actor

_PANEL = "Connection and output"


def _option(kind: Any, help_: str, *names: str) -> Any:
    return Annotated[kind, typer.Option(*names, help=help_, rich_help_panel=_PANEL)]


Options = dict[str, tuple[Any, Any]]
"""Parameters of a command: name to annotation and default."""

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
                "--timeout", help="Seconds to wait for an answer.", min=0.1, max=600, rich_help_panel=_PANEL
            ),
        ],
        10.0,
    ),
}


@dataclass
class Door:
    """What a command is given: options, identity, and lazily opened connections."""

    output: Output
    target: Target
    timeout: timedelta
    home: Home
    _client: "Client | None" = None
    _place: Place | None = None
    _store: "CaseStore | None" = None
    _region: str | None = None

    @property
    def actor(self) -> "Actor":
        """This will be who speaks here, by the door's own setting, and where he is if that was looked up."""
        from starter.identity import door_actor

        actor = door_actor()
        return actor if self._region is None else actor.model_copy(update={"region": self._region})

    def stands_at(self, region: str) -> None:
        """This will note the centre of who speaks here, where the door's own setting names none."""
        self._region = self.actor.region or region

    @property
    def place(self) -> Place:
        """This will be the server this command talks to."""
        self._place = self._place or locate(self.target, self.home)
        return self._place

    async def client(self) -> "Client":
        """This will connect on first use. Raises: Fault (unreachable)."""
        self._client = self._client or await connect(self.place)
        return self._client

    async def store(self) -> "CaseStore":
        """This will open the case store on first use, for reading; its worker keeps it up to date.

        Raises: Fault (unreachable).
        """
        from starter.store import open_store

        self._store = self._store or open_store(self.home)
        return self._store

    async def close(self) -> None:
        """This will close what was opened."""
        if self._store is not None:
            await self._store.close()
            self._store = None


Command = Callable[..., Awaitable[None]]


def register(
    app: typer.Typer, name: str, gather: Options | None = None, **settings: Any
) -> Callable[[Command], Command]:
    """This will make a function a command: its first parameter is the door, the others are its own options.

    Options in `gather` reach it together, as the mapping `fields`.
    """

    def wrap(function: Command) -> Command:
        own = {key: (p.annotation, p.default) for key, p in _own(function) if key != "fields"}
        many = gather or {}

        def run(**given: Any) -> None:
            door = _door({key: given.pop(key) for key in _SHARED})
            if gather is not None:
                given["fields"] = {key: given.pop(key) for key in many}
            raise typer.Exit(perform(function, door, given))

        run.__name__, run.__doc__ = function.__name__, function.__doc__
        _sign(run, {**own, **many, **_SHARED})
        app.command(name, **settings)(run)
        return function

    return wrap


def _own(function: Command) -> list[tuple[str, inspect.Parameter]]:
    return list(inspect.signature(function, eval_str=True).parameters.items())[1:]


def _sign(run: Callable[..., None], options: Options) -> None:
    """This will give a function the parameters typer reads its options from."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    run.__annotations__ = {key: kind for key, (kind, _) in options.items()}
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(key, keyword, default=default, annotation=kind)
            for key, (kind, default) in options.items()
        ]
    )


def _door(shared: dict[str, Any]) -> Door:
    target = Target(shared["address"], shared["namespace"], shared["profile"], shared["config_file"])
    output = Output(shared["output"], shared["color"])
    return Door(output, target, timedelta(seconds=shared["timeout"]), Home.current())


def perform(function: Command, door: Door, given: dict[str, Any]) -> int:
    """This will run a command and return its exit code; a fault is told on standard error."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # so it is while the command loads
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        asyncio.run(_within(function, door, given))
    except Fault as fault:
        door.output.fault(fault)
        return fault.end
    except KeyboardInterrupt:
        return 130  # as shells count a command ended by Ctrl-C
    except BrokenPipeError:
        return Exit.DONE  # the reader of a pipe has seen enough
    return Exit.DONE


async def _within(function: Command, door: Door, given: dict[str, Any]) -> None:
    try:
        await function(door, **given)
    finally:
        await door.close()
