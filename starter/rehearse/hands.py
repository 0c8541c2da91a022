"""Through whose hands a case went in the log itself: countries, teams, lines, and the queues between them.

Part of the rehearsals. Only what the rows say: an owner whose country is not known is left out, not guessed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from domain.frozen import Frozen
from starter.rehearse.cases import LogCase
from starter.rehearse.mapping import LogMapping
from starter.rehearse.rows import LogRow


class LogHands(Frozen):
    """Who had one case, from its first row to its last (UTC): how often that changed from row to row.

    `centres` counts changes of country that are changes of centre too, by our map. `came_back` are those of
    the changes of team that led to one which had the case before. `queued_seconds` is how long it lay in a
    queue where nobody had taken it. `rows_by_country` counts the rows whose owner sits there.
    """

    case: str
    begins_at: datetime
    ends_at: datetime
    rows: int
    rows_by_country: dict[str, int]
    rows_without_country: int
    countries: int
    centres: int
    teams: int
    came_back: int
    raised: int
    lowered: int
    queued_seconds: int


def hands_of(case: LogCase, mapping: LogMapping, centres: Mapping[str, str]) -> LogHands:
    """Count through whose hands a case of the log went."""
    rows = case.rows
    known = [row.country for row in rows if row.country is not None]
    teams = _sequence(rows, lambda row: row.group)
    lines = _sequence(rows, lambda row: row.support_line)
    begins_at = rows[0].opened_at or rows[0].at
    return LogHands(
        case=case.case,
        begins_at=begins_at,
        ends_at=rows[-1].at,
        rows=len(rows),
        rows_by_country=dict(Counter(known)),
        rows_without_country=len(rows) - len(known),
        countries=_changes(known),
        centres=_changes([centres[country] for country in known]),
        teams=_changes(teams),
        came_back=_returns(teams),
        raised=sum(one < other for one, other in pairwise(lines)),
        lowered=sum(one > other for one, other in pairwise(lines)),
        queued_seconds=int(_queued(rows, mapping).total_seconds()),
    )


def _sequence(rows: Iterable[LogRow], cell: Callable[[LogRow], str | None]) -> list[str]:
    return [found for row in rows if (found := cell(row)) is not None]


def _changes(sequence: list[str]) -> int:
    return sum(one != other for one, other in pairwise(sequence))


def _returns(sequence: list[str]) -> int:
    """Count changes to one that was there before: the ball played back."""
    return sum(
        one != other and other in sequence[:place] for place, (one, other) in enumerate(pairwise(sequence))
    )


def _queued(rows: tuple[LogRow, ...], mapping: LogMapping) -> timedelta:
    waits = (after.at - row.at for row, after in pairwise(rows) if mapping.states[row.state].queued)
    return sum(waits, timedelta(0))
