"""Lines over values from left to right; each series has a shape of its own, and a name at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from starter.web.charts import WIDTH, Chart, Series, Table, Text

_TALL, _LEFT, _RIGHT, _TOP = 220, 70, 230, 14
_STEPS = 4  # lines across, so that a value can be read off
_APART = 20  # units between two names at the right


@dataclass(frozen=True)
class Line:
    """A series: its name, its mark, and a value for each place; None where there is none."""

    name: str
    mark: str
    values: tuple[float | None, ...]


def lines(
    key: str, title: str, places: Sequence[str], found: Sequence[Line], table: Table, *, percent: bool = False
) -> Chart:
    """Draw series over places; shares from nothing to all, counts from nothing to the most there are."""
    highest = max((value or 0 for one in found for value in one.values), default=0)
    most = 1.0 if percent else _round_above(highest)
    step = (WIDTH - _LEFT - _RIGHT) / max(len(places) - 1, 1)
    xs = [round(_LEFT + step * number, 1) for number in range(len(places))]
    drawn = tuple(
        Series(
            one.mark,
            tuple(
                (x, _height(value, most), f"{one.name} at {place}: {_said(value, percent)}")
                for x, place, value in zip(xs, places, one.values, strict=True)
                if value is not None
            ),
        )
        for one in found
    )
    texts = [Text(x, _TOP + _TALL + 24, place, "middle", "name") for x, place in zip(xs, places, strict=True)]
    ticks = []
    for number in range(_STEPS + 1):
        value = most * number / _STEPS
        y = _height(value, most)
        ticks.append(y)
        texts.append(Text(_LEFT - 12, y + 5, _said(value, percent), "end", "hour"))
    texts += _names(found, drawn)
    return Chart(
        key=key,
        title=title,
        about=f"{len(found)} lines over {len(places)} values. The table below says the same.",
        height=_TOP + _TALL + 34,
        boxes=(),
        texts=tuple(texts),
        headings=table.headings,
        rows=table.rows,
        legend=tuple((one.mark, one.name) for one in found),
        series=drawn,
        ticks=tuple((_LEFT, y, WIDTH - _RIGHT) for y in ticks),
    )


def _round_above(highest: float) -> float:
    """Return the next number that parts into steps people count in: 4, 8, 20, 40, 80 ..."""
    tens = 1
    while True:
        for steps in (1, 2, 5):
            if (most := _STEPS * steps * tens) >= highest:
                return float(most)
        tens *= 10


def _height(value: float, most: float) -> float:
    return round(_TOP + _TALL * (1 - value / most), 1)


def _said(value: float | None, percent: bool) -> str:
    if value is None:
        return "none"
    return f"{100 * value:.0f} %" if percent else f"{value:.0f}"


def _names(found: Sequence[Line], drawn: Sequence[Series]) -> list[Text]:
    """Put each name behind its line's end, and apart from the others."""
    ends = sorted(
        (series.points[-1][1], series.points[-1][0], line.name, line.mark)
        for line, series in zip(found, drawn, strict=True)
        if series.points
    )
    texts, lowest = [], 0.0
    for y, x, name, mark in ends:
        place = max(y + 5, lowest + _APART)
        texts.append(Text(x + 14, place, name, "start", f"of-{mark}"))
        lowest = place
    return texts
