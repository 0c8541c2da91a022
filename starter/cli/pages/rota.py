"""What the rota looks like in a terminal and as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from starter.cli.pages.parts import plain, table
from starter.door.plain import moment

if TYPE_CHECKING:
    from domain.centres.rota import Presence


def presence_record(found: "Presence", now: datetime) -> dict[str, Any]:
    """Return one engineer as JSON prints it."""
    engineer = found.engineer.model_dump(mode="json")
    stands_at = found.model_dump(mode="json", exclude={"engineer", "region"})
    here = {"on_shift": found.is_on_shift(now), "away": found.is_away(now), "checked_in_at": found.region}
    return {**engineer, **here, **stands_at}


def rota_table(people: "Sequence[Presence]", now: datetime) -> Table:
    """List engineers, one line each."""
    found = table("name", "region", "tier", "skills", "languages", "stands", "open cases")
    for one in people:
        engineer = one.engineer
        style = "green" if one.is_on_shift(now) else "yellow" if one.is_away(now) else "dim"
        found.add_row(
            plain(engineer.name, "bold"),
            plain(engineer.region),
            Text(engineer.tier),
            plain(", ".join(engineer.skills)),
            plain(", ".join(engineer.languages)),
            plain(stands(one, now), style),
            Text(str(one.open_cases)),
        )
    return found


def stands(one: "Presence", now: datetime) -> str:
    """Say where somebody stands: `on shift at sydney until 2026-11-22 07:00Z`."""
    if one.is_away(now):
        return f"away {_until(one.away_until, 'until they check in')}"
    if one.is_on_shift(now):
        return f"on shift at {one.region} {_until(one.until, 'until they check out')}"
    return "not checked in"


def _until(at: datetime | None, otherwise: str) -> str:
    return otherwise if at is None else f"until {moment(at)}"
