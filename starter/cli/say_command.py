"""What every command that says something to a case has in common: which case, which request, wait or not.

`say` turns a function that names the fields of one message into a command.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from starter.cli import core
from starter.cli.case_argument import Case, Source, Tenant
from starter.cli.command import Door, register
from starter.cli.flags import Options
from starter.cli.given import RequestId
from starter.cli.panels import SAY
from starter.cli.receipts import show_receipt, show_warnings

Fields = dict[str, Any]

Text = Annotated[str, typer.Argument(metavar="TEXT", help="What to say; - reads standard input.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Send it without waiting for an answer.")]

NEEDED = inspect.Parameter.empty
"""The default of an option or argument that has to be given."""

_COMMON: Options = {
    "tenant": (Tenant, None),
    "source": (Source, "desk"),
    "request_id": (RequestId, None),
    "no_wait": (NoWait, False),
}


def say(
    app: typer.Typer,
    verb: str,
    function: Callable[..., Fields],
    names: Sequence[str],
    flags: Options | None = None,
    *,
    hidden: bool = False,
) -> None:
    """Add commands that say one verb; the first of the names is shown in help, unless `hidden`.

    The function's parameters are the command's own options, unless a table of `flags` is given for them.
    """
    own = flags or {
        key: (p.annotation, p.default) for key, p in inspect.signature(function).parameters.items()
    }

    async def command(door: Door, fields: dict[str, Any]) -> None:
        message = function(**{key: fields[key] for key in own})
        await say_one(door, verb, message, fields)

    command.__doc__ = function.__doc__
    options = {"case": (Case, NEEDED), **own, **_COMMON}
    for name in names:
        register(app, name, gather=options, hidden=hidden or name != names[0], rich_help_panel=SAY)(command)


async def say_one(door: Door, verb: str, message: Fields, given: Fields) -> None:
    """Say one verb to the case that `given` names, and print the answer. Raises: Fault."""
    said = core.Said(core.Verb(verb), message, given["request_id"])
    said.check(door.session, door.actor)  # what is no message is not looked into
    cases = door.backend.cases
    case_id = await cases.find(given["case"], given["tenant"], given["source"])
    if given["no_wait"]:
        handed = await cases.hand_over(case_id, said)
        show_warnings(door, handed.warnings)
        _sent(door, handed.case_id, handed.request_id)
    else:
        answer = await cases.speak(case_id, said)
        show_receipt(door, answer.receipt, answer.warnings)


def _sent(door: Door, case_id: str, request_id: str | None) -> None:

    number = core.case_number(case_id)
    if door.output.is_text:
        door.output.show(f"{number}  handed over  ({case_id})")
    else:
        door.output.record(
            {"case_id": case_id, "number": number, "outcome": "handed_over", "request_id": request_id}
        )
