"""The page of a rehearsal stands alone and says every figure of its tables; the spreadsheet runs nothing."""

import csv
import re
from html.parser import HTMLParser
from io import StringIO

import pytest

from starter.rehearse.figure_rows import Answer, csv_of, figure_rows, rehearsals_of
from starter.rehearse.figures import Rehearsal
from starter.rehearse.side_by_side import Comparison, Sweep, SweptValue, compared, without_cases
from starter.web.rehearsal.page import facts_of, page_of, view_of
from starter.web.rehearsal.tables import Rows
from tests.rehearse.results import made_up

_HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>'


def _compared() -> Comparison:
    return compared(made_up(), made_up(policy="o365-overview").model_copy(update={"changed": ("a.b=1",)}))


def _swept() -> Sweep:
    values = (("1h", made_up()), ("2h", made_up(made_up().findings[:2])))
    return Sweep(
        path="rules.levels.P1.update_every",
        level="P1",
        values=tuple(SweptValue(value=value, rehearsal=without_cases(one)) for value, one in values),
    )


class _Seen(HTMLParser):
    """What a page is made of: its cells and words, its ids, and tables and pictures without a name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        self.ids += [one] if (one := named.get("id")) else []
        self.pointed += (named.get("aria-labelledby") or "").split()

    def handle_data(self, data: str) -> None:
        self.words.append(" ".join(data.split()))


_ANSWERS = pytest.mark.parametrize("answer", [made_up(), _compared(), _swept()], ids=["one", "two", "swept"])


@_ANSWERS
def test_the_page_asks_nobody_for_anything(answer: Answer) -> None:
    page = page_of(answer)
    assert not re.search(r"https?:|src=|<script|<link|<img|@import|javascript:|=\"//", page)
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {
        "#fill-hatch",
        "#fill-dots",
        "#fill-gap",
    }
    assert "default-src 'none'" in page
    assert "&gt;" not in page.partition("</style>")[0]


@_ANSWERS
def test_every_picture_has_a_name_and_every_table_its_headings(answer: Answer) -> None:
    seen = _Seen(page_of(answer))
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.pointed) <= set(seen.ids)
    heads = [named for tag, named in seen.tags if tag == "th"]
    assert heads
    assert {named.get("scope") for named in heads} <= {"col", "row"}
    pictures = [named for tag, named in seen.tags if tag == "svg" and named.get("role") == "img"]
    assert pictures
    assert all(named.get("aria-labelledby") for named in pictures)


def test_the_page_says_every_figure_of_its_charts_and_tables() -> None:
    result = made_up()
    said = set(_Seen(page_of(result)).words)
    view = view_of(result)
    told: list[Rows] = [view.breaches, view.endings, *view.left_out]
    drawn = (*view.charts.values(), *view.weeks)
    rows = [row for chart in drawn for row in chart.rows] + [row for one in told for row in one.rows]
    missing = {cell for row in rows for cell in row if cell} - said
    assert missing == set()
    overview = result.overview
    assert overview is not None
    assert {f"{overview.engine.actions:,}", f"{overview.engine.events:,}", "1,234", "rhipe-csp@1"} <= said
    assert {"it has no time", "CaseArchived"} <= said


def test_attainment_stands_with_and_without_what_the_system_sent() -> None:
    rows = view_of(made_up()).charts["kept"].rows
    (p1,) = [row for row in rows if row[:2] == ("P1", "updates")]
    assert p1[2:] == ("13", "7", "53.8 %", "12", "92.3 %", "1")


@_ANSWERS
def test_what_was_left_out_of_the_log_is_on_every_page(answer: Answer) -> None:
    assert "it has no time" in page_of(answer)


def test_what_a_log_says_is_text_on_the_page() -> None:
    hostile = made_up().findings[0].model_copy(update={"case": _HOSTILE})
    page = page_of(made_up((hostile,), log=_HOSTILE))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@_ANSWERS
def test_no_cell_of_the_spreadsheet_is_a_formula(answer: Answer) -> None:
    hostile = made_up((made_up().findings[0].model_copy(update={"case": _HOSTILE}),), log=_HOSTILE)
    told = [[cell for row in csv.reader(StringIO(csv_of(one))) for cell in row] for one in (answer, hostile)]
    assert not [cell for cells in told for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert f"'{_HOSTILE}" in told[1]


def test_the_spreadsheet_has_every_figure_of_every_rehearsal() -> None:
    answer = _compared()
    rows = list(csv.reader(StringIO(csv_of(answer).removeprefix("\ufeff"))))
    for result in rehearsals_of(answer):
        mine = {tuple(row[1:]) for row in rows if row[0] == result.rules}
        assert {tuple(map(str, row)) for row in figure_rows(result)} == mine
    assert answer.b.rules == "o365-overview@1 with a.b=1"


def test_two_policies_stand_side_by_side_and_what_differs_is_marked() -> None:
    fewer = made_up(made_up().findings[1:])
    found = {(one.level, one.figure): one for one in compared(made_up(), fewer).figures}
    assert (found["P1", "breaches"].a, found["P1", "breaches"].b) == (1, 0)
    assert found["P1", "breaches"].differs
    assert not found["P3", "breaches"].differs
    assert found["all", "breaches"].differs


def test_levels_stand_beside_each_other_by_rank_and_never_by_name() -> None:
    names = [one.level for one in _compared().figures]
    ours, theirs = (list(one.levels) for one in rehearsals_of(_compared()))
    assert f"{ours[0]} / {theirs[0]}" in names
    assert ours[0] not in names


def test_a_sweep_is_judged_by_the_level_its_value_is_of() -> None:
    facts = facts_of(_swept())
    assert "P1" in str(facts["sweep"])
    one: Rehearsal = _swept().values[0].rehearsal
    assert _swept().figures(_swept().values[0]) == one.levels["P1"]
    assert one.findings == ()
