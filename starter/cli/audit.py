"""`sunrelay audit`: what was refused at every door, to whom, the latest first."""

from datetime import timedelta
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.groups import first_unless_told
from starter.cli.panels import DESK
from starter.cli.statistics import Days
from starter.door.plain import counted, moment


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    group = typer.Typer(cls=first_unless_told("list"), help="What was refused at our doors, and to whom.")
    register(group, "list")(list_)
    app.add_typer(group, name="audit", rich_help_panel=DESK)


async def list_(
    door: Door,
    days: Days = 7,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")] = 50,
) -> None:
    """List attempts that were refused: unknown credentials, what somebody may not, another tenant's cases."""
    since = door.session.now() - timedelta(days=days)
    found = await core.read_audit(door.session, door.actor, since, limit)
    if not door.output.is_text:
        door.output.records(found)
        return
    if found:
        door.output.show(core.audit_table(found))
    times = sum(row.count for row in found)
    door.output.say(f"{counted(times, 'refusal')} since {moment(since)}, from the case store")
