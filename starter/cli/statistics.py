"""`sunrelay statistics` and `sunrelay repeats`: what the cases add up to, and what comes back.

For our own people alone: the SDM owns the statistics (RHIPE-44), the TSS looks for what
repeats itself (RHIPE-43). Both are read from the case store.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.completion import tenants
from starter.cli.panels import READ
from starter.door.plain import counted, moment

Days = Annotated[int, typer.Option(min=1, max=3660, help="How many days to look back.")]
Whose = Annotated[str | None, typer.Option("--tenant", help="Only this tenant's.", autocompletion=tenants)]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    register(app, "statistics", rich_help_panel=READ)(statistics)
    register(app, "repeats", rich_help_panel=READ)(repeats)


async def statistics(door: Door, days: Days = 30, tenant: Whose = None) -> None:
    """Add up recent cases: satisfaction, targets, updates, reopenings, escalations."""
    core.may_read_statistics(door.actor)

    until = datetime.now(UTC)
    since = until - timedelta(days=days)
    await core.check_names(door.session, door.actor, tenant=tenant)
    found = await door.session.read(lambda store: core.Figures(store).statistics(since, until, tenant))
    if not door.output.is_text:
        door.output.record(found)
        return

    door.output.show(core.statistics.page(found))
    door.output.say(f"cases received, and answers given, since {moment(since)}, from the case store")


async def repeats(
    door: Door,
    days: Days = 30,
    at_least: Annotated[int, typer.Option(min=2, max=1000, help="At least this many cases.")] = 3,
    tenant: Whose = None,
) -> None:
    """Find what keeps coming back from one tenant about one category."""
    core.staff_only(door.actor, "the list of repeats")

    until = datetime.now(UTC)
    since = until - timedelta(days=days)
    await core.check_names(door.session, door.actor, tenant=tenant)
    found = await door.session.read(lambda store: core.Figures(store).repeats(since, until, at_least, tenant))
    if not door.output.is_text:
        door.output.records(found)
        return

    if found:
        door.output.show(core.statistics.repeats_table(found))
    what = counted(len(found), "repeat")
    door.output.say(f"{what}: {at_least} cases or more since {moment(since)}, from the case store")
