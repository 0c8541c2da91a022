"""Durable code and the rules it asks use no clock, chance, file or environment of their own.

The sandbox of the SDK finds that while a case runs, in the tests; a worker does without it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for room in ("workflows", "domain") for path in sorted((ROOT / room).rglob("*.py"))]

FORBIDDEN_MODULES = {
    "glob",
    "io",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "signal",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "zoneinfo",
}
FORBIDDEN_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid1",
    "uuid4",
    "open",
    "input",
    "print",
    "eval",
    "exec",
    "asyncio.sleep",
    "asyncio.run",
    "asyncio.to_thread",
    "asyncio.wait",
    "asyncio.as_completed",
    "id",
}
"""`asyncio.wait` and `as_completed` go through a set, in the order of addresses in memory; so does `id`."""

ALLOWED = {("workflows/lane.py", "id")}
"""Compared within one step, and never an order."""


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(owner, name):
            return f"{_name(owner)}.{name}"
    return ""


def faults(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (one.name for one in names if one.name in FORBIDDEN_MODULES)
            case ast.ImportFrom(module=str(module)) if module in FORBIDDEN_MODULES:
                yield module
            case ast.Call(func) if _name(func) in FORBIDDEN_CALLS:
                yield _name(func)


def test_durable_code_and_rules_take_nothing_from_outside() -> None:
    found = {
        (str(path.relative_to(ROOT)), fault)
        for path in FILES
        for fault in faults(ast.parse(path.read_text()))
    }
    assert found == ALLOWED


@pytest.mark.parametrize(
    "line", ["import random", "from time import monotonic", "datetime.now(UTC)", "open('x')", "uuid.uuid4()"]
)
def test_what_is_forbidden_is_found(line: str) -> None:
    assert list(faults(ast.parse(line)))
