"""A policy with some of its values varied: `rules.levels.P2.update_every=4h`, to be tried and never signed.

Part of the room of policies; it reads the library and writes no file. A value is written as in a policy's
file; a word that is none there, such as `4h` or `none`, may go without its quotes.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, time
from typing import NoReturn

from domain.policy import SupportPolicy
from policies.errors import PolicyInvalid, did_you_mean
from policies.extending import lay_over
from policies.library import find_policy
from policies.loading import parse_policy, read_file
from policies.model_fields import known_keys
from policies.paths import KEYS, Path, Table, part_name, spelled

_PARTS = re.compile(r'(?:"([^"]*)"|([^".=\s]+))(?:\.|\Z)')
_SHORT = ("rules",)
"""`levels.P2...` may stand for `rules.levels.P2...`."""

_IDENTITY = ("name", "version", "extends", "sources")
_LINE = re.compile(r" \(line \d+\)")


class VariationInvalid(Exception):
    """A value cannot be varied so; the message names the path and says what is possible there."""

    code = "PolicyInvalid"


@dataclass(frozen=True)
class Change:
    """One value to be varied: its path as it was typed, and the value as TOML reads it."""

    typed: str
    value: object
    written: str

    def __str__(self) -> str:
        return f"{self.typed}={self.written}"


@dataclass(frozen=True)
class Varied:
    """A varied policy, the text of a file that says it, and its changes with their whole paths."""

    policy: SupportPolicy
    text: str
    changes: tuple[str, ...]


def read_change(text: str) -> Change:
    """Read `path=value`. Raises: VariationInvalid."""
    path, sign, value = text.partition("=")
    if not sign or not path.strip() or not value.strip():
        raise VariationInvalid(f"{text!r}: write path=value, such as rules.levels.P2.update_every=4h")
    return Change(path.strip(), toml_value(value.strip()), value.strip())


def toml_value(text: str) -> object:
    """Read a value as a policy's file would; what TOML does not know is a text."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return read["value"] if read.keys() == {"value"} else text


def varied(reference: str, changes: Iterable[Change], name: str) -> Varied:
    """Vary a policy of the library and call the result `name`.

    Raises: VariationInvalid with all that is wrong; PolicyUnknown, PolicyInvalid for the policy itself.
    """
    read = read_file(find_policy(reference))
    label = f"{read.policy.name}@{read.policy.version}"
    document, told, faults = deepcopy(read.document), list[str](), list[str]()
    for change in changes:
        try:
            path = _placed(document, change.typed)
        except VariationInvalid as fault:
            faults.append(str(fault))
            continue
        overlay = _overlay(document, path, change.value)
        document = lay_over(document, {**_identity(read.policy, name), **overlay}, label)[0]
        told.append(f"{spelled(path)}={change.written}")
    if faults:
        raise VariationInvalid("; ".join(faults))
    text = written({**document, **_identity(read.policy, name)})
    try:
        return Varied(parse_policy(text, label), text, tuple(told))
    except PolicyInvalid as invalid:
        wrong = "; ".join(_LINE.sub("", error) for error in invalid.errors)
        raise VariationInvalid(f"{', '.join(told)} makes no policy: {wrong}") from invalid


def value_at(reference: str, typed: str) -> tuple[str, object]:
    """Return the whole path of a value and what it is in the policy's document, None where it says nothing.

    Raises: VariationInvalid; PolicyUnknown; PolicyInvalid.
    """
    document = read_file(find_policy(reference)).document
    path = _placed(document, typed)
    node: object = document
    for step in path:
        node = _inside(node, step)
    return spelled(path), node


def written(document: Mapping[str, object]) -> str:
    """Write a document as TOML, a line for each of its keys."""
    return "".join(f"{json.dumps(key)} = {_written(value)}\n" for key, value in document.items())


def _written(value: object) -> str:
    match value:
        case bool() | str() | int():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case float():
            return repr(value)
        case time() | date():
            return value.isoformat()
        case dict():
            return f"{{ {', '.join(f'{json.dumps(key)} = {_written(one)}' for key, one in value.items())} }}"
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}")


def _identity(policy: SupportPolicy, name: str) -> Table:
    return {"name": name, "version": policy.version}


def _placed(document: Table, typed: str) -> Path:
    """Find the place that is meant, and see that a policy has it. Raises: VariationInvalid."""
    path = _parted(typed)
    if path[0] not in document and path[0] not in known_keys(()) and path[0] in known_keys(_SHORT):
        path = (*_SHORT, *path)
    levels = _names(_inside(_inside(document, "rules"), "levels"))
    node: object = document
    within: object = None
    for count, step in enumerate(path):
        before = path[:count]
        possible = _possible(node, before, levels)
        if step not in possible:
            _refuse(typed, step, before, possible)
        within, node = node, _inside(node, step)
    if isinstance(within, list):
        _refuse(typed, "", path, _possible(node, path, levels))
    return path


def _parted(typed: str) -> Path:
    parts, at = list[str](), 0
    while at < len(typed) and (found := _PARTS.match(typed, at)):
        parts.append(found[1] if found[1] is not None else found[2])
        at = found.end()
    if not parts or at < len(typed) or typed.endswith("."):
        raise VariationInvalid(
            f"{typed!r} is no path; write it with dots, such as rules.levels.P2.update_every"
        )
    return tuple(parts)


def _possible(node: object, at: Path, levels: tuple[str, ...]) -> tuple[str, ...]:
    """Name what a place can hold: the parts of a list that have names, the keys of a table."""
    if isinstance(node, list):
        return _names(node)
    own = (
        {_key_of(node)} if at[:-1] and isinstance(node, dict) and at[-1] == node.get(_key_of(node)) else set()
    )
    fixed = own if at else set(_IDENTITY)
    there = tuple(node) if isinstance(node, dict) else ()
    if at[-1:] == ("targets",):
        return levels
    return tuple(key for key in dict.fromkeys((*known_keys(at), *there)) if key not in fixed)


def _names(parts: object) -> tuple[str, ...]:
    listed = parts if isinstance(parts, list) else []
    return tuple(part_name(part, place) for place, part in enumerate(listed) if _key_of(part))


def _key_of(part: object) -> str:
    """Return by which key a part of a list is called; nothing where it has no name."""
    return next((key for key in KEYS if isinstance(part, dict) and isinstance(part.get(key), str)), "")


def _inside(node: object, step: str) -> object:
    if isinstance(node, list):
        return next((one for place, one in enumerate(node) if part_name(one, place) == step), None)
    return node.get(step) if isinstance(node, dict) else None


def _refuse(typed: str, step: str, at: Path, possible: Sequence[str]) -> NoReturn:
    where = spelled(at) if at else "a policy"
    if not possible:
        raise VariationInvalid(f"{typed}: {where} is a value of its own, and is given whole")
    if not step:
        raise VariationInvalid(f"{typed}: name a value in it, one of {', '.join(possible)}")
    near = did_you_mean(step, possible)
    hint = f" ({near})" if near else ""
    raise VariationInvalid(f"{typed}: {where} has no {step}{hint}; possible are {', '.join(possible)}")


def _overlay(node: object, path: Path, value: object) -> Table:
    """Write what lays one value over a document."""
    step, rest = path[0], path[1:]
    inside = _inside(node, step)
    if not rest:
        return {step: value}
    if isinstance(inside, list):
        part = _inside(inside, rest[0])
        return {step: [{_key_of(part): rest[0], **_overlay(part, rest[1:], value)}]}
    return {step: _overlay(inside, rest, value)}
