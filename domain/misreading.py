"""A message of the wrong shape, told to its sender. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.decision import Refused

_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "request_id": "use 1 to 100 letters, digits or any of . _ : @ / + = -",
        "feedback_id": "use 1 to 100 letters, digits or any of . _ : @ / + = -",
        "cases": "give the ids of cases, such as case- and 20 letters and digits",
        "message_id": "give it as the mail has it, in angle brackets",
        "audience": "give mail addresses, such as kim@example.com, or addresses that begin with https://",
        "start": "give a time of day, such as 09:00",
        "end": "give a time of day, such as 17:00",
        "phone": "give a telephone number of 3 to 40 digits, such as +61 2 5550 0100",
        "phone_number": "give a telephone number of 3 to 40 digits, such as +61 2 5550 0100",
        "email": "give one mail address, such as kim@example.com",
        "webhook": "give an address that begins with https://",
        "country": "give two capital letters, such as AU",
    }
)
"""How a field is written whose shape is a pattern, by its name; patterns are for machines."""


def misread(error: ValidationError) -> Refused:
    """This will turn a message of the wrong shape into a refusal that names every field at fault."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, fault['loc'])) or 'message'}: {_in_words(fault)}" for fault in faults[:10]]
    return Refused(
        code="ValidationError",
        reason=_shown("; ".join(told)[:600]),
        remedy="correct these fields and send it again",
        missing=tuple(_shown(str(fault["loc"][0])[:60]) for fault in faults[:10] if fault["loc"]),
    )


def _in_words(fault: ErrorDetails) -> str:
    """This will say what is wrong with a field in our own words; only its shape is said by the library."""
    field = next((str(part) for part in reversed(fault["loc"]) if isinstance(part, str)), "")
    match fault["type"]:
        case "string_pattern_mismatch":
            return _SHAPES.get(field, "it is not written as it should be")
        case "missing":
            return "it is missing"
        case "extra_forbidden":
            return "there is no such field here"
    text = fault["msg"].removeprefix("Value error, ")
    for theirs in ("Input should ", "String should ", "Value should "):
        text = text.replace(theirs, "it must ")
    return text


def _shown(text: str) -> str:
    """This will leave out what cannot be printed: the names of fields are the sender's own."""
    return "".join(char if char.isprintable() else "?" for char in text)
