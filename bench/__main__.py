"""`python -m bench WHAT`: measures one thing, such as `lifecycle`, and prints what it found."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.compare import NotComparable, compare
from bench.stamp import load, stamp


def _text(result: dict[str, Any], indent: str = "") -> str:
    lines = []
    for key, value in result.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}", _text(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key:24} {value}")
    return "\n".join(lines)


@contextmanager
def _stdout_kept_clean() -> Iterator[None]:
    """Send what the engine's library writes of its own accord to stderr: stdout is for the result."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


_GIVEN: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "away": lambda options: {"updates": options.updates},
    "escalation": lambda _: {},
    "handoff": lambda _: {},
    "incident": lambda options: {"children": options.children},
    "lifecycle": lambda options: {"rounds": options.rounds},
    "presets": lambda _: {},
    "real": lambda options: {
        "quick": options.quick,
        "address": options.address,
        "bare_is_sandboxed": not options.bare_unsandboxed,
    },
    "shift_end": lambda options: {"cases": options.cases, "closed": options.closed},
    "step": lambda _: {},
    "terms": lambda _: {},
    "web": lambda options: {
        "rounds": options.rounds,
        "short": options.short,
        "only": [one for one in ("board", "statistics", "portal") if getattr(options, one)],
    },
}
"""What can be measured, each by the function of its name in the module of its name, and what it is given."""


_ALL = [what for what in _GIVEN if what not in ("away", "web")]
"""Both of those are long, and asked for by name."""


def _measure(what: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure one thing; the others are not loaded."""
    before = load()
    found = getattr(import_module(f"bench.{what}"), what)(**_GIVEN[what](options))
    result: dict[str, Any] = asyncio.run(found) if asyncio.iscoroutine(found) else found
    return result | {"stamp": stamp(before)}


def _measure_all(options: argparse.Namespace) -> dict[str, Any]:
    """Measure one thing after the other, each in a process of its own: none inherits what another left."""
    results: dict[str, Any] = {}
    for what in _ALL:
        sys.stderr.write(f"{what} ...\n")
        command = [sys.executable, "-m", "bench", what, "-o", "json", *(["--quick"] if options.quick else [])]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{what} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        results[what] = json.loads(done.stdout)
    return {"bench": "all", "results": results, "stamp": stamp(load())}


def _compared(options: argparse.Namespace) -> dict[str, Any]:
    if len(options.files) != 2:
        raise SystemExit("compare wants two files: python -m bench compare BEFORE.json AFTER.json")
    try:
        return compare(*options.files)
    except NotComparable as error:
        raise SystemExit(str(error)) from None


def main() -> int:
    """Run one measurement and prints it; says nothing of whether it is good."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("what", choices=[*_GIVEN, "all", "compare"])
    parser.add_argument("files", nargs="*", type=Path, help="two results to compare")
    parser.add_argument("-o", "--output", choices=["text", "json"], default="text")
    parser.add_argument(
        "--rounds", type=int, default=3, help="pairs of product and floor, or of API and raw client"
    )
    parser.add_argument("--children", type=int, default=500, help="cases of the major incident")
    parser.add_argument("--updates", type=int, default=360, help="updates written while mail is away")
    parser.add_argument("--cases", type=int, default=1000, help="cases at the end of the shift")
    parser.add_argument("--closed", action="store_true", help="the centre is closed by hand in mid-shift")
    parser.add_argument("--quick", action="store_true", help="at most two minutes of `real`")
    parser.add_argument("--address", help="measure the server at this address, host:port (`real`)")
    parser.add_argument(
        "--bare-unsandboxed", action="store_true", help="the bare engine without the SDK's sandbox (`real`)"
    )
    parser.add_argument("--short", action="store_true", help="fewer calls and cases, for a first look")
    parser.add_argument("--statistics", action="store_true", help="the statistics of many cases alone")
    parser.add_argument("--board", action="store_true", help="the board alone, without the API")
    parser.add_argument("--portal", action="store_true", help="the portal of customers alone")
    options = parser.parse_args()
    if options.what != "compare" and options.files:
        parser.error("files are for compare")
    with _stdout_kept_clean():
        if options.what == "compare":
            result = _compared(options)
        elif options.what == "all":
            result = _measure_all(options)
        else:
            result = _measure(options.what, options)
    print(json.dumps(result, indent=1) if options.output == "json" else _text(result))
    return 1 if result.get("worse") else 0


if __name__ == "__main__":
    sys.exit(main())
