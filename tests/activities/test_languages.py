"""Customers are told in English, Filipino and Japanese: the same facts, in their own dates and words."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

from activities.words import letters
from activities.words.letters import Words
from domain.effects import Effect, EffectKind, Recipient
from domain.messages.request import Submit
from domain.phase import CloseReason
from domain.said import Reader, for_reader
from policies import load_policy
from tests.activities.builders import AT, HOUR, NUMBER
from tests.activities.test_wording import MOST, STAFF, Elements, told

TEMPLATES = Path(letters.__file__).parent / "templates"
VENDORS = {EffectKind.VENDOR_TICKET, EffectKind.VENDOR_FOLLOW_UP}
CUSTOMERS = [kind for kind in EffectKind if kind not in STAFF | VENDORS | {EffectKind.LINKED_CASE}]
TRANSLATED = ("fil", "ja")
FRAMES = ("_customer", "_audience", "_ways", "_level", "_resolved", "_looked_into")


def in_language(kind: EffectKind, language: str, about: str = "initial_response", **facts: object) -> Effect:
    to = Recipient.AUDIENCE if kind.startswith("outage_") else Recipient.CUSTOMER
    return told(kind, about, **facts).model_copy(update={"language": language, "to": to})


def sentences_of(name: str) -> list[str]:
    """Every sentence that a template says by the catalogue; both forms of one that has a plural."""
    with (TEMPLATES / f"{name}.j2").open("rb") as source:
        found = babel_extract(source, DEFAULT_KEYWORDS, (), {"silent": "false"})
        spoken = [(said,) if isinstance(said, str) else said for _, _, said, _ in found]
    return [one for forms in spoken for one in forms if isinstance(one, str)]


def tree(name: str) -> nodes.Template:
    return Environment().parse((TEMPLATES / f"{name}.j2").read_text())


@pytest.mark.covers("CONF-06")
@pytest.mark.parametrize("name", [*CUSTOMERS, *FRAMES])
def test_no_word_a_customer_reads_stands_outside_the_catalogues(name: str) -> None:
    assert sentences_of(name)
    for data in tree(name).find_all(nodes.TemplateData):
        assert not re.search(r"[^\W\d]", data.data), data.data


@pytest.mark.parametrize("kind", sorted(STAFF | VENDORS))
def test_nothing_is_translated_that_no_customer_reads(kind: EffectKind) -> None:
    assert not sentences_of(kind)


@pytest.mark.parametrize("name", [*CUSTOMERS, *FRAMES])
def test_an_instant_is_never_told_but_by_the_reader_s_clock(name: str) -> None:
    """Printed, or handed to a sentence: an instant told raw would be in nobody's language."""
    of_the_sentence = {one.value for call in tree(name).find_all(nodes.Call) for one in call.kwargs}
    printed = {node for output in tree(name).find_all(nodes.Output) for node in output.nodes}
    for said in of_the_sentence | printed:
        assert not (isinstance(said, nodes.Name) and said.name.endswith(("_at", "_until", "_since")))


def english_sentences(name: str) -> Iterator[str]:
    for sentence in sentences_of(name):
        yield from (part for part in re.split(r"%\(\w+\)s", sentence) if len(part.split()) > 4)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("kind", CUSTOMERS)
def test_a_message_says_its_number_and_title_and_no_sentence_in_english(
    kind: EffectKind, language: str
) -> None:
    for facts in ({}, {"text": "Text", "due_at": AT, "by": "Ada"}, MOST):
        letters = Words().render(in_language(kind, language, **facts))
        assert letters.language == language
        assert letters.subject.startswith(f"[{NUMBER}] ")
        assert letters.subject.endswith("Outlook cannot send")
        assert NUMBER in letters.text
        assert "None" not in letters.text
        assert "\n\n\n" not in letters.text
        assert f'<html lang="{language}">' in letters.html
        assert NUMBER in Elements(letters.html).text
        for sentence in english_sentences(kind):
            assert sentence not in letters.text


@pytest.mark.parametrize(
    ("language", "when"),
    [
        ("ja", "2027年3月2日火曜日 18:00 (シドニー, UTC+11:00)"),
        ("fil", "Martes, Marso 2, 2027, 18:00 (Sydney, UTC+11:00)"),
    ],
)
@pytest.mark.covers("CONF-06")
def test_instants_are_told_in_the_readers_language_and_by_his_own_clock(language: str, when: str) -> None:
    assert (
        when in Words().render(in_language(EffectKind.ACKNOWLEDGEMENT, language, due_at=AT + 4 * HOUR)).text
    )


def test_a_language_with_a_country_is_spoken_and_one_we_do_not_know_is_english() -> None:
    assert Words().render(in_language(EffectKind.QUESTION, "ja-JP")).language == "ja"
    assert Words().render(in_language(EffectKind.QUESTION, "FIL_PH")).language == "fil"
    assert Words().render(in_language(EffectKind.QUESTION, "th")).language == "en"


@pytest.mark.parametrize("kind", [EffectKind.NEW_CASE, EffectKind.SESSION_REMINDER])
def test_our_own_people_are_told_in_english_whatever_the_customer_speaks(kind: EffectKind) -> None:
    ours = told(kind).model_copy(update={"language": "ja", "to": Recipient.ASSIGNEE})
    letters = Words().render(ours)
    assert letters.language == "en"
    assert f"sunrelay show {NUMBER}" in letters.text


@pytest.mark.parametrize("language", TRANSLATED)
def test_names_of_ours_are_said_in_the_readers_language(language: str) -> None:
    names = tomllib.loads((TEMPLATES / language / "words.toml").read_text())
    assert {reason.value for reason in CloseReason} <= set(names)
    assert set(load_policy("rhipe-csp").rules.intake.required) <= set(names)
    closed = Words().render(in_language(EffectKind.CASE_CLOSED, language, about="requested")).text
    assert names["requested"] in closed
    missing = in_language(EffectKind.INFORMATION_NEEDED, language, missing=("contact.email", "tenant_domain"))
    text = Words().render(missing).text
    assert names["contact.email"] in text
    assert names["tenant_domain"] in text
    unknown = in_language(EffectKind.CANNOT_SUPPORT, language, reason="customer_network")
    assert "customer network" in Words().render(unknown).text


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_glossary_names_no_field_that_a_request_does_not_have(language: str) -> None:
    names = tomllib.loads((TEMPLATES / language / "words.toml").read_text())
    dotted = {name.partition(".")[0] for name in names if "." in name}
    assert dotted <= set(Submit.model_fields)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_field_a_customer_may_read_has_a_name_in_their_language(language: str) -> None:
    names = tomllib.loads((TEMPLATES / language / "words.toml").read_text())
    assert {row.path for row in for_reader(Reader.CUSTOMER)} <= set(names)


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "1 日 2 時間 30 分ごと"), ("fil", "bawat 1 araw 2 oras 30 minuto")]
)
def test_an_interval_agreed_is_said_in_the_readers_language(language: str, said: str) -> None:
    agreed = in_language(EffectKind.INTERVAL_AGREED, language, about="every 1 d 2 h 30 min")
    assert said in Words().render(agreed).text


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
def test_every_reason_for_closing_is_a_sentence_of_its_own_and_no_word_of_ours(language: str) -> None:
    said = {
        reason: Words()
        .render(in_language(EffectKind.CASE_CLOSED, language, about=reason))
        .text.split("\n")[0]
        for reason in CloseReason
    }
    assert len(set(said.values())) == len(CloseReason)
    bare = Words().render(in_language(EffectKind.CASE_CLOSED, language, about="")).text.split("\n")[0]
    for reason, sentence in said.items():
        assert len(sentence) > len(bare)
        if language != "en" or "_" in reason:
            assert reason.replace("_", " ") not in sentence


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("kind", CUSTOMERS)
def test_no_role_in_english_stands_for_a_name(kind: EffectKind, language: str) -> None:
    unnamed = Words().render(in_language(kind, language, **MOST | {"by": "case manager"}))
    assert "case manager" not in unnamed.text
