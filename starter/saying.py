"""What every command that says something to a case has in common: which case, which request, wait or not.

Part of the doors. `say` turns a function that names the fields of one message into a command.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import typer

from starter.archived import ask_archived
from starter.door import Door, Options, register
from starter.faults import Exit, Fault
from starter.finding import Case, Source, Tenant, find
from starter.receipts import Warnings, show_receipt, show_warnings
from starter.sending import RequestId, ask, build, tell

Fields = dict[str, Any]
Before = Callable[[Door, Fields], Awaitable[Warnings]]
"""What a door looks up before it speaks: warnings, by code in words. Raises: Fault where it refuses."""

Text = Annotated[str, typer.Argument(metavar="TEXT", help="What to say; - reads standard input.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Hand it over and do not wait for an answer.")]

PANEL = "Say something to a case"
_NEEDED = inspect.Parameter.empty
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
    before: Before | None = None,
) -> None:
    """This will add commands that say one verb; the first of the names is shown in help, unless `hidden`.

    The function's parameters are the command's own options, unless a table of `flags` is given for them.
    """
    own = flags or {
        key: (p.annotation, p.default) for key, p in inspect.signature(function).parameters.items()
    }

    async def command(door: Door, fields: dict[str, Any]) -> None:
        message = function(**{key: fields[key] for key in own})
        await speak(door, verb, message, fields, before)

    command.__doc__ = function.__doc__
    options = {"case": (Case, _NEEDED), **own, **_COMMON}
    for name in names:
        register(app, name, gather=options, hidden=hidden or name != names[0], rich_help_panel=PANEL)(command)


async def speak(door: Door, verb: str, message: Fields, given: Fields, before: Before | None = None) -> None:
    """This will say one verb to the case that `given` names, and print the answer. Raises: Fault."""
    from domain.actor import Verb

    build(door, Verb(verb), message, given["request_id"])  # what is no message is not looked into
    case_id = await find(door, given["case"], given["tenant"], given["source"])
    warnings = await before(door, {**message, "case": case_id}) if before else {}
    said = build(door, Verb(verb), message, given["request_id"])
    if given["no_wait"]:
        show_warnings(door, warnings)
        await tell(door, case_id, Verb(verb), said)
        _sent(door, case_id, said.request_id)
        return
    try:
        receipt = await ask(door, case_id, Verb(verb), said)
    except Fault as fault:
        if fault.end is not Exit.NOT_FOUND:
            raise
        receipt = await ask_archived(door, case_id, said, fault)
    show_receipt(door, receipt, warnings)


def _sent(door: Door, case_id: str, request_id: str | None) -> None:
    from domain.naming import case_number

    number = case_number(case_id)
    if door.output.is_text:
        door.output.show(f"{number}  handed over  ({case_id})")
    else:
        door.output.record(
            {"case_id": case_id, "number": number, "outcome": "handed_over", "request_id": request_id}
        )
