"""The policy of one scenario: the preset with the file's regions in it, and the overrides laid over it."""

from typing import Any

from pydantic import ValidationError

from domain.policy import SupportPolicy
from policies import load_policy
from tests.scenarios.files import Json, Scenario

_SECTIONS = ("", "rules", "rules.intake", "rules.informing", "rules.closing")
"""Where a path may begin: at the policy itself, or below what it calls its rules."""

_TARGET = "initial_response"


class CannotLay(Exception):
    """An override has no place in the policy, or a value it cannot have."""


def policy_of(scenario: Scenario) -> SupportPolicy:
    """The policy a scenario is played under. Raises: CannotLay."""
    preset = load_policy(scenario.policy)
    document = preset.model_dump(mode="json")
    document["regions"] |= {
        region["name"]: {key: value for key, value in region.items() if key != "name"}
        for region in scenario.regions
    }
    for path, value in scenario.overrides.items():
        _lay(document, path, value)
    try:
        return SupportPolicy.model_validate(document)
    except ValidationError as error:
        raise CannotLay(f"overrides: {error.errors()[0]['msg']}") from error


def _lay(document: Json, path: str, value: Any) -> None:
    keys = path.split(".")
    joined = [*keys[:-2], "_".join(keys[-2:])]  # the catalogue's languages.mode is our languages_mode
    for section in _SECTIONS:
        for tail in (keys, joined):
            if _lay_at(document, [*filter(None, section.split(".")), *tail], value):
                return
    raise CannotLay(f"override {path}")


def _lay_at(node: Any, path: list[str], value: Any) -> bool:
    """Whether the path led to something that is there, which then has the value."""
    *inner, last = path
    if inner and inner[-1] == _TARGET:
        # A target is either hours or business days: what is given takes the place of the other.
        return _lay_at(node, inner, {last: value})
    for key in inner:
        node = _part(node, key)
    if not isinstance(node, dict) or last not in node:
        return False
    node[last] = {"within": value} if last == _TARGET and isinstance(value, str) else value
    return True


def _part(node: Any, key: str) -> Any:
    """What lies under a key: of an object by its name, of a list by the id of its parts."""
    if isinstance(node, dict):
        return node.get(key)
    if isinstance(node, list):
        return next((part for part in node if isinstance(part, dict) and part.get("id") == key), None)
    return None
