"""A warning is told in words, and no code the domain can warn with is without them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import domain
from domain.lifecycle import intake_required
from domain.policy.levels import RatingRules
from domain.stamps import StampFault
from starter.door.warnings import MEANINGS
from tests.servers import dev_server
from tests.starter.conftest import Commands, run

__all__ = ["dev_server", "run"]


def _of_calls(tree: ast.AST) -> Iterator[str]:
    """The codes in `draft.warn("...")` and in `warnings=("...",)`, also where only one of two is given."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        is_warn = isinstance(node.func, ast.Attribute) and node.func.attr == "warn"
        given = [word.value for word in node.keywords if word.arg == "warnings"]
        for part in (*(node.args if is_warn else ()), *given):
            yield from (
                leaf.value
                for leaf in ast.walk(part)
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
            )


def test_every_code_the_domain_can_warn_with_has_its_words() -> None:
    files = Path(str(domain.__file__)).parent.rglob("*.py")
    codes = {code for file in files for code in _of_calls(ast.parse(file.read_text("utf-8")))}
    assert {"Early", "OutOfScope", "AlreadyJoined", "IntakeIncomplete"} <= codes
    doubts = set(get_args(RatingRules.model_fields["doubt"].annotation))
    # A request that is closed at once warns with what it lacks, or with who may not ask.
    at_once = {*intake_required._BY_FIELD.values(), "ValidationError", "RequesterNotEntitled"}
    by_the_door = {"CaseClosed", "CentreClosed"}  # neither case nor incident looks there; the door does
    of_stamps = set(get_args(StampFault))
    assert codes | doubts | at_once | by_the_door | of_stamps == set(MEANINGS)


def test_a_warning_is_told_in_words_and_keeps_its_code_in_json(run: Commands) -> None:
    case = run.open("warned-1")["number"]
    run.as_json("respond", case, "We are on it")
    answer = run("respond", case, "Once more")
    assert f"warning: AlreadyResponded: {MEANINGS['AlreadyResponded']}" in answer.err
    assert run.as_json("respond", case, "And again")["warnings"] == ["AlreadyResponded"]
