"""`sunrelay feedback`: what is said of us without a case, at any time (RHIPE-62).

Anybody may give feedback through their door; our own people alone read all of it.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.given import RequestId, given_text
from starter.cli.panels import SAY
from starter.cli.say_command import Text
from starter.cli.statistics import Days, Whose
from starter.door.plain import counted, moment, printable


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Feedback that belongs to no case.")
    register(group, "add")(add)
    register(group, "list")(list_)
    app.add_typer(group, name="feedback", rich_help_panel=SAY)


async def add(
    door: Door,
    text: Text,
    given_by: Annotated[str | None, typer.Option("--by", help="Who says it.")] = None,
    tenant: Annotated[str | None, typer.Option(help="The tenant they speak for.")] = None,
    request_id: RequestId = None,
) -> None:
    """Keep feedback: in general, or on a case whose survey is closed."""
    kept = await core.keep_feedback(door.session, door.actor, given_text(text), given_by, tenant, request_id)
    if door.output.is_text:
        door.output.show(f"kept, {kept.feedback_id}")
    else:
        door.output.record(kept)


async def list_(
    door: Door,
    days: Days = 30,
    tenant: Whose = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")] = 50,
) -> None:
    """List feedback, the latest first."""
    core.staff_only(door.actor, "the list of feedback")

    since = datetime.now(UTC) - timedelta(days=days)
    found = await door.session.read(lambda store: core.FeedbackBook(store).list(since, tenant, limit))
    if not door.output.is_text:
        door.output.records(found)
        return
    for one in found:
        whose = ", ".join(filter(None, (one.given_by, one.tenant))) or "somebody"
        door.output.show(f"{moment(one.received_at)}  {printable(whose)}, taken by {printable(one.taken_by)}")
        door.output.show("\n".join(f"  {line}" for line in printable(one.text).split("\n")))
    door.output.say(f"{counted(len(found), 'feedback', 'feedbacks')} since {moment(since)}")
