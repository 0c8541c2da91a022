"""What a page says in tables alone: lateness, closings, handoffs beside the log's, rows left out."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from starter.door.plain import words
from starter.rehearse.beside import Hands
from starter.rehearse.figures import LevelFigures, Rehearsal
from starter.rehearse.hand_rows import BOTH, LOG, OURS, places
from starter.rehearse.problems import Tally
from starter.web.rehearsal.charts import length


class Rows(NamedTuple):
    """A table: what it is of, its headings, its rows, the first cell of each being its name."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def breaches(result: Rehearsal) -> Rows:
    """Say how many breaches there were of each promise, and how late it was kept after all."""
    clocks = [*result.total.breaches]
    heads = (
        "Level",
        *(words(clock).capitalize() for clock in clocks),
        "All",
        "Kept late",
        "Median",
        "Longest",
    )
    return Rows("Breaches by promise, and how late it was kept after all", heads, _by_level(result, clocks))


def _by_level(result: Rehearsal, clocks: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            label,
            *(str(level.breaches.get(clock, 0)) for clock in clocks),
            str(sum(level.breaches.values())),
            str(level.lateness_known),
            length(level.lateness_median_seconds),
            length(level.lateness_max_seconds),
        )
        for label, level in _levels(result)
    )


def _levels(result: Rehearsal) -> Iterator[tuple[str, LevelFigures]]:
    yield from result.levels.items()
    yield "All levels", result.total


def endings(result: Rehearsal) -> Rows:
    """Say how cases ended and came back, and how long they waited for the customer."""
    reasons = [*result.total.closings]
    heads = (
        "Level",
        "Cases",
        *(words(reason).capitalize() for reason in reasons),
        "Reopened",
        "Rejected",
        "Reopened too late",
        "Waits for the customer",
        "Waited",
    )
    rows = tuple(
        (
            label,
            str(level.cases),
            *(str(level.closings.get(reason, 0)) for reason in reasons),
            *map(str, (level.reopened, level.rejected, level.reopened_too_late, level.waits_for_customer)),
            length(level.waited_seconds),
        )
        for label, level in _levels(result)
    )
    return Rows("Closings, reopenings and waits", heads, rows)


def hands_beside(found: Hands) -> tuple[Rows, Rows]:
    """Set our handoffs beside the log's own, and say which countries stand for which centre."""
    figures = [*found.levels.values(), found.total]
    rows = tuple(
        (label.replace("  ", "· ", 1), *(cell(one) for one in figures))
        for part in (BOTH, LOG, OURS)
        for label, cell in part
    )
    return (
        Rows("The log's own handoffs, and ours over the same time", ("", *found.levels, "All levels"), rows),
        Rows("Where the log's owners sit", ("Centre", "Rows", "Countries"), tuple(places(found))),
    )


def left_out(result: Rehearsal) -> list[Rows]:
    """Say which rows were left out or mended, and what cases refused, with the reasons."""
    found = [
        _tallies("Rows left out", result.rows.unusable),
        _tallies("Rows mended and used", result.rows.mended),
        Rows(
            "Said in the log, refused by the case",
            ("Code", "Messages", "Such as"),
            tuple(
                (
                    one.code,
                    str(one.count),
                    f"line {one.examples[0].line}, {words(one.examples[0].verb)}: {one.examples[0].reason}",
                )
                for one in result.refused
            ),
        ),
    ]
    return [one for one in found if one.rows]


def _tallies(title: str, tallies: Iterable[Tally]) -> Rows:
    return Rows(title, ("Reason", "Rows", "Such as"), tuple(_tally(one) for one in tallies))


def _tally(tally: Tally) -> tuple[str, str, str]:
    first = tally.examples[0]
    such_as = ", ".join(filter(None, (f"line {first.line}", first.case, first.detail)))
    return (tally.reason, str(tally.count), such_as)
