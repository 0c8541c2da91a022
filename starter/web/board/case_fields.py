"""What a form asks for, made from the record of a verb: a field that is added there is asked for here.

Texts and types come from the records; what may be chosen where the record takes any line is known to the
policy, the rota and the domain (`Choices`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from domain.files import FILES
from domain.messages.base import CustomerMessage, Message
from domain.messages.request import Details
from domain.said import ROWS
from domain.verbs import Verb
from starter.door.plain import words

_NOT_ASKED = frozenset(Message.model_fields) | frozenset(CustomerMessage.model_fields)
"""What the door sets itself, and whether a machine wrote it: nobody at a form is one."""

_ONE_LINE = 200
"""Characters of what has one line to be written in (`domain.text`)."""

_LABELS = {row.path: row.label for row in ROWS}


class Input(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    TICK = "tick"
    YES_NO = "yes_no"
    CHOICE = "choice"
    INSTANT = "instant"
    NUMBER = "number"


@dataclass(frozen=True)
class Field:
    """One field by its path, as in `contact.phone`; `most` is how many characters it takes, if it says so."""

    path: str
    label: str
    input: Input
    is_required: bool
    options: tuple[str, ...] = ()
    hint: str = ""
    most: int | None = None
    is_ticked: bool = False

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


_HINTS = {"duration": "such as 30m, 4h or PT30M", "date-time": "by your own clock"}


@cache
def fields_of(verb: Verb) -> tuple[Field, ...]:
    """List what a verb is said with, in the order of its record; what must be given is marked."""
    schema = verb.model.model_json_schema()
    labels: Mapping[str, str] = _LABELS if issubclass(verb.model, Details) else {}
    found = tuple(_within(schema, schema.get("$defs", {}), labels))
    return tuple(sorted(found, key=lambda field: not field.is_required))


@cache
def words_about(verb: Verb) -> tuple[str, ...]:
    """Return what the record of a verb says of itself, a paragraph each, without marks of a program."""
    told = (verb.model.__doc__ or "").replace("`", "").split("\n\n")
    return tuple(" ".join(one.split()) for one in told if one.strip())


def _within(
    schema: Mapping[str, Any], known: Mapping[str, Any], labels: Mapping[str, str], above: str = ""
) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, told in schema["properties"].items():
        path = f"{above}{name}"
        if path in _NOT_ASKED or (path in FILES and not labels):  # a file is given by a form of its own
            continue
        variants = [_looked_up(one, known) for one in told.get("anyOf", [told])]
        first, may_be_null = variants[0], any(one.get("type") == "null" for one in variants)
        if first.get("type") == "object":
            yield from _within(first, known, labels, f"{path}.")
        else:
            is_required = name in required and not above
            yield _field(path, labels.get(path), variants, told.get("default"), is_required, may_be_null)


def _looked_up(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    return known[reference.rpartition("/")[2]] if reference else schema


def _field(
    path: str,
    label: str | None,
    variants: list[Mapping[str, Any]],
    default: object,
    is_required: bool,
    may_be_null: bool,
) -> Field:
    first = variants[0]
    form = _HINTS.get(first.get("format", ""), "")
    how = _how(variants, may_be_null)
    said = label or words(path.replace(".", " "))
    return Field(
        path=path,
        label=said[0].upper() + said[1:],
        input=how,
        is_required=is_required,
        options=tuple(first.get("enum", ())),
        hint="one in a line" if how is Input.LINES else form or _bounds(first),
        most=first.get("maxLength"),
        is_ticked=default is True,
    )


def _how(variants: list[Mapping[str, Any]], may_be_null: bool) -> Input:
    first = variants[0]
    if any(one.get("type") == "array" for one in variants):
        return Input.LINES
    if first.get("type") == "boolean":
        return Input.YES_NO if may_be_null else Input.TICK
    if first.get("type") in ("integer", "number"):
        return Input.NUMBER
    if "enum" in first:
        return Input.CHOICE
    if first.get("format") == "date-time":
        return Input.INSTANT
    is_text = "minLength" in first and first.get("maxLength", _ONE_LINE + 1) > _ONE_LINE
    return Input.TEXT if is_text else Input.LINE


def _bounds(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None:
        return ""
    return f"{least} to {most}" if most is not None else f"{least} or more"
