"""What is said of our handoffs beside the log's own: a label and a cell for each figure, and the caveats.

Part of the rehearsals.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from starter.door.plain import span
from starter.rehearse.beside import HandFigures, Hands

Row = tuple[str, Callable[[HandFigures], str]]

BOTH: tuple[Row, ...] = (
    ("cases", lambda one: str(one.cases)),
    ("days from first row to last", lambda one: f"{one.days:.0f}"),
)
LOG: tuple[Row, ...] = (
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
OURS: tuple[Row, ...] = (
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

COUNTED = """\
Both are counted from a case's first row in the log to its last; case by case they are in the JSON. A change
of country in the log is a person's doing and often goes with a change of team or line. Ours are the clock's
alone, at the end of each shift, whatever the case needs: more of them is not better."""
NOT_KNOWN = """\
The log has no shifts: whether an owner was at work is not in it, and a time in a queue is the nearest it
says. Ours are by the policy's own shifts, all of them staffed, and whoever is offered a case takes it: how
often a centre would decline or stay silent is not in the log either."""


def places(result: Hands) -> list[tuple[str, str, str]]:
    """List the centres of ours, how many rows of the log are theirs, and the countries each stands for."""
    by_centre: dict[str, list[str]] = {}
    for country in result.rows_by_country:
        by_centre.setdefault(result.centres[country], []).append(country)
    told = [
        (centre, str(_rows(result, countries)), ", ".join(countries))
        for centre, countries in by_centre.items()
    ]
    if result.rows_without_country:
        told.append(("not known", str(result.rows_without_country), "left out of the changes above"))
    return told


def _rows(result: Hands, countries: Iterable[str]) -> int:
    return sum(result.rows_by_country[country] for country in countries)


def _a_day(count: int, figures: HandFigures) -> str:
    return f"{count / figures.days:.2f}" if figures.days else "-"


def _length(seconds: int) -> str:
    return span(timedelta(seconds=seconds)) if seconds else "none"
