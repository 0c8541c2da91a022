"""`python -m bench WHAT`: measures one thing, such as `lifecycle`, and prints what it found."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


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
    """Sends what the engine's library writes of its own accord to stderr: stdout is for the result."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _measure(what: str, rounds: int, children: int) -> dict[str, Any]:
    if what == "lifecycle":
        from bench.lifecycle import lifecycle

        return asyncio.run(lifecycle(rounds))
    if what == "presets":
        from bench.presets import presets

        return asyncio.run(presets())
    if what == "escalation":
        from bench.escalation import escalation

        return asyncio.run(escalation())
    if what == "handoff":
        from bench.handoff import handoff

        return asyncio.run(handoff())
    if what == "incident":
        from bench.incident import incident

        return asyncio.run(incident(children))
    if what == "shift_end":
        from bench.shift_end import shift_end

        return asyncio.run(shift_end())
    if what == "terms":
        from bench.terms import terms

        return asyncio.run(terms())
    from bench.step import step

    return step()


def main() -> int:
    """Runs one measurement and prints it; says nothing of whether it is good."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument(
        "what",
        choices=["escalation", "handoff", "incident", "lifecycle", "presets", "shift_end", "step", "terms"],
    )
    parser.add_argument("-o", "--output", choices=["text", "json"], default="text")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of product and floor")
    parser.add_argument("--children", type=int, default=500, help="cases of the major incident")
    options = parser.parse_args()
    with _stdout_kept_clean():
        result = _measure(options.what, options.rounds, options.children)
    print(json.dumps(result, indent=1) if options.output == "json" else _text(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
