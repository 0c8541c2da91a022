"""Prints rehearsals beside each other: two policies, or the values one value was given in turn.

Part of the rehearsals. What differs has a mark of its own, not a colour alone.
"""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from starter.cli.pages.rehearsal import heading, tables
from starter.rehearse.figure_rows import Answer
from starter.rehearse.figures import LevelFigures, Rehearsal
from starter.rehearse.side_by_side import SHARE, Comparison, Sweep, level_figures, moved, said


def tables_of(answer: Answer) -> Iterable[RenderableType]:
    """Return what a terminal shows of an answer."""
    match answer:
        case Rehearsal():
            return tables(answer)
        case Comparison():
            return _comparison(answer)
        case Sweep():
            return _sweep(answer)


def _comparison(found: Comparison) -> Iterator[RenderableType]:
    for label, result in (("A", found.a), ("B", found.b)):
        yield Text(f"{label}:")
        yield heading(result)
    table = Table(title="A beside B; what differs is marked *", title_justify="left")
    for name in ("level", "figure"):
        table.add_column(name)
    for name in ("A", "B", "B - A", ""):
        table.add_column(name, justify="right")
    told = [one for one in found.figures if one.a or one.b or one.differs]
    for number, one in enumerate(told):
        is_last = number + 1 == len(told) or told[number + 1].level != one.level
        is_first = number == 0 or told[number - 1].level != one.level
        level = one.level if is_first else ""
        cells = (said(one.a, one.unit), said(one.b, one.unit), moved(one), "*" if one.differs else "")
        table.add_row(level, one.words, *cells, end_section=is_last)
    yield table
    count = sum(one.differs for one in told)
    yield Text(f"{count} of {len(told)} figures differ" if count else "nothing differs")


def _sweep(found: Sweep) -> Iterator[RenderableType]:
    yield heading(found.base)
    table = Table(title=f"{found.path}, value by value; {found.of}", title_justify="left")
    for name in ("value", "responses kept", "updates kept by staff", "with the system's", "breaches"):
        table.add_column(name, justify="left" if name == "value" else "right")
    for name in ("updates due", "by staff", "by the system", "missed", "Actions"):
        table.add_column(name, justify="right")
    for one in found.values:
        engine = one.rehearsal.overview.engine if one.rehearsal.overview else None
        table.add_row(one.value, *_swept(found.figures(one)), str(engine.actions) if engine else "-")
    yield table


def _swept(level: LevelFigures) -> list[str]:
    figures = level_figures(level)
    shares = ("response_attainment", "update_attainment_without_system", "update_attainment")
    counts = ("breaches", "updates_due", "updates_by_staff", "updates_by_system", "updates_missed")
    return [said(figures[name], SHARE) for name in shares] + [said(figures[name], "") for name in counts]
