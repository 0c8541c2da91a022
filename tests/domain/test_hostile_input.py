"""Texts and ids from outside: refused by name where they hide something, and never a reason to stumble."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.case_step import refuse_opening
from domain.messages.case import Contact, Message, Reply, Respond, Submit
from domain.misreading import misread
from domain.text import MAX_LINE_CHARS, MAX_TEXT_BYTES, Line, Text, clipped, excerpt
from domain.verbs import Verb
from tests.domain.cases import TUESDAY, opened
from tests.people import ANA, request

LINE, TEXT = TypeAdapter(Line), TypeAdapter(Text)
HIDING = ["\0", "\x07", "\x1b[31m", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\u2069"]
TO_TEXTS = [(verb, "text") for verb in (Verb.RESPOND, Verb.POST_UPDATE, Verb.REPLY, Verb.ADD_NOTE)]


@pytest.mark.parametrize("hiding", HIDING)
def test_a_character_that_hides_something_is_refused_by_its_number(hiding: str) -> None:
    for adapter in (LINE, TEXT):
        with pytest.raises(ValidationError, match=r"U\+[0-9A-F]{4} is not allowed here"):
            adapter.validate_python(f"before{hiding}after")


@pytest.mark.parametrize(
    "harmless", ["日本語", "Ünï — “quotes”", "<script>alert(1)</script>", "' OR 1=1 --", "🙂"]
)
def test_markup_quotes_and_other_scripts_are_only_text(harmless: str) -> None:
    assert LINE.validate_python(harmless) == harmless
    assert TEXT.validate_python(harmless) == harmless


def test_a_text_may_have_line_breaks_and_a_line_may_not() -> None:
    assert TEXT.validate_python("one\r\n\ttwo") == "one\r\n\ttwo"
    for value in ("one\ntwo", "one\ttwo", "one\rBcc: all@example"):
        with pytest.raises(ValidationError):
            LINE.validate_python(value)


def test_nothing_but_blanks_is_nothing() -> None:
    for adapter in (LINE, TEXT):
        with pytest.raises(ValidationError):
            adapter.validate_python(" \n ")


def test_a_text_has_at_most_8_kib_and_a_line_200_characters() -> None:
    assert len(TEXT.validate_python("x" * MAX_TEXT_BYTES)) == MAX_TEXT_BYTES
    assert len(LINE.validate_python("あ" * MAX_LINE_CHARS)) == MAX_LINE_CHARS
    for adapter, value in ((TEXT, "x" * (MAX_TEXT_BYTES + 1)), (TEXT, "あ" * 2731), (LINE, "x" * 201)):
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


@given(st.text(max_size=50), st.integers(0, 60))
def test_clipping_never_cuts_a_character_in_two_and_stays_within_its_size(text: str, size: int) -> None:
    short = clipped(text, size)
    assert len(short.encode()) <= size
    assert text.startswith(short)


def test_an_excerpt_says_that_it_was_cut() -> None:
    assert excerpt("short") == "short"
    assert excerpt("x" * 281) == "x" * 279 + "…"


@pytest.mark.parametrize(
    "contact",
    [
        {"email": "kim@partner.example\r\nBcc: all@example"},
        {"email": "kim\0@partner.example"},
        {"email": "kim\u202e@partner.example"},
        {"email": "a" * 64 + "@" + "b" * 190},
        {"email": "kim@partner.example, all@example"},
        {"email": '"kim"@partner.example'},
        {"phone": "call me"},
        {"webhook": "javascript:alert(1)"},
        {"webhook": "https://hooks.example/\u202e"},
        {"webhook": "https://hooks.example/ x"},
    ],
)
def test_an_address_that_could_become_something_else_is_refused(contact: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Contact.model_validate({"name": "Kim", **contact})


@pytest.mark.parametrize(
    "contact",
    [
        {"email": "a" * 64 + "@" + "b" * 60 + ".example"},
        {"webhook": "https://hooks.example/" + "x" * 480},
        {"email": "kim@partner.example", "webhook": "http://127.0.0.1:8080/?a=b&c=[d]#e"},
    ],
)
def test_every_address_that_is_taken_can_be_told_to(contact: dict[str, str]) -> None:
    story = opened(contact=Contact.model_validate({"name": "Kim", **contact}))
    assert [address.to for address in story.effects[0].addresses] == list(contact.values())


@pytest.mark.parametrize(
    "identity", ["<a b@x>", "<a\0@x>", "<a@x", "a@x", "<\u202e@x>", "<" + "a" * 251 + ">"]
)
def test_a_message_id_that_could_break_a_header_is_refused(identity: str) -> None:
    with pytest.raises(ValidationError):
        Reply(actor=ANA, text="x", message_id=identity)


@pytest.mark.parametrize("identity", ["", "a b", "a\nb", "x" * 101, "é", "<script>"])
def test_a_request_id_is_plain(identity: str) -> None:
    with pytest.raises(ValidationError):
        Respond(actor=ANA, text="x", request_id=identity)


@pytest.mark.parametrize(
    "instant",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00Z",
        "2027-06-15T00:00:00",
        "soon",
    ],
)
def test_an_instant_out_of_this_world_or_without_a_zone_is_a_refusal_and_no_accident(instant: str) -> None:
    text = f'{{"actor": {{"kind": "staff"}}, "text": "x", "received_at": "{instant}"}}'
    with pytest.raises(ValidationError):
        Respond.model_validate_json(text)


def test_what_has_the_wrong_shape_is_refused_with_every_field_at_fault() -> None:
    with pytest.raises(ValidationError) as caught:
        Submit.model_validate({"actor": {"kind": "robot"}, "tenant": "a\nb", "unknown": 1, "reference": ""})
    refused = misread(caught.value)
    assert refused.code == "ValidationError"
    assert set(refused.missing) == {"actor", "tenant", "reference", "unknown"}
    assert "tenant: " in refused.reason


def test_a_refusal_of_the_wrong_shape_stays_short_however_much_is_wrong() -> None:
    with pytest.raises(ValidationError) as caught:
        Submit.model_validate({"\u202e" * 500 + str(number): number for number in range(1000)})
    refused = misread(caught.value)
    assert len(refused.reason) <= 600
    assert all(len(field) <= 60 for field in refused.missing)


@pytest.mark.parametrize("verb", list(Verb))
def test_no_message_has_room_for_a_field_nobody_knows(verb: Verb) -> None:
    with pytest.raises(ValidationError) as caught:
        verb.model.model_validate({"actor": ANA, "surprise": True})
    assert "surprise" in misread(caught.value).missing


@pytest.mark.parametrize(("verb", "field"), TO_TEXTS)
def test_a_text_of_8_kib_is_taken_whole_and_kept_short(verb: Verb, field: str) -> None:
    story = opened()
    story.say("respond", TUESDAY, text="We have begun.")
    story.say(verb, TUESDAY, **{field: "あ" * 2730})
    assert len(story.entries[-1].text or "") >= 2660
    assert len(story.case.timeline[-1].text or "") <= 280


def test_hostile_names_are_data_in_effect_ids_and_nothing_else() -> None:
    story = opened(tenant="Harbour Foods", source="mail/../x", reference="' OR 1=1 -- <b>")
    assert story.case.id.removeprefix("case-").isalnum()
    assert {effect.id.split("/")[0] for effect in story.effects} == {story.case.id}


def test_a_request_that_is_all_quotes_is_measured_as_it_is_kept() -> None:
    fits, too_large = request("1", explanation='"' * 7000), request("1", explanation='"' * 8192)
    assert refuse_opening(fits) is None
    refused = refuse_opening(too_large)
    assert refused is not None
    assert refused.code == "ValidationError"


def test_messages_are_frozen() -> None:
    message: Message = Respond(actor=ANA, text="x")
    with pytest.raises(ValidationError):
        message.text = "y"  # type: ignore[attr-defined]
