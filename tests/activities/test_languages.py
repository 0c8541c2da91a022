"""Customers are told in English, Filipino and Japanese: the same facts, in their own dates and words."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from activities import wording
from activities.wording import Words
from domain.effects import Effect, EffectKind, Recipient
from domain.phase import CloseReason
from domain.request import Submit
from policies import load_policy
from tests.activities.builders import AT, HOUR, NUMBER
from tests.activities.test_wording import MOST, STAFF, Elements, told

TEMPLATES = Path(wording.__file__).parent / "templates"
VENDORS = {EffectKind.VENDOR_TICKET, EffectKind.VENDOR_FOLLOW_UP}
CUSTOMERS = [kind for kind in EffectKind if kind not in STAFF | VENDORS | {EffectKind.LINKED_CASE}]
TRANSLATED = ("fil", "ja")
FRAMES = ("_customer", "_audience")


def in_language(kind: EffectKind, language: str, about: str = "initial_response", **facts: object) -> Effect:
    to = Recipient.AUDIENCE if kind.startswith("outage_") else Recipient.CUSTOMER
    return told(kind, about, **facts).model_copy(update={"language": language, "to": to})


def tree(language: str, name: str) -> nodes.Template:
    return Environment().parse((TEMPLATES / language / f"{name}.j2").read_text())


def facts_of(language: str, name: str) -> set[str]:
    """What a template says or asks for; loop variables and attributes are not among it."""
    return {found.name for found in tree(language, name).find_all(nodes.Name) if found.ctx == "load"}


def filters_of(language: str, name: str) -> list[tuple[str, str]]:
    """Which fact goes through which filter of ours: an instant told raw would be in nobody's language."""
    ours = {"when", "said", "words"}
    pairs = [
        (str(getattr(found.node, "name", getattr(found.node, "attr", ""))), found.name)
        for found in tree(language, name).find_all(nodes.Filter)
        if found.name in ours
    ]
    return sorted(set(pairs))


def branches(language: str, name: str) -> set[str]:
    """The values of ours that a template tells apart."""
    return {
        value.value
        for compared in tree(language, name).find_all(nodes.Compare)
        for operand in compared.ops
        for value in [operand.expr]
        if isinstance(value, nodes.Const) and isinstance(value.value, str)
    }


@pytest.mark.covers("CONF-06")
@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", [*CUSTOMERS, *FRAMES])
def test_every_message_to_a_customer_is_there_in_every_language_with_the_same_facts(
    language: str, name: str
) -> None:
    assert facts_of(language, name) == facts_of("en", name)
    assert filters_of(language, name) == filters_of("en", name)
    assert branches(language, name) == branches("en", name)
    blocks = {block.name for block in tree(language, name).find_all(nodes.Block)}
    assert blocks == {block.name for block in tree("en", name).find_all(nodes.Block)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_translated_that_no_customer_reads(language: str) -> None:
    there = {file.stem for file in (TEMPLATES / language).glob("*.j2")}
    assert there == {*map(str, CUSTOMERS), *FRAMES}


def english_sentences(name: str) -> Iterator[str]:
    for data in tree("en", name).find_all(nodes.TemplateData):
        yield from (part for part in data.data.split("\n") if len(part.split()) > 4)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("kind", CUSTOMERS)
def test_a_message_says_its_number_and_title_and_no_sentence_in_english(
    kind: EffectKind, language: str
) -> None:
    for facts in ({}, {"text": "Text", "due_at": AT, "by": "Ada"}, MOST):
        wording = Words().render(in_language(kind, language, **facts))
        assert wording.language == language
        assert wording.subject.startswith(f"[{NUMBER}] ")
        assert wording.subject.endswith("Outlook cannot send")
        assert NUMBER in wording.text
        assert "None" not in wording.text
        assert "\n\n\n" not in wording.text
        assert f'<html lang="{language}">' in wording.html
        assert NUMBER in Elements(wording.html).text
        for sentence in english_sentences(kind):
            assert sentence not in wording.text


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
    wording = Words().render(ours)
    assert wording.language == "en"
    assert f"sunrelay show {NUMBER}" in wording.text


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
