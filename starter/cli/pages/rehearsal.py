"""Prints a rehearsal for people: a bar while it runs, tables when it is over.

Part of the rehearsals. The bar goes to standard error, and only where somebody looks at it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Group, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from starter.cli.output import Output
from starter.cli.pages.rehearsal_hands import hand_tables
from starter.door.plain import moment, printable, span
from starter.rehearse.figures import LevelFigures, Rehearsal
from starter.rehearse.lane import LaneProgress
from starter.rehearse.lanes import Report
from starter.rehearse.problems import Tally
from starter.rehearse.script import Reading, Script
from starter.rehearse.shares import Report as CaseReport


@contextmanager
def progress_bar(out: Output, script: Script) -> Iterator[Report]:
    """Show how many rows were told, which notices came, and where in the log the lanes are."""
    lanes: dict[int, LaneProgress] = {}
    turns = sum(len(story.turns) + 1 for story in script.stories)
    columns = (TextColumn("rehearsing"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out.notice, disable=not out.notice.is_terminal, transient=True) as bar:
        task = bar.add_task("starting", total=turns)

        def report(number: int, progress: LaneProgress) -> None:
            lanes[number] = progress
            told = sum(lane.turns for lane in lanes.values())
            notices = sum(lane.notices for lane in lanes.values())
            slowest = min(lane.at for lane in lanes.values())
            words = f"{told} of {turns} rows, {notices} notices, at {slowest:%Y-%m-%d}"
            bar.update(task, completed=told, description=words)

        yield report


@contextmanager
def case_bar(out: Output, reading: Reading) -> Iterator[CaseReport]:
    """Show how many rows were played, and how many notices their cases caused."""
    every = sum(len(rows) for rows in reading.cases.by_case.values())
    columns = (TextColumn("rehearsing"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out.notice, disable=not out.notice.is_terminal, transient=True) as bar:
        task = bar.add_task("starting", total=every)

        def report(cases: int, rows: int, notices: int) -> None:
            words = f"{rows} of {every} rows, {cases} cases, {notices} notices"
            bar.update(task, completed=rows, description=words)

        yield report


def difference_lines(result: Rehearsal, differences: tuple[str, ...]) -> Iterator[str]:
    """Say whether both engines agree, and else where each case first differs."""
    if not differences:
        yield f"both engines agree: {result.cases} cases, entry by entry"
        return
    yield f"the engines differ in {len(differences)} places, such as"
    yield from (printable(one) for one in differences[:_SHOWN])


_SHOWN = 20
"""Differences told, one a case."""

_USUAL = "UTF-8, commas"
"""How a log is written of which nothing is said."""


def tables(result: Rehearsal) -> Iterable[RenderableType]:
    """Return everything but the single cases: what was played, by level, closings, rows left out.

    Where the cases followed the sun, our handoffs stand beside the log's own.
    """
    yield heading(result)
    yield _promises(result)
    yield _endings(result)
    if result.handoffs is not None:
        yield from hand_tables(result.handoffs)
    for title, tallies in (("unusable", result.rows.unusable), ("mended", result.rows.mended)):
        if tallies:
            yield _problems(title, tallies)
    if result.refused:
        yield _refused(result)


def heading(result: Rehearsal) -> RenderableType:
    """Say what was played, under which policy, and how much of the log could be used."""
    rows = result.rows
    unusable = sum(tally.count for tally in rows.unusable)
    mended = sum(tally.count for tally in rows.mended)
    written = f"; written as {rows.written}" if rows.written not in ("", _USUAL) else ""
    linked = f", {result.linked_cases} linked to them" if result.linked_cases else ""
    return Group(
        Text(f"{result.log} under {result.rules}, read by {result.mapping} ({result.zone})"),
        Text(f"{result.cases} cases{linked}, {moment(result.begins_at)} to {moment(result.ends_at)}"),
        Text(f"{rows.read} rows: {rows.used} used, {unusable} unusable; {mended} mended{written}"),
        Text(
            f"{sum(result.said.values())} messages said, {sum(result.told.values())} notices taken, "
            f"{result.clock_instants} timers passed ({result.warnings} warnings)"
        ),
        Text(_how(result)),
    )


def _how(result: Rehearsal) -> str:
    took = span(timedelta(seconds=result.seconds))
    if result.engine == "domain":
        several = f" on {result.processes} processes" if result.processes > 1 else ""
        return f"by the rules alone, at the log's own instants, in {took}{several}"
    servers = f"{result.servers} server{'s' if result.servers > 1 else ''}"
    return f"through the workflow, moved by {result.shift_weeks} weeks and back, in {took} on {servers}"


def _promises(result: Rehearsal) -> Table:
    table = Table(title="promises", title_justify="left")
    table.add_column("level")
    for name in ("cases", "response met", "missed", "kept", "updates kept by staff", "staff", "system"):
        table.add_column(name, justify="right")
    for name in ("missed", "kept with the system's", "breaches", "late: known", "median", "longest"):
        table.add_column(name, justify="right")
    for level, figures in (*result.levels.items(), ("total", result.total)):
        table.add_row(level, *_promised(figures), end_section=level == [*result.levels][-1])
    return table


def _promised(figures: LevelFigures) -> list[str]:
    return [
        str(figures.cases),
        str(figures.responses_met),
        str(figures.responses_missed),
        _percent(figures.response_attainment),
        _percent(figures.update_attainment_without_system),
        str(figures.updates_by_staff),
        str(figures.updates_by_system),
        str(figures.updates_missed),
        _percent(figures.update_attainment),
        str(sum(figures.breaches.values())),
        str(figures.lateness_known),
        _length(figures.lateness_median_seconds),
        _length(figures.lateness_max_seconds),
    ]


def _endings(result: Rehearsal) -> Table:
    reasons = [*result.total.closings]
    table = Table(title="closings, reopenings and waits", title_justify="left")
    table.add_column("level")
    for name in (
        *(reason.replace("_", " ") for reason in reasons),
        "reopened",
        "rejected",
        "reopened too late",
    ):
        table.add_column(name, justify="right")
    table.add_column("waits for the customer", justify="right")
    table.add_column("waited", justify="right")
    for level, figures in (*result.levels.items(), ("total", result.total)):
        table.add_row(
            level,
            *(str(figures.closings.get(reason, 0)) for reason in reasons),
            str(figures.reopened),
            str(figures.rejected),
            str(figures.reopened_too_late),
            str(figures.waits_for_customer),
            _length(figures.waited_seconds),
            end_section=level == [*result.levels][-1],
        )
    return table


def _problems(title: str, tallies: Iterable[Tally]) -> Table:
    table = Table(title=f"rows {title}", title_justify="left")
    table.add_column("rows", justify="right")
    table.add_column("reason")
    table.add_column("such as")
    for tally in tallies:
        first = tally.examples[0]
        example = ", ".join(filter(None, (f"line {first.line}", first.case, first.detail)))
        table.add_row(str(tally.count), tally.reason, printable(example))
    return table


def _refused(result: Rehearsal) -> Table:
    table = Table(title="said in the log, refused by the case", title_justify="left")
    table.add_column("messages", justify="right")
    table.add_column("code")
    table.add_column("such as")
    for one in result.refused:
        first = one.examples[0]
        table.add_row(str(one.count), one.code, printable(f"line {first.line}, {first.verb}: {first.reason}"))
    return table


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _length(seconds: int | None) -> str:
    return "-" if not seconds else span(timedelta(seconds=seconds))
