"""`sunrelay policy coverage`: how many centres are open at every minute, by the policy alone."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.door.faults import all_at_once, usage
from starter.door.plain import counted, span

if TYPE_CHECKING:
    from starter.door.policy_coverage import Coverage

_LONGEST = 800  # days; the core's own bound, which help shows before the core is loaded


def add_to(group: typer.Typer) -> None:
    """Add the command to the chapter of policies."""
    register(group, "coverage")(coverage_)


async def coverage_(
    door: Door,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A policy, or NAME@VERSION.")],
    days: Annotated[int, typer.Option(min=1, max=_LONGEST, help="How many days.")] = 60,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="From 00:00 UTC; today.")
    ] = None,
) -> None:
    """Show how many centres are open, and when: gaps, overlaps, and the weeks in which clocks change."""
    with all_at_once() as look:
        policy, first = look.at(core.policy_named, name), look.at(_first_day, from_)
    found = core.policy_coverage(policy, first, days)
    if not door.output.is_text:
        door.output.record(found)
        return

    door.output.show(core.coverage_page(found))
    door.output.say(_last_word(found))


def _first_day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise usage(f"{text}: no date", "name a date such as 2027-03-01", "from_") from None


def _last_word(found: "Coverage") -> str:
    gaps = [one for one in found.stretches if one.is_gap]
    period = f"{found.policy}: {counted((found.until - found.since).days, 'day')} from {found.since:%Y-%m-%d}"
    if not gaps:
        return f"{period}, no gap"
    total = sum((one.length for one in gaps), timedelta())
    holder = "the owner holds meanwhile" if found.gaps_held_by == "owner" else "nobody holds meanwhile"
    return f"{period}, {counted(len(gaps), 'gap')}, {span(total)} together; {holder}"
