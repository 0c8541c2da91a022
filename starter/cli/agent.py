"""`sunrelay agent` and `sunrelay draft`: software agents, and what they may not say by themselves."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from domain.actor import Door as SpokenThrough
from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.logins import KEY
from starter.cli.panels import DESK, SAY
from starter.door.faults import Fault, Kind, usage
from starter.door.plain import counted, moment, printable

if TYPE_CHECKING:
    from activities.store.drafts import Draft
    from domain.actor import Actor

Id = Annotated[str, typer.Argument(metavar="DRAFT", help="The draft, as `draft list` names it.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    agent = typer.Typer(no_args_is_help=True, help="Software agents: our verbs and views as tools.")
    register(agent, "serve")(serve)
    app.add_typer(agent, name="agent", rich_help_panel=DESK)
    draft = typer.Typer(no_args_is_help=True, help="Drafts: what an agent would say, until you release it.")
    register(draft, "list")(list_)
    register(draft, "release")(release)
    register(draft, "drop")(drop)
    app.add_typer(draft, name="draft", rich_help_panel=SAY)


async def serve(door: Door) -> None:
    """Serve the tools of one agent over standard input and output (Model Context Protocol).

    SUNRELAY_KEY is the agent's own API key: it may what the key may, and what would leave the house waits as
    a draft.
    """
    key = os.environ.get(KEY, "")
    if not key:
        raise usage(f"{KEY} is not set", "set it to an API key of the agent's: sunrelay people key NAME")
    try:
        serve_agent, agents_door = core.serve_agent, SpokenThrough.AGENT
    except ImportError:
        remedy = "install it with the extra: pip install 'sunrelay[agent]'"
        raise Fault(Kind.FAULT, "ExtraMissing", "what agents speak is not installed", remedy) from None

    async def speaker(asked: str) -> "Actor":
        caller = await core.authenticate(door.session, key, door=agents_door, asked=asked)
        return caller.actor

    await serve_agent(door.session, speaker)


async def list_(
    door: Door, case: Annotated[str | None, typer.Option(help="Only those about this case.")] = None
) -> None:
    """List the drafts that wait for a person, the oldest first."""
    case_id = None if case is None else await door.backend.cases.find(case)
    drafts = await door.backend.drafts.listed(case_id)
    if not door.output.is_text:
        door.output.records(drafts)
        return
    for one in drafts:
        door.output.show(_told(one))
    door.output.say(f"{counted(len(drafts), 'draft')} waiting")


def _told(draft: "Draft") -> str:
    text = printable(str(draft.fields.get("text", "")))
    head = f"{draft.draft_id}  {draft.number}  {draft.verb}, by {printable(draft.drafted_by)} "
    return f"{head}at {moment(draft.drafted_at)}\n  it would send: {draft.because}\n  {text}"


async def release(door: Door, draft: Id) -> None:
    """Say a draft to the case, in your own name."""
    answer = await door.backend.drafts.release(draft)
    if door.output.is_text:
        door.output.show(f"{answer.receipt.number}  {answer.receipt.outcome}, said in your name")
    else:
        door.output.record(answer.receipt.model_dump(mode="json"))


async def drop(door: Door, draft: Id) -> None:
    """Drop a draft: it is never said."""
    dropped = await door.backend.drafts.drop(draft)
    if door.output.is_text:
        door.output.show(f"{dropped.number}  the draft {dropped.draft_id} is dropped")
    else:
        door.output.record({"draft": dropped.draft_id, "outcome": "dropped"})
