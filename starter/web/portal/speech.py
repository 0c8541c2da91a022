"""What pages say, in the reader's language: a file of `texts` a language, and the names that letters use.

Everything but the sentence itself is escaped as it is put in. An instant is said as letters say it.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from babel import Locale
from markupsafe import Markup

import activities.words.letters
from activities.plain_text import one_line
from activities.words.glossary import Glossary, all_of, in_units, in_words, read_glossaries
from activities.words.reader_time import city_of, in_reader_time, in_territory, reader_locale
from domain.policy import in_words as span_in_words
from domain.said import ROWS

_TEXTS = Path(__file__).parent / "texts"
_LETTERS = Path(activities.words.letters.__file__).parent / "templates"
FALLBACK = "en"
NAMES = {"en": "English", "fil": "Filipino", "ja": "日本語"}
"""The languages there are, as those who speak them call them."""

_LABELS = {row.path: row.label for row in ROWS}
_BUSINESS_DAYS = re.compile(r"(\d+) business days?")
_FIELD = re.compile(r"[a-z_]+(\.[a-z_]+)?")


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Read what pages say, by language."""
    found = _TEXTS.glob("*.toml")
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in found}


@cache
def _glossaries() -> Mapping[str, Glossary]:
    return read_glossaries(_LETTERS)


def spoken(wanted: Iterable[str]) -> str:
    """Return the first language that we speak, or the base of which we do; else English."""
    for one in wanted:
        name = one.replace("_", "-").strip().lower()
        for language in (name, name.partition("-")[0]):
            if language in texts():
                return language
    return FALLBACK


@dataclass(frozen=True)
class Speech:
    """Says things in one language, instants by the clock of one zone."""

    language: str
    zone: str = "UTC"

    def __call__(self, key: str, **facts: object) -> Markup:
        """Say a sentence with these facts in it."""
        return Markup(texts()[self.language][key]).format(**{name: _text(it) for name, it in facts.items()})  # noqa: S704

    def plain(self, key: str, **facts: object) -> str:
        """Say it where there is no markup: in a mail, or in a value of a form."""
        return texts()[self.language][key].format(**facts)

    def has(self, key: str) -> bool:
        """Tell whether there is such a sentence."""
        return key in texts()[self.language]

    def when(self, at: datetime) -> str:
        """Say an instant to the minute, with the place whose clock it is."""
        return in_reader_time(at, self.zone, self._locale)

    @property
    def city(self) -> str:
        """The place whose clock instants are told by."""
        return city_of(self.zone, self._locale)

    def span(self, length: timedelta) -> str:
        """Say a length of time."""
        return in_units(span_in_words(length), self._glossary)

    def rule(self, rule: str) -> str:
        """Say a promise as the domain words it: `4 h`, `every 2 h`, `2 business days`."""
        if found := _BUSINESS_DAYS.fullmatch(rule):
            count = found.group(1)
            return self.plain("business_day" if count == "1" else "business_days", count=count)
        if rule.startswith("every "):
            return self.plain("every", span=in_units(rule.removeprefix("every "), self._glossary))
        return in_units(rule, self._glossary)

    def field(self, path: str) -> str:
        """Name a field of a request, its first letter a capital."""
        said = self._glossary.get(path) or self._glossary.get(path.replace(".", "_"))
        said = said or (_LABELS.get(path, "") if self.language == FALLBACK else "")
        said = said or in_words(path, self._glossary)
        return f"{said[0].upper()}{said[1:]}"

    def asked(self, path: str) -> str:
        """Name a field as a form asks for it."""
        key = f"field_{path.replace('.', '_')}"
        return self.plain(key) if self.has(key) else self.field(path)

    def fields(self, paths: Iterable[str]) -> str:
        """Name fields in a row."""
        return all_of(paths, self._glossary)

    def centre(self, name: str) -> str:
        """Write the name of a centre as people do."""
        return name.replace("_", " ").title() if _FIELD.fullmatch(name) else name

    def name(self, word: str | None) -> str:
        """Say a name of ours as letters do."""
        return in_words(word, self._glossary)

    @property
    def _glossary(self) -> Glossary:
        return _glossaries().get(self.language, {})

    @property
    def _locale(self) -> Locale:
        return reader_locale(*in_territory(self.language, self.zone), self.language)


def _text(it: object) -> object:
    return it if isinstance(it, Markup) else one_line(str(it))
