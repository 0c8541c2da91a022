"""What centres look like in a terminal and as JSON.

Drawing of a roster.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from domain.frozen import Frozen
from policies.zones import local_zone
from starter.cli.pages.parts import plain, table
from starter.door.plain import moment, until

if TYPE_CHECKING:
    from activities.people.closures import Closure
    from domain.centres.regions import Centre, Roster


class ClosedByHand(Frozen):
    """Why and until when a centre is closed; without an end, until it is opened."""

    since: datetime
    until: datetime | None
    reason: str
    by: str


class RegionRow(Frozen):
    """One centre as of now; None for `open_until` and `opens_at` beyond what a roster knows."""

    region: str
    zone: str
    local_time: datetime
    is_open: bool
    open_until: datetime | None
    opens_at: datetime | None
    closed_by_hand: ClosedByHand | None
    on_shift: int | None
    open_cases: int
    engineer: str | None
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    contact: str | None


def region_rows(roster: "Roster", closures: "Iterable[Closure]", now: datetime) -> list[RegionRow]:
    """Say of each centre how it stands."""
    closed = {one.region: one for one in closures}
    return [_row(roster, centre, closed.get(centre.name), now) for centre in roster.centres]


def _row(roster: "Roster", centre: "Centre", closed: "Closure | None", now: datetime) -> RegionRow:
    span = centre.span_at(now)
    by_hand = None
    if closed is not None:
        by_hand = ClosedByHand(
            since=closed.closed_from, until=closed.closed_until, reason=closed.reason, by=closed.changed_by
        )
    return RegionRow(
        region=centre.name,
        zone=centre.zone,
        local_time=local_zone(centre.zone, now, now).to_local(now).replace(microsecond=0),
        is_open=span is not None,
        open_until=span.closes_at if span is not None and span.closes_at < roster.until else None,
        opens_at=None if span is not None else centre.opens_after(now),
        closed_by_hand=by_hand,
        **centre.model_dump(include={"on_shift", "open_cases", "engineer", "languages", "skills", "contact"}),
    )


def regions_table(rows: Sequence[RegionRow], now: datetime) -> Table:
    """List centres, one line each; a dash under `on shift` is nobody counted."""
    found = table("region", "zone", "local time", "state", "closed by hand", "on shift", "open cases")
    for row in rows:
        by_hand = row.closed_by_hand
        found.add_row(
            plain(row.region, "bold"),
            plain(row.zone),
            Text(f"{row.local_time:%a %H:%M}"),
            _state(row, now),
            plain(None if by_hand is None else f"{_ends(by_hand)}: {by_hand.reason} ({by_hand.by})"),
            Text(
                "-" if row.on_shift is None else str(row.on_shift), style="red" if row.on_shift == 0 else ""
            ),
            Text(str(row.open_cases)),
        )
    return found


def _state(row: RegionRow, now: datetime) -> Text:
    """Say it in the centre's own time: `open until 18:00 (in 3 h 12 min)`."""
    if row.is_open and row.open_until is None:
        return Text("open", style="green")
    at = row.open_until if row.is_open else row.opens_at
    if at is None:
        return Text("closed", style="red")
    local = local_zone(row.zone, at, at).to_local(at)
    word, style = ("open until", "green") if row.is_open else ("opens", "yellow")
    return Text(f"{word} {local:%a %H:%M} ({until(at, now)})", style=style)


def _ends(closed: ClosedByHand) -> str:
    return "until opened" if closed.until is None else f"until {moment(closed.until)}"
