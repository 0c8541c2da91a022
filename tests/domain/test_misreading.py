"""What is told about a message of the wrong shape is for people: no pattern, no word of a library."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.messages.request import Submit
from domain.misreading import misread
from domain.verbs import Verb

ANA = {"kind": "staff", "name": "Ana"}
REQUEST = {"actor": ANA, "tenant": "Harbour Foods", "reference": "1"}


def told(verb: Verb, given: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as wrong:
        verb.model.model_validate(given)
    return misread(wrong.value).reason


@pytest.mark.parametrize(
    ("verb", "given", "words"),
    [
        (Verb.ADD_NOTE, {"actor": ANA, "text": "x", "request_id": "a b"}, "request_id: use 1 to 100 letters"),
        (
            Verb.SUBMIT,
            {**REQUEST, "contact": {"name": "Kim", "email": "kim"}},
            "contact.email: give one mail address",
        ),
        (Verb.SUBMIT, {**REQUEST, "country": "Australia"}, "country: give two capital letters"),
        (Verb.ADD_NOTE, {"actor": ANA}, "text: it is missing"),
        (Verb.ADD_NOTE, {"actor": ANA, "text": "x", "surprise": 1}, "surprise: there is no such field here"),
        (Verb.ADD_NOTE, {"actor": ANA, "text": "x\x00"}, "text: the character U+0000 is not allowed here"),
    ],
)
def test_a_misread_message_is_told_in_words(verb: Verb, given: dict[str, Any], words: str) -> None:
    reason = told(verb, given)
    assert reason.startswith(words)
    assert not any(theirs in reason for theirs in ("pattern", "String", "Input", "Value error"))


def test_every_field_at_fault_is_named_and_the_answer_stays_within_2_kib() -> None:
    fields = [name for name in Submit.model_fields if name not in ("actor", "tenant", "reference")][:40]
    with pytest.raises(ValidationError) as wrong:
        Submit.model_validate({**REQUEST, **{name: {"no": "such"} for name in fields}})
    refused = misread(wrong.value)
    assert set(refused.missing) == set(fields)
    assert refused.reason.endswith(" more")
    assert len(refused.model_dump_json().encode()) <= 2048


def test_an_answer_to_a_thousand_long_names_that_nobody_knows_stays_within_2_kib() -> None:
    with pytest.raises(ValidationError) as wrong:
        Submit.model_validate({"x" * 500 + str(number): number for number in range(1000)})
    refused = misread(wrong.value)
    assert len(refused.missing) >= 3
    assert len(refused.model_dump_json().encode()) <= 2048
