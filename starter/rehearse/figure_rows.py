"""Every figure of a rehearsal in a line of its own, for a spreadsheet.

Part of the rehearsals.
"""

from collections.abc import Iterator

from domain.frozen import Frozen
from starter.rehearse.figures import LevelFigures, Rehearsal
from starter.rehearse.overview import Overview
from starter.rehearse.side_by_side import Comparison, Sweep
from starter.reports.spreadsheet import Cell, as_csv

HEAD = ("policy", "figure", "of", "part", "value", "unit")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_Row = tuple[str, str, str, Cell, str]

Answer = Rehearsal | Comparison | Sweep
"""What a rehearsal may come to."""


def rehearsals_of(answer: Answer) -> tuple[Rehearsal, ...]:
    """List the rehearsals there are in an answer."""
    match answer:
        case Rehearsal():
            return (answer,)
        case Comparison(a=a, b=b):
            return (a, b)
        case Sweep(values=values):
            return tuple(one.rehearsal for one in values)


def csv_of(answer: Answer) -> str:
    """Write every figure as CSV."""
    told = ((one.rules, *row) for one in rehearsals_of(answer) for row in figure_rows(one))
    return as_csv(HEAD, told)


def figure_rows(result: Rehearsal) -> Iterator[_Row]:
    """Write the figures of one rehearsal; nothing is left out but its single cases."""
    yield from _log(result)
    for label, level in (*result.levels.items(), ("all", result.total)):
        yield from _level(label, level)
    yield "warnings", "all", "", result.warnings, "warnings"
    for kind, count in result.told.items():
        yield "notices", "all", kind, count, "notices"
    if result.overview is not None:
        yield from _overview(result.overview)


def _log(result: Rehearsal) -> Iterator[_Row]:
    rows = result.rows
    yield "log", result.log, "mapping", result.mapping, "name"
    yield "log", result.log, "zone", result.zone, "name"
    yield "log", result.log, "begins", result.begins_at.isoformat(), "instant"
    yield "log", result.log, "ends", result.ends_at.isoformat(), "instant"
    yield "cases", "all", "in the log", result.cases, "cases"
    yield "cases", "all", "linked", result.linked_cases, "cases"
    yield "rows", "all", "read", rows.read, "rows"
    yield "rows", "all", "used", rows.used, "rows"
    for name, tallies in (("rows left out", rows.unusable), ("rows mended", rows.mended)):
        for tally in tallies:
            yield name, "all", tally.reason, tally.count, "rows"
    for one in result.refused:
        yield "messages refused", "all", one.code, one.count, "messages"


def _level(label: str, level: LevelFigures) -> Iterator[_Row]:
    for name, value in level.model_dump().items():
        if isinstance(value, dict):
            for part, count in value.items():
                yield name, label, part, count, "count"
        elif value is not None:
            unit = "share" if "attainment" in name else "s" if name.endswith("_seconds") else "count"
            yield name, label, "", value, unit


def _overview(overview: Overview) -> Iterator[_Row]:
    yield from _by_hour(overview)
    for way in overview.ways:
        yield "handoffs", way.giver, way.taker, way.count, "handoffs"
    yield from _fields("handoff tax", "all", overview.tax)
    for case in overview.longest:
        yield "longest cases", case.case, case.level, case.seconds, "s"
    for promise in overview.promises:
        yield from _fields("promise", promise.level, promise)
    yield from _fields("engine", "all", overview.engine)


def _by_hour(overview: Overview) -> Iterator[_Row]:
    for centre in overview.breaches:
        for hour, count in enumerate(centre.hours):
            yield "breaches by hour", centre.centre, f"{hour:02}:00 {centre.zone}", count, "breaches"
        for clock, count in centre.clocks.items():
            yield "breaches by promise", centre.centre, clock, count, "breaches"
    for week in overview.load:
        for hour, count in enumerate(week.hours):
            part = f"{_DAYS[hour // 24]} {hour % 24:02}:00 {week.zone}"
            yield "load by hour of the week", week.centre, part, count, "messages"


def _fields(figure: str, of: str, record: Frozen) -> Iterator[_Row]:
    """Write every value of a record but the words that explain it."""
    for name, value in record.model_dump(exclude={"level", "how"}).items():
        if value is not None:
            unit = "words" if isinstance(value, str) else "s" if name.endswith("_seconds") else "count"
            yield figure, of, name, value, unit
