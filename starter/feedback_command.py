"""`sunrelay feedback`: what is said of us without a case, at any time (RHIPE-62).

Part of the doors. Anybody may give feedback through his door; our own people alone read all of it.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid4

import typer

from domain.feedback import Feedback
from starter.centres import staff_only
from starter.door import Door, register
from starter.faults import Exit, Fault
from starter.output import counted, moment, printable
from starter.saying import PANEL, Text
from starter.sending import RequestId, given_text, refusal
from starter.statistics_command import Days, Whose
from starter.store import stored
from starter.writing import writing_store


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Feedback that belongs to no case.")
    register(group, "add")(add)
    register(group, "list")(list_)
    app.add_typer(group, name="feedback", rich_help_panel=PANEL)


async def add(
    door: Door,
    text: Text,
    given_by: Annotated[str | None, typer.Option("--by", help="Who says it.")] = None,
    tenant: Annotated[str | None, typer.Option(help="For which tenant he speaks.")] = None,
    request_id: RequestId = None,
) -> None:
    """Keep feedback: in general, or on a case whose survey is closed."""
    from activities.feedback import FeedbackBook

    given = _feedback(door, given_text(text), given_by, tenant, request_id)
    async with writing_store(door.home) as store:
        kept = await FeedbackBook(store).add(given)
    if kept.text != given.text:
        reason = f"the request {kept.feedback_id} was another feedback"
        raise Fault(Exit.REFUSED, "DuplicateRequestConflict", reason, "use another --request-id")
    if door.output.is_text:
        door.output.show(f"kept, {kept.feedback_id}")
    else:
        door.output.record(kept)


async def list_(
    door: Door,
    days: Days = 30,
    tenant: Whose = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
) -> None:
    """List feedback, the latest first."""
    staff_only(door, "the list of feedback")
    from activities.feedback import FeedbackBook

    since = datetime.now(UTC) - timedelta(days=days)
    found = await stored(door, lambda store: FeedbackBook(store).list(since, tenant, limit))
    if not door.output.is_text:
        door.output.records(found)
        return
    for one in found:
        whose = ", ".join(filter(None, (one.given_by, one.tenant))) or "somebody"
        door.output.show(f"{moment(one.received_at)}  {printable(whose)}, taken by {printable(one.taken_by)}")
        door.output.show("\n".join(f"  {line}" for line in printable(one.text).split("\n")))
    door.output.say(f"{counted(len(found), 'feedback', 'feedbacks')} since {moment(since)}")


def _feedback(
    door: Door, text: str, given_by: str | None, tenant: str | None, request_id: str | None
) -> Feedback:
    """This will write it down, stamped by the door. Raises: Fault (refused) naming every bad field."""
    from pydantic import ValidationError

    from domain.misreading import misread

    actor = door.actor
    if actor.is_requester:
        tenant, given_by = actor.tenant, given_by or actor.name
    try:
        return Feedback(
            feedback_id=str(uuid4()) if request_id is None else request_id,
            tenant=tenant,
            given_by=given_by,
            text=text,
            received_at=datetime.now(UTC),
            taken_by=actor.label,
        )
    except ValidationError as error:
        raise refusal(misread(error)) from None
