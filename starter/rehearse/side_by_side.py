"""Rehearsals of one log side by side: two policies, or one value of a policy given several in turn.

Part of the rehearsals. Levels are set beside each other by their rank, never by their name.
"""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from domain.frozen import Frozen
from starter.rehearse.figures import LevelFigures, Rehearsal

SHARE, COUNT = "share", "count"


class Figure(NamedTuple):
    """What is compared: its name in a file, its words for people, and whether it is a share or a count."""

    name: str
    words: str
    unit: str


LEVEL_FIGURES = (
    Figure("response_attainment", "responses kept", SHARE),
    Figure("responses_missed", "responses missed", COUNT),
    Figure("update_attainment_without_system", "updates kept by staff", SHARE),
    Figure("update_attainment", "with the system's", SHARE),
    Figure("updates_by_staff", "updates by staff", COUNT),
    Figure("updates_by_system", "updates by the system", COUNT),
    Figure("updates_missed", "updates missed", COUNT),
    Figure("updates_due", "updates that were due", COUNT),
    Figure("breaches", "breaches", COUNT),
    Figure("reopened", "reopened", COUNT),
)
"""Of a level, or of all."""

WHOLE_FIGURES = (
    Figure("warnings", "warnings", COUNT),
    Figure("handoffs", "handoffs", COUNT),
    Figure("notices", "notices", COUNT),
    Figure("actions", "Actions of the engine", COUNT),
    Figure("events", "history events of ours", COUNT),
)
"""Of a rehearsal as a whole."""


class Difference(Frozen):
    """One figure of both, and whether it `differs`; None where one has none.

    A level is named as each policy has it: `P1`, or `P1 / A`.
    """

    level: str
    figure: str
    words: str
    unit: str
    a: float | None
    b: float | None
    differs: bool


class Comparison(Frozen):
    """Two rehearsals of the same log."""

    a: Rehearsal
    b: Rehearsal
    figures: tuple[Difference, ...]


class SweptValue(Frozen):
    """What one value led to: the rehearsal without its single cases."""

    value: str
    rehearsal: Rehearsal


class Sweep(Frozen):
    """One value of a policy given several in turn: `path` is the whole path, `level` the one it is of."""

    path: str
    values: tuple[SweptValue, ...]
    level: str | None = None

    @property
    def base(self) -> Rehearsal:
        """The first of them, without the value that was varied in turn: what all have in common."""
        first = self.values[0].rehearsal
        changed = tuple(one for one in first.changed if not one.startswith(f"{self.path}="))
        return first.model_copy(update={"changed": changed})

    @property
    def of(self) -> str:
        """Of which cases its figures are, in words."""
        return self.level or "all levels"

    def figures(self, one: SweptValue) -> LevelFigures:
        """Return the figures that one value is judged by: of its level, or of all."""
        result = one.rehearsal
        return result.levels[self.level] if self.level else result.total


def compared(a: Rehearsal, b: Rehearsal) -> Comparison:
    """Set two rehearsals of one log beside each other."""
    return Comparison(a=a, b=b, figures=tuple(_differences(a, b)))


def without_cases(result: Rehearsal) -> Rehearsal:
    """Return a result without its single cases, which are the most of it."""
    hands = result.handoffs.model_copy(update={"cases": ()}) if result.handoffs else None
    return result.model_copy(update={"findings": (), "handoffs": hands})


def level_figures(level: LevelFigures) -> dict[str, float | None]:
    """Return the figures of a level that are compared, by name."""
    breaches = sum(level.breaches.values())
    due = level.updates_by_staff + level.updates_by_system + level.updates_missed
    known: Mapping[str, float | None] = {"breaches": breaches, "updates_due": due}
    return {
        one.name: known[one.name] if one.name in known else getattr(level, one.name) for one in LEVEL_FIGURES
    }


def whole_figures(result: Rehearsal) -> dict[str, float | None]:
    """Return the figures of a whole rehearsal that are compared, by name."""
    overview = result.overview
    return {
        "warnings": result.warnings,
        "handoffs": overview.tax.handoffs if overview else None,
        "notices": sum(result.told.values()),
        "actions": overview.engine.actions if overview else None,
        "events": overview.engine.events if overview else None,
    }


def said(value: float | None, unit: str) -> str:
    """Write a figure: a share in per cent, none as a dash."""
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if unit == SHARE else f"{value:.0f}"


def moved(one: Difference) -> str:
    """Write by how much a figure moved, with its sign, a share in percentage points; else nothing."""
    if one.a is None or one.b is None or not one.differs:
        return ""
    return f"{100 * (one.b - one.a):+.1f} points" if one.unit == SHARE else f"{one.b - one.a:+.0f}"


def _differences(a: Rehearsal, b: Rehearsal) -> Iterator[Difference]:
    nothing = LevelFigures()
    pairs = zip_longest(a.levels.items(), b.levels.items(), fillvalue=("-", nothing))
    for (name, ours), (other, theirs) in (*pairs, (("all", a.total), ("all", b.total))):
        label = name if name == other else f"{name} / {other}"
        of_a, of_b = level_figures(ours), level_figures(theirs)
        for one in LEVEL_FIGURES:
            yield _difference(label, one, of_a[one.name], of_b[one.name])
    of_a, of_b = whole_figures(a), whole_figures(b)
    for one in WHOLE_FIGURES:
        yield _difference("all", one, of_a[one.name], of_b[one.name])


def _difference(level: str, figure: Figure, a: float | None, b: float | None) -> Difference:
    return Difference(
        level=level, figure=figure.name, words=figure.words, unit=figure.unit, a=a, b=b, differs=a != b
    )
