"""What is told about a message of the wrong shape is for people: no pattern, no word of a library."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.actor import Verb
from domain.messages import MODELS
from domain.misreading import misread

ANA = {"kind": "staff", "name": "Ana"}
REQUEST = {"actor": ANA, "tenant": "Harbour Foods", "reference": "1"}


def told(verb: Verb, given: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as wrong:
        MODELS[verb].model_validate(given)
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
