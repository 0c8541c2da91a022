"""A rehearsal as one HTML page that needs nothing but itself: no script, picture or font from elsewhere."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

from activities.plain_text import one_line, plain
from starter.door.plain import counted, moment, span, words
from starter.rehearse.figure_rows import Answer
from starter.rehearse.figures import Rehearsal
from starter.rehearse.hand_rows import COUNTED, NOT_KNOWN
from starter.rehearse.side_by_side import Comparison, Sweep
from starter.web.charts import Chart
from starter.web.file_rows import TEMPLATES
from starter.web.page_templates import templates_in
from starter.web.rehearsal.beside import comparison_charts, comparison_rows, sweep_charts, sweep_rows
from starter.web.rehearsal.charts import charts_of, length, weeks_of
from starter.web.rehearsal.tables import Rows, breaches, endings, hands_beside, left_out

PARTS = Path(__file__).parent
"""Where the templates are, for a page that has a rehearsal in it."""

_STATIC = PARTS.parent / "board" / "static"
_STYLES = ("board.css", "figures.css", "rehearsal.css")


class View(NamedTuple):
    """What a page shows of one rehearsal; `key` is before each of its anchors, `name` before its headings."""

    key: str
    name: str
    result: Rehearsal
    charts: dict[str, Chart]
    weeks: list[Chart]
    breaches: Rows
    endings: Rows
    hands: tuple[Rows, ...]
    left_out: list[Rows]


def page_of(answer: Answer) -> str:
    """Write the page of an answer, in UTF-8 with a line break at its end."""
    page = drawn_here().get_template("rehearsal.html")
    return page.render(style=_style(), **facts_of(answer)).rstrip() + "\n"


def facts_of(answer: Answer) -> dict[str, object]:
    """Return what the parts of a page are drawn from."""
    match answer:
        case Rehearsal():
            return {"first": answer, "views": [view_of(answer)], "beside": None, "sweep": None}
        case Comparison(a=a, b=b):
            rows = comparison_rows(answer)
            beside = {"rows": rows, "charts": comparison_charts(answer), "a": a, "b": b}
            return {
                "first": a,
                "views": [view_of(a, "a-", "A"), view_of(b, "b-", "B")],
                "beside": beside,
                "sweep": None,
            }
        case Sweep():
            sweep = {"path": answer.path, "rows": sweep_rows(answer), "charts": sweep_charts(answer)}
            first = answer.base
            return {"first": first, "views": [], "beside": None, "sweep": sweep, "left_out": left_out(first)}


def view_of(result: Rehearsal, key: str = "", name: str = "") -> View:
    """Draw one rehearsal."""
    return View(
        key=key,
        name=name,
        result=result,
        charts=charts_of(result, key),
        weeks=weeks_of(result, key),
        breaches=breaches(result),
        endings=endings(result),
        hands=hands_beside(result.handoffs) if result.handoffs else (),
        left_out=left_out(result),
    )


def dress(drawn: Environment) -> None:
    """Give an environment what the parts of these pages need."""
    drawn.filters.update(line=one_line, text=plain, words=words, moment=moment, lasting=length)
    drawn.globals.update(counted=counted, span=span, hands_counted=COUNTED, hands_not_known=NOT_KNOWN)


@lru_cache
def drawn_here() -> Environment:
    """Return what draws the pages that stand alone."""
    drawn = templates_in(PARTS, TEMPLATES)
    dress(drawn)
    return drawn


@lru_cache
def _style() -> str:
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in _STYLES)
