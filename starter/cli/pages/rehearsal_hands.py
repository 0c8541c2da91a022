"""Prints our handoffs beside the log's own, and says what the comparison cannot tell.

Part of the rehearsals; the other tables are in `printing`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from starter.door.plain import printable, span
from starter.rehearse.beside import HandFigures, Hands

_Row = tuple[str, Callable[[HandFigures], str]]

_BOTH: tuple[_Row, ...] = (
    ("cases", lambda one: str(one.cases)),
    ("days from first row to last", lambda one: f"{one.days:.0f}"),
)
_LOG: tuple[_Row, ...] = (
    ("LOG: owner's country changed", lambda one: str(one.countries)),
    ("  in so many cases", lambda one: str(one.cases_countries)),
    ("  most in one case", lambda one: str(one.most_countries)),
    ("  a day, on average", lambda one: _a_day(one.countries, one)),
    ("  centre too, by our map", lambda one: str(one.centres)),
    ("team changed", lambda one: str(one.teams)),
    ("  back to one that had it", lambda one: str(one.came_back)),
    ("line raised, lowered", lambda one: f"{one.raised}, {one.lowered}"),
    ("in a queue, taken by nobody", lambda one: _length(one.queued_seconds)),
    ("owner not at work", lambda _: "not known"),
)
_OURS: tuple[_Row, ...] = (
    ("OURS: handed to another centre", lambda one: str(one.handed_over)),
    ("  in so many cases", lambda one: str(one.cases_handed_over)),
    ("  most in one case", lambda one: str(one.most_handed_over)),
    ("  a day, on average", lambda one: _a_day(one.handed_over, one)),
    ("  at once, as the policy has it", lambda one: str(one.handed_over - one.accepted)),
    ("  offered, and accepted", lambda one: str(one.accepted)),
    ("  declined, not answered", lambda one: f"{one.declined}, {one.skipped}"),
    ("held, no centre open", lambda one: str(one.held)),
    ("open", lambda one: _length(one.open_seconds)),
    ("  while its owner was closed", lambda one: _length(one.unattended_seconds)),
    ("handed on after the last row", lambda one: str(one.handed_over_after)),
)

_COUNTED = """\
Both are counted from a case's first row in the log to its last; case by case they are in the JSON. A change
of country in the log is a person's doing and often goes with a change of team or line. Ours are the clock's
alone, at the end of each shift, whatever the case needs: more of them is not better."""
_NOT_KNOWN = """\
The log has no shifts: whether an owner was at work is not in it, and a time in a queue is the nearest it
says. Ours are by the policy's own shifts, all of them staffed, and whoever is offered a case takes it: how
often a centre would decline or stay silent is not in the log either."""


def hand_tables(result: Hands) -> Iterator[RenderableType]:
    """Return the comparison by level, then which countries stand for which centre, then the caveats."""
    yield _comparison(result)
    yield _places(result)
    yield Text(" ".join(_COUNTED.split()))
    yield Text(" ".join(_NOT_KNOWN.split()))


def _comparison(result: Hands) -> Table:
    table = Table(title="handoffs: the log's own, and ours over the same time", title_justify="left")
    table.add_column("")
    figures = [*result.levels.values(), result.total]
    for name in (*result.levels, "total"):
        table.add_column(name, justify="right", no_wrap=True)
    for section in (_BOTH, _LOG, _OURS):
        for label, cell in section:
            table.add_row(label, *(cell(one) for one in figures), end_section=label == section[-1][0])
    return table


def _places(result: Hands) -> Table:
    table = Table(title="where the log's owners sit", title_justify="left")
    table.add_column("centre of ours")
    table.add_column("rows", justify="right")
    table.add_column("countries")
    by_centre: dict[str, list[str]] = {}
    for country in result.rows_by_country:
        by_centre.setdefault(result.centres[country], []).append(country)
    for centre, countries in by_centre.items():
        table.add_row(centre, str(_rows(result, countries)), printable(", ".join(countries)))
    if result.rows_without_country:
        table.add_row("not known", str(result.rows_without_country), "left out of the changes above")
    return table


def _rows(result: Hands, countries: Iterable[str]) -> int:
    return sum(result.rows_by_country[country] for country in countries)


def _a_day(count: int, figures: HandFigures) -> str:
    return f"{count / figures.days:.2f}" if figures.days else "-"


def _length(seconds: int) -> str:
    return span(timedelta(seconds=seconds)) if seconds else "none"
