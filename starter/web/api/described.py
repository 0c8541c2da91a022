"""What the description of the API says of bodies and answers, taken from our own records."""

from typing import Any

from pydantic import BaseModel, create_model

from domain.messages.base import Message
from starter.web.api.examples import example_of
from starter.web.api.problems import MEDIA_TYPE, Problem

_FAULTS = {
    400: "The call cannot be read.",
    401: "Who calls is not known.",
    403: "It is not for this caller.",
    404: "There is no such thing, or not for this caller.",
    409: "It cannot be done as things stand.",
    412: "The case has changed since it was seen.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "Fields are missing or wrong; all of them are named.",
    429: "Too many calls.",
    503: "The engine or the case store is away; try again.",
    504: "No answer in time; repeat the call with the same Idempotency-Key.",
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each thing you do, the same when you repeat it: it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
MATCH_HEADER = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The version of the case you have seen, as its ETag says it.",
    "schema": {"type": "string", "pattern": '^(\\*|"[0-9]{1,9}")$'},
}


def faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe what may go wrong, each with a problem as its body."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {status: {"description": _FAULTS[status], "content": content} for status in statuses}


READING = faults(400, 401, 403, 404, 429, 503, 504)
WRITING = faults(*_FAULTS)


_TIME_OF_DAY = {"type": "string", "pattern": r"^[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?$"}


def times_of_day(schema: Any) -> None:
    """Describe times of day as they are: by the clock of a zone; the format `time` wants an offset."""
    if isinstance(schema, dict):
        if schema.get("format") == "time":
            del schema["format"]
            schema.update(_TIME_OF_DAY)
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            times_of_day(part)


def gathered_faults(described: dict[str, Any]) -> None:
    """Say each answer that means a fault once, and point at it from every route."""
    said = described["components"].setdefault("responses", {})
    for route in described["paths"].values():
        for operation in route.values():
            for status, words in _FAULTS.items():
                if (answer := operation["responses"].get(str(status), {})).get("description") == words:
                    said[f"Fault{status}"] = answer
                    operation["responses"][str(status)] = {"$ref": f"#/components/responses/Fault{status}"}


def receipts(model: type[BaseModel], words: str) -> dict[int | str, dict[str, Any]]:
    """Describe what a verb is answered."""
    taken = {"description": "It is kept; what came of it is in the case's timeline."}
    return {**WRITING, 200: {"model": model, "description": words}, 202: taken}


def said_as(model: type[Message]) -> type[BaseModel]:
    """Return the record of a verb without what the door stamps it with."""
    fields: dict[str, Any] = {
        name: (field.rebuild_annotation(), field)
        for name, field in model.model_fields.items()
        if name not in Message.model_fields
    }
    made = create_model(model.__name__, __config__={"extra": "forbid"}, **fields)
    made.__doc__ = model.__doc__
    return made


BODIES: dict[str, type[BaseModel]] = {}
"""The records of all bodies, by the name they have in the description."""


NO_BODY: dict[str, Any] = {"parameters": [KEY_HEADER]}
"""A POST that says everything by its path."""


def body_of(model: type[Message], *, versioned: bool = False) -> dict[str, Any]:
    """Describe the body of a verb; the core reads it, and names all its faults at once.

    `versioned`: what is said is of a case that its sender has seen.
    """
    BODIES.setdefault(model.__name__, said_as(model))
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"schema": schema, "example": example_of(BODIES[model.__name__], model.__name__)}
    needs = any(field.is_required() for field in BODIES[model.__name__].model_fields.values())
    return {
        "parameters": [KEY_HEADER, *([MATCH_HEADER] if versioned else [])],
        "requestBody": {"required": needs, "content": {"application/json": content}},
    }
