"""`sunrelay statistics` and `sunrelay repeats`: what the cases add up to, and what comes back.

Part of the doors, for our own people alone: the SDM owns the statistics (RHIPE-44), the TSS looks for what
repeats itself (RHIPE-43). Both are read from the case store.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from starter.centres import staff_only
from starter.door import Door, register
from starter.output import counted, moment
from starter.reading import PANEL
from starter.store import stored

Days = Annotated[int, typer.Option(min=1, max=3660, help="Of the last so many days.")]
Whose = Annotated[str | None, typer.Option("--tenant", help="Only this tenant's.")]


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    register(app, "statistics", rich_help_panel=PANEL)(statistics)
    register(app, "repeats", rich_help_panel=PANEL)(repeats)


async def statistics(door: Door, days: Days = 30, tenant: Whose = None) -> None:
    """Add up the cases received lately: satisfaction, targets, updates, reopenings, escalations."""
    staff_only(door, "the statistics")
    from activities.statistics import Figures

    until = datetime.now(UTC)
    since = until - timedelta(days=days)
    found = await stored(door, lambda store: Figures(store).statistics(since, until, tenant))
    if not door.output.is_text:
        door.output.record(found)
        return
    from starter.statistics_page import page

    door.output.show(page(found))
    door.output.say(f"cases received, and answers given, since {moment(since)}, from the case store")


async def repeats(
    door: Door,
    days: Days = 30,
    at_least: Annotated[int, typer.Option(min=2, max=1000, help="At least so many cases.")] = 3,
    tenant: Whose = None,
) -> None:
    """Find what came again and again from one tenant about one category."""
    staff_only(door, "the list of repeats")
    from activities.statistics import Figures

    until = datetime.now(UTC)
    since = until - timedelta(days=days)
    found = await stored(door, lambda store: Figures(store).repeats(since, until, at_least, tenant))
    if not door.output.is_text:
        door.output.records(found)
        return
    from starter.statistics_page import repeats_table

    if found:
        door.output.show(repeats_table(found))
    what = counted(len(found), "repeat")
    door.output.say(f"{what}: {at_least} cases or more since {moment(since)}, from the case store")
