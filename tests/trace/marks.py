"""The tests and scenarios that say what they cover, read from their source."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.scenarios.files import OURS, SHIPPED, read
from tests.scenarios.support import lacking

ROOM = Path(__file__).parents[1]


@dataclass(frozen=True)
class Covering:
    """A test or a scenario: where it is, the ids it says it covers, and its source."""

    place: str
    ids: tuple[str, ...]
    source: str
    is_test: bool = True


def of_tests(room: Path = ROOM) -> Iterator[Covering]:
    """Every test below a room that covers something, with the marks of its class and its module."""
    for path in sorted(room.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        outer = tuple(_marked(_module_marks(tree)))
        yield from _of_body(str(path.relative_to(room.parent)), tree.body, outer, text.splitlines())


def of_scenarios() -> Iterator[Covering]:
    """Every scenario that can be played; its checks are what it asserts."""
    for path in (SHIPPED, *OURS):
        bodies = {body["id"]: body for body in json.loads(path.read_text(encoding="utf-8"))["scenarios"]}
        for scenario in read(path):
            if not lacking(scenario):
                source = json.dumps([bodies[scenario.id]["steps"], bodies[scenario.id]["checks"]])
                yield Covering(f"scenario {scenario.id}", scenario.covers, source, is_test=False)


def _of_body(
    place: str, body: list[ast.stmt], outer: tuple[str, ...], lines: list[str]
) -> Iterator[Covering]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            ids = (*outer, *_marked(node.decorator_list))
            yield from _of_body(f"{place}::{node.name}", node.body, ids, lines)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            ids = (*outer, *_marked(node.decorator_list))
            if ids:
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                source = "\n".join(lines[first - 1 : node.end_lineno])
                yield Covering(f"{place}::{node.name}", ids, source)


def _module_marks(tree: ast.Module) -> list[ast.expr]:
    """What stands in `pytestmark = ...`, one mark or a list of them."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            return node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return []


def _marked(decorators: list[ast.expr]) -> Iterator[str]:
    """The ids in `pytest.mark.covers(...)`, also within the marks of one parameter set."""
    for decorator in decorators:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "covers":
                yield from (str(arg.value) for arg in node.args if isinstance(arg, ast.Constant))
