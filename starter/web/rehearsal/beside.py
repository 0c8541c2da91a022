"""Rehearsals beside each other on a page: two policies, or the values one value was given in turn."""

from starter.rehearse.figures import LevelFigures
from starter.rehearse.side_by_side import (
    SHARE,
    Comparison,
    Sweep,
    level_figures,
    moved,
    said,
    whole_figures,
)
from starter.web.charts import Bar, Chart, Part, Table, bars
from starter.web.line_charts import Line, lines
from starter.web.rehearsal.charts import KEPT, percent
from starter.web.rehearsal.tables import Rows

_SWEPT = (
    "Value",
    "Responses kept",
    "Updates kept by staff",
    "With the system's",
    "Breaches",
    "Updates due",
    "By staff",
    "By the system",
    "Missed",
    "Notices",
    "Actions",
)


def comparison_rows(found: Comparison) -> Rows:
    """Set every figure of both beside each other; what differs says so in words."""
    told = [one for one in found.figures if one.a or one.b or one.differs]
    heads = ("Level", "Figure", "A", "B", "B − A", "")
    return Rows(
        "A beside B",
        heads,
        tuple(
            (
                "All levels" if one.level == "all" else one.level,
                one.words,
                said(one.a, one.unit),
                said(one.b, one.unit),
                moved(one),
                "≠ differs" if one.differs else "",
            )
            for one in told
        ),
    )


def comparison_charts(found: Comparison) -> list[Chart]:
    """Draw how both kept their updates, level by level, all first."""
    pairs = zip(found.a.levels.items(), found.b.levels.items(), strict=False)
    rows: list[Bar] = []
    told: list[tuple[str, ...]] = []
    for (name, ours), (other, theirs) in (
        (("All levels", found.a.total), ("All levels", found.b.total)),
        *pairs,
    ):
        for label, level in ((f"{name}, A", ours), (f"{other}, B", theirs)):
            if due := level.updates_by_staff + level.updates_by_system + level.updates_missed:
                rows.append(_updates(label, level))
                counts = (due, level.updates_by_staff, level.updates_by_system, level.updates_missed)
                told.append((label, *map(str, counts)))
    heads = ("Level", "Due", "By staff", "By the system", "Missed")
    table = Table(heads, tuple(told))
    return [bars("beside-updates", "Updates: how many fell due, and who kept them", rows, table, KEPT)]


def _updates(label: str, level: LevelFigures) -> Bar:
    counts = (
        ("solid", level.updates_by_staff),
        ("hatch", level.updates_by_system),
        ("dots", level.updates_missed),
    )
    meanings = dict(KEPT)
    due = sum(many for _, many in counts)
    return Bar(
        label,
        tuple(Part(many, mark, f"{many} {meanings[mark]}") for mark, many in counts),
        f"{due} due, {percent(level.update_attainment_without_system)} by staff",
    )


def sweep_rows(found: Sweep) -> Rows:
    """Say what each value led to."""
    return Rows(
        f"{found.path}, value by value: {found.of}, but notices and Actions of all",
        _SWEPT,
        tuple(_swept(one) for one in _points(found)),
    )


def sweep_charts(found: Sweep) -> list[Chart]:
    """Draw attainment, breaches and staff updates over the values."""
    places = [one.value for one in found.values]
    levels = [level_figures(found.figures(one)) for one in found.values]
    shares = (
        ("responses kept", "first", "response_attainment"),
        ("updates, system's too", "second", "update_attainment"),
        ("updates by staff", "third", "update_attainment_without_system"),
    )
    counts = (("updates due", "second", "updates_due"), ("written by staff", "third", "updates_by_staff"))

    def drawn(key: str, title: str, series: tuple[tuple[str, str, str], ...], *, percent_of: bool) -> Chart:
        found_lines = [
            Line(name, mark, tuple(level[figure] for level in levels)) for name, mark, figure in series
        ]
        rows = tuple(
            (place, *(said(level[figure], SHARE if percent_of else "") for _, _, figure in series))
            for place, level in zip(places, levels, strict=True)
        )
        heads = ("Value", *(name.capitalize() for name, _, _ in series))
        return lines(key, title, places, found_lines, Table(heads, rows), percent=percent_of)

    return [
        drawn("sweep-kept", f"Promises kept, by value: {found.of}", shares, percent_of=True),
        drawn(
            "sweep-missed",
            f"Breaches, by value: {found.of}",
            (("breaches", "first", "breaches"),),
            percent_of=False,
        ),
        drawn("sweep-cost", f"Updates, by value: {found.of}", counts, percent_of=False),
    ]


def _points(found: Sweep) -> list[tuple[str, dict[str, float | None]]]:
    return [
        (one.value, level_figures(found.figures(one)) | whole_figures(one.rehearsal)) for one in found.values
    ]


def _swept(point: tuple[str, dict[str, float | None]]) -> tuple[str, ...]:
    value, figures = point
    shares = ("response_attainment", "update_attainment_without_system", "update_attainment")
    counts = ("breaches", "updates_due", "updates_by_staff", "updates_by_system", "updates_missed")
    return (
        value,
        *(said(figures[name], SHARE) for name in shares),
        *(said(figures[name], "") for name in (*counts, "notices", "actions")),
    )
