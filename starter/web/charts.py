"""Charts drawn on the server, in units of their own: each says in its table what it shows.

No chart tells things apart by colour alone: there is a pattern, a shape or a number to each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEFT, WIDTH, ROW, HEAD = 225, 1000, 30, 8
"""Units: where bars begin, where a chart ends, the height of a row, and what is above the first."""

_BARS = 500  # units of the longest bar: its words stand behind it
_TALL, _FOOT = 200, 44
_MOST_NUMBERED = 16  # columns that have room for a number


@dataclass(frozen=True)
class Box:
    """A rectangle; `mark` is its class, and the pattern it is filled with."""

    x: float
    y: float
    width: float
    height: float
    mark: str
    words: str = ""


@dataclass(frozen=True)
class Text:
    """Words at a place; `side` is where the place is of them: start, middle or end."""

    x: float
    y: float
    words: str
    side: str = "start"
    mark: str = ""


@dataclass(frozen=True)
class Series:
    """A line through points, each with its words; `mark` is its class, and the shape of its points."""

    mark: str
    points: tuple[tuple[float, float, str], ...]

    @property
    def path(self) -> str:
        """The points as a polyline wants them."""
        return " ".join(f"{x},{y}" for x, y, _ in self.points)


@dataclass(frozen=True)
class Chart:
    """A chart and its table. `line` are the points of a polyline; `legend` says what each mark means.

    `series` are lines with shapes of their own, over `ticks`: from the left at a height to the right.
    """

    key: str
    title: str
    about: str
    height: float
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[str, str], ...] = ()
    line: str = ""
    dots: tuple[tuple[float, float, str], ...] = ()
    series: tuple[Series, ...] = ()
    ticks: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of a bar: how much, its mark, and what it is in words."""

    amount: float
    mark: str
    words: str


@dataclass(frozen=True)
class Bar:
    """A row of a chart of bars: its label, its parts from left to right, and the words behind them."""

    label: str
    parts: tuple[Part, ...]
    words: str


@dataclass(frozen=True)
class Table:
    """What a chart says, for who does not see it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def bars(
    key: str,
    title: str,
    rows: Sequence[Bar],
    table: Table,
    legend: Iterable[tuple[str, str]] = (),
    most: float | None = None,
) -> Chart:
    """Draw rows of bars; the longest, or `most`, has the whole length."""
    longest = most or max((sum(part.amount for part in row.parts) for row in rows), default=0) or 1
    boxes, texts = [], []
    for number, row in enumerate(rows):
        y, x = HEAD + ROW * number, float(LEFT)
        texts.append(Text(LEFT - 10, y + 20, row.label, "end", "name"))
        for part in row.parts:
            width = round(_BARS * part.amount / longest, 1)
            if width:
                boxes.append(Box(x, y + 4, width, ROW - 8, part.mark, f"{row.label}: {part.words}"))
            x += width
        texts.append(Text(x + 8, y + 20, row.words))
    return Chart(
        key=key,
        title=title,
        about=f"{len(rows)} bars. The table below says the same.",
        height=HEAD * 2 + ROW * len(rows),
        boxes=tuple(boxes),
        texts=tuple(texts),
        headings=table.headings,
        rows=table.rows,
        legend=tuple(legend),
    )


@dataclass(frozen=True)
class Column:
    """One place along a chart of columns: its label, a value for each mark, and what the line has there."""

    label: str
    values: tuple[tuple[str, int | None, str], ...]
    line: int | None


def columns(
    key: str, title: str, found: Sequence[Column], table: Table, legend: Iterable[tuple[str, str]]
) -> Chart:
    """Draw columns side by side, and a line over them by a scale of its own."""
    highest = max((value or 0 for one in found for _, value, _ in one.values), default=0) or 1
    over = max((one.line or 0 for one in found), default=0) or 1
    step = (WIDTH - 40) / max(len(found), 1)
    boxes, texts, dots = [], [], []
    each = max(1, len(found) // _MOST_NUMBERED + (len(found) > _MOST_NUMBERED))
    for number, one in enumerate(found):
        left = 20 + step * number
        width = step * 0.8 / max(len(one.values), 1)
        for place, (mark, value, words) in enumerate(one.values):
            height = round(_TALL * 0.7 * (value or 0) / highest, 1)
            x = left + step * 0.1 + width * place
            if height:
                boxes.append(Box(round(x, 1), 20 + _TALL - height, round(width, 1), height, mark, words))
            if value is not None and each == 1:
                texts.append(Text(round(x + width / 2, 1), 16 + _TALL - height, str(value), "middle"))
        if number % each == 0:
            texts.append(Text(round(left + step / 2, 1), _TALL + 42, one.label, "middle", "name"))
        if one.line is not None:
            y = round(20 + _TALL * (1 - 0.95 * one.line / over), 1)
            dots.append((round(left + step / 2, 1), y, str(one.line)))
    return Chart(
        key=key,
        title=title,
        about=f"{len(found)} places from left to right. The table below says the same.",
        height=_TALL + _FOOT + 10,
        boxes=tuple(boxes),
        texts=tuple(texts),
        headings=table.headings,
        rows=table.rows,
        legend=tuple(legend),
        line=" ".join(f"{x},{y}" for x, y, _ in dots),
        dots=tuple(dots) if each == 1 else (),
    )


def grid(
    key: str,
    title: str,
    rows: Sequence[tuple[str, Sequence[int]]],
    heads: Sequence[str],
    table: Table,
    mark: str = "heat",
) -> Chart:
    """Draw counts in cells: the more, the stronger, and each with its number.

    The mark `load` is no bad news, `heat` is.
    """
    most = max((count for _, counts in rows for count in counts), default=0) or 1
    step = (WIDTH - LEFT) / max(len(heads), 1)
    boxes, texts = [], []
    for place, head in enumerate(heads):
        texts.append(Text(round(LEFT + step * (place + 0.5), 1), HEAD + 14, head, "middle", "hour"))
    for number, (label, counts) in enumerate(rows):
        y = HEAD + 22 + ROW * number
        texts.append(Text(LEFT - 10, y + 20, label, "end", "name"))
        for place, count in enumerate(counts):
            x = round(LEFT + step * place, 1)
            strength = (4 * count + most - 1) // most
            words = f"{label}, {heads[place]}: {count}"
            boxes.append(Box(x + 1, y + 1, round(step - 2, 1), ROW - 2, f"{mark}-{strength}", words))
            if count:
                on = "on-strong" if strength > 2 else ""
                texts.append(Text(round(x + step / 2, 1), y + 20, str(count), "middle", on))
    return Chart(
        key=key,
        title=title,
        about=f"{len(rows)} rows of {len(heads)} cells; the most in one is {most if rows else 0}.",
        height=HEAD * 2 + 22 + ROW * len(rows),
        boxes=tuple(boxes),
        texts=tuple(texts),
        headings=table.headings,
        rows=table.rows,
    )
