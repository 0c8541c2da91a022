"""A worked example of each route: the call to type, made from what the description says of it."""

import json
import shlex
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Path

WhichCase = Annotated[
    str, Path(description="Its number `SR-XXXX-XXXX-X`, or its id.", examples=["SR-G9VF-KNNH-G"])
]
"""Which case is meant."""

WhichIncident = Annotated[
    str, Path(description="Its number `MI-XXXX-XXXX-X`, its id or its reference.", examples=["MI-MAIL-1"])
]
"""Which major incident is meant."""


def worked(described: Mapping[str, Any], prefix: str) -> None:
    """Put into each route the line of curl that calls it, with $API and $KEY for where and who."""
    for path, route in described["paths"].items():
        for method, operation in route.items():
            source = _curl(path.removeprefix(prefix), method, operation)
            operation["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": source}]


def _curl(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parameters = operation.get("parameters", ())
    for one in parameters:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(str(_shown(one)), safe=""))
    needed = {one["name"]: _shown(one) for one in parameters if one["in"] == "query" and one["required"]}
    line = f'curl -s "$API{path}{"?" if needed else ""}{urlencode(needed)}" -H "Authorization: Bearer $KEY"'
    if method == "get":
        return line
    line += ' -X POST -H "Idempotency-Key: try-1"'
    bodies = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in bodies:
        return f"{line} -F files=@trace.log"
    content = bodies.get("application/json")
    if content is None:
        return line
    body = shlex.quote(json.dumps(content["example"]))
    return f'{line} -H "Content-Type: application/json" -d {body}'


def _shown(parameter: Mapping[str, Any]) -> object:
    """Return the value a parameter is shown with; of a list of words the first one."""
    schema = parameter["schema"]
    return next(iter(schema.get("examples") or schema.get("enum") or ()), parameter["name"])
