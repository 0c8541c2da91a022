"""What is wrong with a policy, told so that its writer finds it: path, fault, remedy, line.

Part of the room of policies; it reads no file. A policy with an error is refused whole, with every error at
once, for a half-understood promise is worse than none.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pydantic import ValidationError

from policies.lines import LineNumbers
from policies.model_fields import known_keys
from policies.paths import Path, Table, named, spelled

Fault = tuple[Path, str]
"""A place and what is wrong there."""

_PLACE_FIRST = re.compile(r"([a-z_]+(?:\.[\w+-]+)*): (.+)", re.DOTALL)
_IN_OUR_WORDS = {
    "missing": "missing",
    "model_type": "give a table",
    "target": 'give { within = "4h" } or { business_days = 1 }, or "none"',
    "dict_type": "give a table",
    "tuple_type": "give a list",
    "string_type": "give a text in quotes",
}


class PolicyInvalid(Exception):
    """A policy has errors; the message names its file and the path of each wrong field (RHIPE-21)."""

    code = "PolicyInvalid"

    def __init__(self, origin: str, errors: Sequence[str]) -> None:
        super().__init__(f"{origin}: {'; '.join(errors)}")
        self.origin = origin
        self.errors = tuple(errors)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Offer the known word that is nearest to a wrong one, or say nothing."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"did you mean {near[0]}?" if near else ""


def faults_in(error: ValidationError, document: Table) -> list[Fault]:
    """Name the place of each error a model found; two tries at one value are one fault."""
    faults: dict[Path, list[str]] = {}
    for one in error.errors(include_url=False, include_input=False):
        kind = "target" if one.get("ctx", {}).get("class_name") == "Target" else one["type"]
        path, fault = _fault(one["loc"], kind, one["msg"], document)
        faults.setdefault(path, []).append(fault)
    return [(path, ", or ".join(dict.fromkeys(said))) for path, said in faults.items()]


def _fault(loc: tuple[str | int, ...], kind: str, message: str, document: Table) -> Fault:
    path = named(loc, document)
    if kind == "extra_forbidden":
        known = known_keys(loc[:-1])
        return path, f"unknown key; {did_you_mean(path[-1], known) or f'known are {_listed(known)}'}"
    if kind == "value_error":
        return placed(path, message.removeprefix("Value error, "), known_keys(loc))
    return path, _IN_OUR_WORDS.get(kind) or message.replace("Input should", "it should")


def placed(path: Path, message: str, known: Sequence[str]) -> Fault:
    """Move a place that a model's message begins with, such as `refer_to: ...`, to the path."""
    found = _PLACE_FIRST.fullmatch(message)
    if found is None or found[1].split(".")[0] not in known:
        return path, message
    return (*path, *found[1].split(".")), found[2]


def told(faults: Iterable[Fault], text: str, document: Table) -> list[str]:
    """Write each fault as `path: what is wrong (line 12)`, without the line where it is unknown."""
    lines = LineNumbers(text, document)
    said = []
    for path, fault in faults:
        line = lines.at(path)
        said.append(f"{spelled(path)}: {fault}{f' (line {line})' if line else ''}")
    return list(dict.fromkeys(said))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words) or "none"
