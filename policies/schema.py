"""The JSON Schema of a policy file, for editors that complete and check while one writes.

Part of the room of policies; it reads its own file and the models, and no policy. TOML has no null and has
durations and local times only as texts here; a file that `extends` another may leave out what it inherits.
What only the whole policy can tell, such as a new level without a rank, is told when the file is loaded.
"""

import copy
import json
from typing import Any

from pydantic import BeforeValidator

from domain.policy import SupportPolicy
from domain.policy.durations import NONE
from policies.model_fields import models
from policies.paths import KEYS

SCHEMA_FILE = "policy.schema.json"
"""The file beside us that is shipped, and the one a new policy's first line names."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DURATION = {"type": "string", "pattern": r"^(0*[1-9][0-9]*[smhd]|P.+)$"}
_TIME = {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:00(\.0+)?)?$"}
_AS_TEXT = {"duration": _DURATION, "time": _TIME}
_PART = "PartOf"
_IDENTITY = ("name", "version")

Schema = dict[str, Any]


def policy_schema() -> Schema:
    """Make the schema: every file is part of a policy, and one that extends none is a whole one."""
    whole: Schema = SupportPolicy.model_json_schema()
    definitions: Schema = whole.pop("$defs")
    for model in models():
        _allow_none(whole if model is SupportPolicy else definitions[model.__name__], model)
    definitions["Target"] |= {"minProperties": 1, "maxProperties": 1}  # one of both, as the model has it
    plain = {name: _in_toml(one) for name, one in {**definitions, "SupportPolicy": whole}.items()}
    parts = {
        f"{_PART}{name}": _as_part(name, one, plain) for name, one in plain.items() if "properties" in one
    }
    file = parts.pop(f"{_PART}SupportPolicy")
    used = json.dumps([file, *parts.values()])
    parts = {name: part for name, part in parts.items() if f'"#/$defs/{name}"' in used}
    return {
        "$schema": _DIALECT,
        "title": "A Sunrelay support policy",
        **{key: value for key, value in file.items() if key != "title"},
        "required": list(_IDENTITY),
        "if": {"not": {"required": ["extends"]}},
        "then": {"$ref": "#/$defs/SupportPolicy"},
        "$defs": dict(sorted({**plain, **parts}.items())),
    }


def schema_text() -> str:
    """Write the schema as it is shipped in `policy.schema.json`; a test holds the file to it."""
    return json.dumps(policy_schema(), indent=1, ensure_ascii=False) + "\n"


def _allow_none(schema: Schema, model: Any) -> None:
    """Let a promise be `none` where the model reads that as no commitment."""
    for name, field in model.model_fields.items():
        arms = schema["properties"][name].get("anyOf", [])
        if {"type": "null"} in arms and any(isinstance(one, BeforeValidator) for one in field.metadata):
            arms.append({"const": NONE, "description": "no commitment"})


def _in_toml(schema: Any) -> Any:
    """Take out what TOML cannot say, and say times and durations as texts."""
    if isinstance(schema, list):
        return [_in_toml(one) for one in schema if one != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") in _AS_TEXT:
        return dict(_AS_TEXT[schema["format"]])
    said = {key: _in_toml(one) for key, one in schema.items() if (key, one) != ("default", None)}
    if isinstance(said.get("title"), str):
        del said["title"]  # the key itself, spelled with capitals
    if "patternProperties" in said:
        said["additionalProperties"] = False
    arms = said.get("anyOf", [])
    return {**{k: v for k, v in said.items() if k != "anyOf"}, **arms[0]} if len(arms) == 1 else said


def _as_part(name: str, schema: Schema, definitions: Schema) -> Schema:
    """Return the same table with only so much in it as one that is laid over another needs."""
    part = copy.deepcopy(schema)
    part["required"] = [key for key in KEYS if key in part["properties"]][:1]
    if name == "SupportPolicy" or not part["required"]:
        del part["required"]
    part["properties"] = {key: _of_parts(one, definitions) for key, one in part["properties"].items()}
    return part


def _of_parts(schema: Any, definitions: Schema, *, listed: bool = False) -> Any:
    """Point a property to parts of tables; a list that is replaced keeps whole ones."""
    if isinstance(schema, list):
        return [_of_parts(one, definitions, listed=listed) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        keys = definitions[name].get("properties", {})
        merges = any(key in keys for key in KEYS) if listed else bool(keys)
        return {**schema, "$ref": f"#/$defs/{_PART}{name}"} if merges else schema
    return {key: _of_parts(one, definitions, listed=listed or key == "items") for key, one in schema.items()}
