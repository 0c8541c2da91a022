"""How the page of a survey looks: plain HTML in the customer's language, which needs nothing but itself.

Drawing; a language is a table in `survey_texts.toml`.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Template

from activities.plain_text import one_line
from activities.words.reader_time import in_reader_time, reader_locale
from starter.web.page_templates import templates_in

if TYPE_CHECKING:
    from starter.web.survey_answers import Asked

_HERE = Path(__file__).parent
_FALLBACK = "en"
MOST_CHARACTERS = 2000
"""Of a comment: in every script well below the 8 KiB a text may have."""


@lru_cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Read what the page says, by language."""
    return tomllib.loads((_HERE / "survey_texts.toml").read_text(encoding="utf-8"))


def language_of(wanted: str) -> str:
    """Choose the reader's language, its base, or English."""
    wanted = wanted.replace("_", "-").lower()
    return next((one for one in (wanted, wanted.partition("-")[0]) if one in texts()), _FALLBACK)


MARKS = ("wait_time", "patience")
TEXTS = ("comment", "suggestions")
FIELDS = ("score", *MARKS, *TEXTS)
"""What the form has; of it only the score has to be given (RHIPE-62)."""


def form(asked: "Asked", given: Mapping[str, str] | None = None, *, mistake: bool = False) -> str:
    """Show the question, with what was chosen already; nothing is recorded by looking at it."""
    case = asked.case
    language = language_of(case.request.language)
    until = _when(asked.ticket.until, case.terms.calendar.zone.name, language)
    shown = {"number": case.number, "title": one_line(case.title), "until": until}
    filled_in = dict.fromkeys(FIELDS, "") | dict(given or {})
    chosen = {"given": filled_in, "marks": MARKS, "texts": TEXTS, "mistake": mistake, "most": MOST_CHARACTERS}
    return _render(language, "form", **shown, **chosen)


def notice(language: str, what: str) -> str:
    """Say one thing: thanks, answered, closed, unknown or later."""
    return _render(language_of(language), what)


def _render(language: str, what: str, **facts: object) -> str:
    said = texts()[language]
    return _page().render(said=said, language=language, what=what, **facts) + "\n"


@lru_cache
def _page() -> Template:
    return templates_in(_HERE).get_template("survey.html.j2")


def _when(at: datetime, zone: str, language: str) -> str:
    return in_reader_time(at, zone, reader_locale(language))
