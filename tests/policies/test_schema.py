"""The JSON Schema that editors read: it is current, it takes what loads, it marks the commonest slips."""

import json
import tomllib
from datetime import time
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policies import load_policy, policy_names
from policies.beginning import new_policy
from policies.schema import SCHEMA_FILE, policy_schema, schema_text

SCHEMA = policy_schema()
EXTENDING = {"name": "own", "version": "1", "extends": "rhipe-csp"}


def plain(value: Any) -> Any:
    """A TOML document as editors hand it to the schema: local times are texts."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, time) else value


def preset(name: str) -> dict[str, Any]:
    document: dict[str, Any] = plain(
        tomllib.loads(files("policies").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    )
    return document


def errors_of(document: dict[str, Any]) -> list[str]:
    found = Draft202012Validator(SCHEMA).iter_errors(document)
    return sorted(".".join(map(str, error.absolute_path)) for error in found)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_schema_is_current() -> None:
    """Made by: sunrelay policy schema --out policies/policy.schema.json."""
    shipped = files("policies").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    assert shipped == schema_text()
    assert json.loads(shipped) == SCHEMA


@pytest.mark.parametrize("name", policy_names())
def test_every_preset_fits_the_schema(name: str) -> None:
    assert errors_of(preset(name)) == []


@pytest.mark.parametrize("name", policy_names())
def test_a_new_file_fits_the_schema_its_first_line_names(name: str) -> None:
    text = new_policy("gold", load_policy(name))
    assert text.splitlines()[0] == f"#:schema {SCHEMA_FILE}"
    assert errors_of(plain(tomllib.loads(text))) == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"title": "Own", "rules": {"closing": {"survey": False}}},
        {"rules": {"levels": [{"id": "P1", "initial_response": {"within": "90s"}, "update_every": "none"}]}},
        {"rules": {"levels": [{"id": "P1", "initial_response": "none"}]}},
        {"rules": {"scope": {"rules": [{"name": "dns", "explanation": "Ask your host."}]}}},
        {"plans": {"saas-12x5": {"hours": {"sat": [{"opens": "08:00:00", "closes": "24:00"}]}}}},
        {"regions": {"sydney": {"countries": ["AU", "NZ"]}}},
        {"sources": {"rules.levels": "own", "rules.closing": "stated contract"}},
    ],
)
def test_a_file_that_extends_needs_only_what_it_changes(change: dict[str, Any]) -> None:
    assert errors_of({**EXTENDING, **change}) == []


@pytest.mark.parametrize("key", ["name", "version"])
def test_name_and_version_are_always_needed(key: str) -> None:
    assert errors_of({name: value for name, value in EXTENDING.items() if name != key}) == [""]


def test_without_a_parent_a_policy_must_be_whole() -> None:
    whole = preset("rhipe-csp")
    del whole["rules"]["closing"]["survey"]
    del whole["regions"]["manila"]["zone"]
    assert errors_of(whole) == ["regions.manila", "rules.closing"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"titel": "Own"}, ""),
        ({"rules": {"closing": {"survay": True}}}, "rules.closing"),
        ({"rules": {"levels": [{"initial_response": "none"}]}}, "rules.levels.0"),
        ({"rules": {"levels": [{"id": "P1", "update_every": "soon"}]}}, "rules.levels.0.update_every"),
        ({"rules": {"levels": [{"id": "P1", "update_every": "0m"}]}}, "rules.levels.0.update_every"),
        ({"rules": {"intake": {"triage_within": "none"}}}, "rules.intake.triage_within"),
        (
            {"rules": {"levels": [{"id": "P1", "initial_response": {"within": "1h", "business_days": 1}}]}},
            "rules.levels.0.initial_response",
        ),
        ({"rules": {"matrix": [{"impact": "high", "level": "P1"}]}}, "rules.matrix.0"),
        ({"rules": {"closing": {"confirmation": "maybe"}}}, "rules.closing.confirmation"),
        ({"plans": {"late night": {}}}, "plans"),
        (
            {"plans": {"p": {"hours": {"mon": [{"opens": "8", "closes": "18:00:00"}]}}}},
            "plans.p.hours.mon.0.opens",
        ),
        ({"plans": {"p": {"hours": {"monday": []}}}}, "plans.p.hours"),
        ({"sources": {"rules": "guessed"}}, "sources.rules"),
    ],
)
def test_a_slip_is_marked_where_it_is(change: dict[str, Any], place: str) -> None:
    assert errors_of({**EXTENDING, **change}) == [place]
