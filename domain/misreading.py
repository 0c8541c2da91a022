"""A message of the wrong shape, told to its sender."""

from collections.abc import Collection, Mapping
from itertools import accumulate, islice
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.decision import Refused
from domain.text import excerpt

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

_MOST = 50
"""So many faults are named at once (ours): all there are, in what a person sends."""
_CHARS = 600
"""So many characters say what is wrong with them (ours), and then how many more there are: an answer is at
most 2 KiB.
"""
_NAMES = 1200
"""So many characters name the fields (ours): each of those there are, for a request has no longer names."""


def misread(error: ValidationError) -> Refused:
    """Turn a message of the wrong shape into a refusal that names every field at fault."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    fields = dict.fromkeys(_shown(str(fault["loc"][0])[:60]) for fault in faults[:_MOST] if fault["loc"])
    return Refused(
        code="ValidationError",
        reason=_in_a_line([_told(fault) for fault in faults]),
        remedy="correct these fields and send it again",
        missing=_as_many_as_fit(_NAMES, fields),
    )


def _told(fault: ErrorDetails) -> str:
    where = ".".join(map(str, fault["loc"])) or "message"
    return _shown(excerpt(f"{where}: {_in_words(fault)}", _CHARS // 2))


def _in_a_line(told: list[str]) -> str:
    """Say as many faults as there is room for, each whole, and how many more there are."""
    line = "; ".join(told)
    if len(line) <= _CHARS:
        return line
    said = _as_many_as_fit(_CHARS - len("; and 00000 more"), told, len("; "))
    return f"{'; '.join(said)}; and {len(told) - len(said)} more"


def _as_many_as_fit(room: int, texts: Collection[str], between: int = 0) -> tuple[str, ...]:
    """Return the first of these texts, as many as have `room` characters together."""
    ends = accumulate(texts, lambda end, text: end + len(text) + between, initial=0)
    return tuple(text for text, end in zip(texts, islice(ends, 1, None), strict=True) if end <= room)


def _in_words(fault: ErrorDetails) -> str:
    """Say what is wrong with a field in our own words; only its shape is said by the library."""
    field = next((str(part) for part in reversed(fault["loc"]) if isinstance(part, str)), "")
    match fault["type"]:
        case "string_pattern_mismatch":
            return _SHAPES.get(field, "it is not in the right form")
        case "missing":
            return "it is missing"
        case "extra_forbidden":
            return "there is no such field here"
    text = fault["msg"].removeprefix("Value error, ")
    for theirs in ("Input should ", "String should ", "Value should "):
        text = text.replace(theirs, "it must ")
    return text


def _shown(text: str) -> str:
    """Leave out what cannot be printed: the names of fields are the sender's own."""
    return "".join(char if char.isprintable() else "?" for char in text)
