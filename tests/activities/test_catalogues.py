"""The catalogues of our letters are complete, and say what the templates say."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from activities.words import letters
from activities.words.catalogues import CATALOGUE, read_catalogues

TEMPLATES = Path(letters.__file__).parent / "templates"
TRANSLATED = ("fil", "ja")

Sentence = str | tuple[str, ...]


@cache
def of_the_templates() -> frozenset[Sentence]:
    found = extract_from_dir(TEMPLATES, [("**.j2", "jinja2")], {"**.j2": {"silent": "false"}})
    return frozenset(said for _, _, said, _, _ in found)


def catalogue_of(language: str, templates: Path = TEMPLATES) -> Catalog:
    with (templates / language / CATALOGUE).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(said: object) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (str(said),)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|%(?!\(\w+\)s|%)", text))


def shortcomings(catalogue: Catalog) -> Iterator[tuple[str, object]]:
    """What a translator has left to do, and what no template says any more."""
    there: dict[Sentence, Message] = {message.id: message for message in catalogue if message.id}
    yield from (("not there", said) for said in of_the_templates() - set(there))
    yield from (("said by no template", said) for said in set(there) - of_the_templates())
    yield from (("obsolete", said) for said in catalogue.obsolete)
    for said, message in there.items():
        if message.fuzzy:
            yield "fuzzy", said
        if len(forms(message.string)) != (1 if isinstance(said, str) else catalogue.num_plurals):
            yield "forms of the plural", said
        for text in forms(message.string):
            if not text.strip():
                yield "not translated", said
            elif placeholders(text) != placeholders(forms(said)[-1]):
                yield "other placeholders", said


@pytest.mark.covers("CONF-06")
@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_every_letter_is_translated_with_the_same_facts(language: str) -> None:
    assert list(shortcomings(catalogue_of(language))) == []


def test_these_are_all_the_languages_there_are() -> None:
    assert set(read_catalogues(TEMPLATES)) == set(TRANSLATED)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('msgstr "障害"', 'msgstr ""', "not translated"),
        ('msgid "Outage"\nmsgstr "障害"\n', "", "not there"),
        ("理由：%(reason)s。", "理由：。", "other placeholders"),
        ('msgid "Outage"', '#, fuzzy\nmsgid "Outage"', "fuzzy"),
        ('msgid "Outage"', 'msgid "Blackout"\nmsgstr "停電"\n\nmsgid "Outage"', "said by no template"),
        ('msgid "Outage"', '#~ msgid "Blackout"\n#~ msgstr "停電"\n\nmsgid "Outage"', "obsolete"),
    ],
)
def test_what_a_catalogue_lacks_is_found(tmp_path: Path, was: str, now: str, told: str) -> None:
    whole = (TEMPLATES / "ja" / CATALOGUE).read_text(encoding="utf-8")
    assert was in whole
    (tmp_path / "ja").mkdir()
    (tmp_path / "ja" / CATALOGUE).write_text(whole.replace(was, now), encoding="utf-8")
    assert {what for what, _ in shortcomings(catalogue_of("ja", tmp_path))} >= {told}
